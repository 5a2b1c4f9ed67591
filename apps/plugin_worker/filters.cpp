#include "filters.hpp"

#include "plugin_abi/protocol.hpp"

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <linux/seccomp.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace caveat::worker {

namespace {

/// Calls that read or change nothing but the process's own memory, its own descriptors (eventfds, a socket that the
/// host does not read, /dev/null) and its own time.
constexpr int kHarmless[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(fstat),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(membarrier),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage),
    SCMP_SYS(times),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

class Rules {
 public:
  explicit Rules(std::uint32_t otherwise) : context_(seccomp_init(otherwise), &seccomp_release) {
    ok_ = context_ != nullptr && seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
  }

  Rules& on(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> when = {}) {
    ok_ = ok_ && seccomp_rule_add_array(context_.get(), action, call, static_cast<unsigned>(when.size()),
                                        std::data(when)) == 0;
    return *this;
  }

  Program program() const {
    if (!ok_) return {};
    const int file = memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) return {};
    Program out;
    if (seccomp_export_bpf(context_.get(), file) == 0) {
      const off_t bytes = lseek(file, 0, SEEK_END);
      out.resize(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
      if (pread(file, out.data(), static_cast<std::size_t>(bytes), 0) != bytes) out.clear();
    }
    ::close(file);
    return out;
  }

 private:
  std::unique_ptr<void, decltype(&seccomp_release)> context_;
  bool ok_ = false;
};

constexpr scmp_arg_cmp equal(unsigned arg, scmp_datum_t value) { return {arg, SCMP_CMP_EQ, value, 0}; }
constexpr scmp_arg_cmp bits(unsigned arg, scmp_datum_t mask, scmp_datum_t value) {
  return {arg, SCMP_CMP_MASKED_EQ, mask, value};
}

constexpr scmp_datum_t kWriteExec = PROT_WRITE | PROT_EXEC;

}  // namespace

Program loading_program() {
  Rules rules(SCMP_ACT_TRAP);
  for (const int call : kHarmless) rules.on(SCMP_ACT_ALLOW, call);
  const auto self = static_cast<scmp_datum_t>(getpid());
  rules
      // Memory is writable or executable, never both, and what is executable comes from the library's own bytes.
      .on(SCMP_ACT_ALLOW, SCMP_SYS(mmap), {bits(2, PROT_EXEC, 0)})
      .on(SCMP_ACT_ALLOW, SCMP_SYS(mmap), {bits(2, kWriteExec, PROT_EXEC), bits(3, MAP_ANONYMOUS, 0)})
      .on(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {bits(2, PROT_EXEC, 0)})
      .on(SCMP_ACT_ALLOW, SCMP_SYS(close))         // but see keeping_program()
      .on(SCMP_ACT_ALLOW, SCMP_SYS(rt_sigaction))  // but see keeping_program()
      // abort(); and nobody but itself.
      .on(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), {equal(0, self)})
      .on(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), {equal(0, 0), equal(2, 0)})
      .on(SCMP_ACT_ALLOW, SCMP_SYS(seccomp), {equal(0, SECCOMP_SET_MODE_FILTER)})
      // The C library then falls back to clone(), which traps by its name.
      .on(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  return rules.program();
}

Program keeping_program() {
  constexpr scmp_datum_t kInt = 0xffffffff;  // the kernel looks at no more of these arguments, and neither may a rule
  Rules rules(SCMP_ACT_ALLOW);
  rules
      // The socket stays open, because its end is this process's end.
      .on(SCMP_ACT_TRAP, SCMP_SYS(close), {bits(0, kInt, wire::kSocket)})
      // The trap that names a refused call stays in place.
      .on(SCMP_ACT_TRAP, SCMP_SYS(rt_sigaction), {bits(0, kInt, SIGSYS)});
  return rules.program();
}

Program running_program() {
  Rules rules(SCMP_ACT_ALLOW);
  rules.on(SCMP_ACT_TRAP, SCMP_SYS(mmap), {bits(2, PROT_EXEC, PROT_EXEC)}).on(SCMP_ACT_TRAP, SCMP_SYS(seccomp));
  return rules.program();
}

bool install(const Program& program) {
  if (program.empty()) return false;
  const sock_fprog raw = {static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &raw) == 0;
}

}  // namespace caveat::worker
