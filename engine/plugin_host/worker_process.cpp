#include "plugin_host/worker_process.hpp"

#include "plugin_host/sealed_memory.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>

namespace caveat {

namespace {

constexpr unsigned kSealFutureWrite = 0x10;  // F_SEAL_FUTURE_WRITE, since Linux 5.1

/// The name of the system call, by the library that knows them all.
std::string call_name(int number) {
  char* found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
  std::string name = found != nullptr ? found : std::to_string(number);
  free(found);  // NOLINT: malloc'ed by libseccomp
  return name;
}

std::string describe_signal(int signal) {
  switch (signal) {
    case SIGSEGV:
    case SIGBUS: return "it crashed: it used memory that it does not have";
    case SIGABRT: return "it ended itself (abort)";
    case SIGFPE: return "it crashed: an arithmetic error";
    case SIGILL: return "it crashed: an instruction that does not exist";
    case SIGSYS: return "it asked for a system call that an isolated plugin may not use";
    case SIGXCPU: return "it used up its processor time";
    case SIGKILL: return "it was killed";
    default: break;
  }
  const char* name = sigabbrev_np(signal);
  return "it was ended by SIG" + (name != nullptr ? std::string(name) : std::to_string(signal));
}

std::string describe_exit(int code, std::uint32_t refused_call) {
  if (code == wire::kExitRefusedCall && refused_call > 0) {
    return "it asked for the system call `" + call_name(static_cast<int>(refused_call - 1)) +
           "`, which an isolated plugin may not use";
  }
  if (code == wire::kExitOtherVersion) return "the worker program is of another version of the engine";
  if (code == wire::kExitCannotIsolate) {
    return "this kernel cannot isolate it: system-call filters (seccomp) or limits cannot be set";
  }
  return "it ended its process";
}

void* map(int fd, std::size_t bytes, int protection) {
  void* at = mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  return at == MAP_FAILED ? nullptr : at;
}

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30));
}

/// What posix_spawn is told: a fresh signal state, no output, and the socket as kSocket.
class Spawning {
 public:
  explicit Spawning(int socket) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, socket, wire::kSocket);  // first: the socket may be one of those three
    for (const int fd : {0, 1, 2}) {
      posix_spawn_file_actions_addopen(&files_, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);  // a terminal's Ctrl-C is for the host
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  /// 0, or the error.
  int run(const std::filesystem::path& program, pid_t& pid) {
    std::string name = program.filename().string();
    std::array<char*, 2> arguments = {name.data(), nullptr};
    std::array<char*, 1> environment = {nullptr};
    return posix_spawn(&pid, program.c_str(), &files_, &attributes_, arguments.data(), environment.data());
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

// ---- Memory

std::unique_ptr<WorkerMemory> WorkerMemory::make(std::size_t request_bytes, std::size_t reply_bytes) {
  std::unique_ptr<WorkerMemory> out(new WorkerMemory);
  out->request_bytes_ = request_bytes;
  out->reply_bytes_ = reply_bytes;
  out->request_fd_ = sealable_memory("caveat-request", false);
  out->reply_fd_ = sealable_memory("caveat-reply", false);
  // Neither ever blocks the host: the worker can fill both.
  out->request_event_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  out->reply_event_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  for (const Descriptor* each : {&out->request_fd_, &out->reply_fd_, &out->request_event_, &out->reply_event_}) {
    if (!each->is_open()) return nullptr;
  }
  if (ftruncate(out->request_fd_.get(), static_cast<off_t>(request_bytes)) != 0) return nullptr;
  if (ftruncate(out->reply_fd_.get(), static_cast<off_t>(reply_bytes)) != 0) return nullptr;
  out->request_ = map(out->request_fd_.get(), request_bytes, PROT_READ | PROT_WRITE);
  out->reply_ = map(out->reply_fd_.get(), reply_bytes, PROT_READ);
  if (out->request_ == nullptr || out->reply_ == nullptr) return nullptr;
  const int sizes = F_SEAL_SHRINK | F_SEAL_GROW;
  // Without the seal (an old kernel) a worker could spoil its own next request, and nothing else.
  fcntl(out->request_fd_.get(), F_ADD_SEALS, kSealFutureWrite);
  if (fcntl(out->request_fd_.get(), F_ADD_SEALS, sizes | F_SEAL_SEAL) != 0) return nullptr;
  if (fcntl(out->reply_fd_.get(), F_ADD_SEALS, sizes | F_SEAL_SEAL) != 0) return nullptr;
  return out;
}

WorkerMemory::~WorkerMemory() {
  if (request_ != nullptr) munmap(request_, request_bytes_);
  if (reply_ != nullptr) munmap(reply_, reply_bytes_);
}

std::span<std::byte> WorkerMemory::request_body() const {
  return {reinterpret_cast<std::byte*>(&request() + 1), request_bytes_ - sizeof(wire::RequestHeader)};
}

std::span<const std::byte> WorkerMemory::reply_body() const {
  return {reinterpret_cast<const std::byte*>(&reply() + 1), reply_bytes_ - sizeof(wire::ReplyHeader)};
}

bool WorkerMemory::signal() const {
  const std::uint64_t one = 1;
  return write(request_event_.get(), &one, sizeof one) == sizeof one;
}

// ---- The process

std::unique_ptr<WorkerProcess> WorkerProcess::start(const std::filesystem::path& program, std::string& failure) {
  const auto failed = [&](int error) {
    failure = "its process cannot be started: " + std::generic_category().message(error);
    return nullptr;
  };
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return failed(errno);
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  pid_t pid = 0;
  const int error = Spawning(theirs.get()).run(program, pid);
  if (error != 0) return failed(error);
  Descriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd.is_open()) {
    const int open_error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return failed(open_error);
  }
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(std::move(pidfd), std::move(ours)));
}

