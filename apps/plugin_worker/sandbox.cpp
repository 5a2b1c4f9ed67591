#include "sandbox.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <utility>

namespace caveat::worker {

namespace {

// Under sanitizers the run time maps terabytes of shadow memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// The user who owns nothing; Debian's and the kernel's own.
constexpr uid_t kNobody = 65534;

bool set_limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  const rlimit limit = {soft, hard};
  return setrlimit(resource, &limit) == 0;
}

/// All descriptors but the socket and the three before it.
void close_others() {
  if (close_range(wire::kSocket + 1, ~0u, 0) == 0) return;
  rlimit limit{};  // a kernel or a container without that call
  const bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
  constexpr rlim_t kMost = 1 << 20;
  const int end = static_cast<int>(known ? std::min(limit.rlim_cur, kMost) : kMost);
  for (int fd = wire::kSocket + 1; fd < end; ++fd) ::close(fd);
}

/// Where memory runs out, this process is to go before the host.
void offer_to_be_killed() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  static_cast<void>(!write(file, "1000", 4));
  ::close(file);
}

bool become_nobody() {
  if (geteuid() != 0) return false;
  return setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
         setresuid(kNobody, kNobody, kNobody) == 0;
}

// ---- Landlock, by system call: Debian's headers are older than kernels that people run

struct RulesetAttributes {
  std::uint64_t handled_access_fs, handled_access_net, scoped;
};

constexpr long kLandlockCreateRuleset = 444;
constexpr long kLandlockRestrictSelf = 446;
constexpr unsigned kLandlockVersion = 1;

/// Denies all that this kernel's Landlock knows: no rule is added that would allow something again.
bool restrict_files() {
  const long version = syscall(kLandlockCreateRuleset, nullptr, 0, kLandlockVersion);
  if (version < 1) return false;
  constexpr std::uint64_t kFilesOfVersion[] = {0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};
  const auto known = static_cast<std::size_t>(std::min(version, 5L));
  RulesetAttributes all{kFilesOfVersion[known - 1], version >= 4 ? 3u : 0u, version >= 6 ? 3u : 0u};
  const std::size_t size = version >= 6 ? sizeof all : version >= 4 ? 16 : 8;
  const long ruleset = syscall(kLandlockCreateRuleset, &all, size, 0);
  if (ruleset < 0) return false;
  const bool done = syscall(kLandlockRestrictSelf, ruleset, 0) == 0;
  ::close(static_cast<int>(ruleset));
  return done;
}

// ---- The trap. Everything here runs in a signal handler: system calls and plain memory, nothing else.

wire::ReplyHeader* trap_reply = nullptr;
int trap_library = -1;
char trap_name[64] = {};

#if defined(__x86_64__)
long argument(const ucontext_t& at, int which) {
  constexpr int kRegisters[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10};
  return static_cast<long>(at.uc_mcontext.gregs[kRegisters[which]]);
}
void set_result(ucontext_t& at, long result) { at.uc_mcontext.gregs[REG_RAX] = result; }
#elif defined(__aarch64__)
long argument(const ucontext_t& at, int which) { return static_cast<long>(at.uc_mcontext.regs[which]); }
void set_result(ucontext_t& at, long result) { at.uc_mcontext.regs[0] = static_cast<unsigned long long>(result); }
#else
#error "say where this machine keeps the arguments of a system call"
#endif

template <class T>
T pointer(const ucontext_t& at, int which) {
  return reinterpret_cast<T>(argument(at, which));
}

/// The result as the kernel would have put it.
long raw_result(long result) { return result < 0 ? -errno : result; }

/// Calls that are carried out here in a narrower form than the kernel's. True when it was one of them.
bool emulate(int call, ucontext_t& at) {
  // The dynamic linker opens the library by its name, once: it gets the memory that was verified.
  if (call == SYS_openat && trap_library >= 0 && std::strcmp(pointer<const char*>(at, 1), trap_name) == 0) {
    set_result(at, std::exchange(trap_library, -1));
    return true;
  }
  // fstat() of the C library: of a descriptor, never of a path.
  if (call == SYS_newfstatat && *pointer<const char*>(at, 1) == '\0') {
    set_result(at, raw_result(syscall(SYS_fstat, argument(at, 0), argument(at, 2))));
    return true;
  }
  return false;
}

void on_refused_call(int, siginfo_t* info, void* context) {
  const int saved = errno;
  if (!emulate(info->si_syscall, *static_cast<ucontext_t*>(context))) {
    trap_reply->refused_call = static_cast<std::uint32_t>(info->si_syscall) + 1;
    _exit(wire::kExitRefusedCall);
  }
  errno = saved;
}

bool set_trap() {
  struct sigaction action{};
  action.sa_sigaction = &on_refused_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  return sigaction(SIGSYS, &action, nullptr) == 0;
}

}  // namespace

Sandbox::Sandbox() {
  close_others();
  offer_to_be_killed();
  set_limit(RLIMIT_CORE, 0, 0);
  set_limit(RLIMIT_NOFILE, 32, 32);
  if (become_nobody()) enforced_ |= wire::kOtherUser;
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

bool Sandbox::limit(const wire::Assignment& assignment) {
  // Not a signal at the death of the parent: that comes when the thread ends that started this process.
  if (fcntl(wire::kSocket, F_SETSIG, SIGKILL) != 0 || fcntl(wire::kSocket, F_SETOWN, getpid()) != 0 ||
      fcntl(wire::kSocket, F_SETFL, O_ASYNC | O_NONBLOCK) != 0) {
    return false;
  }
  char unread = 0;
  if (read(wire::kSocket, &unread, 1) == 0) return false;  // the host has gone before this could be heard
  if (!set_limit(RLIMIT_CPU, assignment.cpu_s, assignment.cpu_s) || !set_limit(RLIMIT_NPROC, 0, 0)) return false;
  if (!kSanitized && set_limit(RLIMIT_AS, assignment.memory_bytes, assignment.memory_bytes)) {
    enforced_ |= wire::kMemoryLimit;
  }
  return true;
}

bool Sandbox::lock(int library_fd, const std::string& name, wire::ReplyHeader& reply) {
  trap_reply = &reply;
  trap_library = library_fd;
  if (name.size() >= sizeof trap_name) return false;
  std::memcpy(trap_name, name.c_str(), name.size() + 1);
  const Program loading = loading_program(), keeping = keeping_program();
  running_ = running_program();   // made now: afterwards the means to make it are not allowed
  set_limit(RLIMIT_FSIZE, 0, 0);  // not before: the filters are made by way of a file in memory
  if (restrict_files()) enforced_ |= wire::kLandlock;
  if (!set_trap() || !install(keeping) || !install(loading)) return false;
  enforced_ |= wire::kSeccomp;
  return true;
}

bool Sandbox::close() {
  if (trap_library >= 0) ::close(std::exchange(trap_library, -1));
  return install(running_);
}

}  // namespace caveat::worker