WorkerProcess::WorkerProcess(Descriptor pidfd, Descriptor socket)
    : host_(getpid()), pidfd_(std::move(pidfd)), socket_(std::move(socket)) {}

WorkerProcess::~WorkerProcess() {
  if (!ours() || reaped_) return;
  stop();
  reap();
}

bool WorkerProcess::ours() const { return host_ == getpid(); }

bool WorkerProcess::assign(const wire::Assignment& assignment, const WorkerMemory& memory, int library) {
  const std::array<int, wire::kFds> fds = {library, memory.request_fd().get(), memory.reply_fd().get(),
                                           memory.request_event().get(), memory.reply_event().get()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fds)] = {};
  iovec body = {const_cast<wire::Assignment*>(&assignment), sizeof assignment};
  msghdr message{};
  message.msg_iov = &body;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fds);
  std::memcpy(CMSG_DATA(rights), fds.data(), sizeof fds);
  return sendmsg(socket_.get(), &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof assignment);
}

std::string WorkerProcess::wait(const WorkerMemory& memory, Deadline told, Deadline deadline) {
  Deadline next = told;
  for (;;) {
    std::array<pollfd, 2> events = {{{memory.reply_event().get(), POLLIN, 0}, {pidfd_.get(), POLLIN, 0}}};
    if (poll(events.data(), events.size(), milliseconds_until(next)) < 0) events = {};
    std::uint64_t count = 0;
    if (read(memory.reply_event().get(), &count, sizeof count) == sizeof count) return {};
    if (events[1].revents != 0) return end(memory, {});
    if (milliseconds_until(next) > 0) continue;
    if (next == deadline) return end(memory, "it did not answer in time");
    memory.request().cancel = 1;
    next = deadline;
  }
}

void WorkerProcess::wait_for_end(Deadline deadline) const {
  pollfd event = {pidfd_.get(), POLLIN, 0};
  poll(&event, 1, milliseconds_until(deadline));
}

/// By its descriptor: the number may be another process's by now, where the program waits for all its children.
void WorkerProcess::stop() const { syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0); }

/// Ends the process if it has not ended. `why` says what for; else its end says it.
std::string WorkerProcess::end(const WorkerMemory& memory, std::string why) {
  stop();
  const siginfo_t how = reap();
  if (!why.empty()) return why;
  if (how.si_code == CLD_EXITED) return describe_exit(how.si_status, memory.reply().refused_call);
  if (how.si_code == CLD_KILLED || how.si_code == CLD_DUMPED) return describe_signal(how.si_status);
  return "its process has ended";
}

/// Waits for the end. All zero when somebody else in this program took it.
siginfo_t WorkerProcess::reap() {
  siginfo_t how{};
  while (waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &how, WEXITED) != 0 && errno == EINTR) {}
  reaped_ = true;
  return how;
}

}  // namespace caveat
