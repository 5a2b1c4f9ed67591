// The process in which one plugin runs for one rule pack. It is started with a socket, told once what to load, and from
// then on answers requests in shared memory until the host has gone or asks it to end. plugin_abi/protocol.hpp.
#include "sandbox.hpp"

#include "plugin_abi/batch_image.hpp"
#include "plugin_abi/binding_image.hpp"
#include "plugin_abi/calls.hpp"
#include "plugin_abi/said.hpp"

#include <array>
#include <cerrno>
#include <dlfcn.h>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace caveat::worker {

namespace {

using Fds = std::array<int, wire::kFds>;

/// Waits for the host's one message. False when there is none to come: the host has no use for this process.
bool receive(wire::Assignment& assignment, Fds& fds) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fds)];
  iovec body = {&assignment, sizeof assignment};
  msghdr message{};
  message.msg_iov = &body;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(wire::kSocket, &message, MSG_CMSG_CLOEXEC) != static_cast<ssize_t>(sizeof assignment)) return false;
  const cmsghdr* rights = CMSG_FIRSTHDR(&message);
  if (rights == nullptr || rights->cmsg_len != CMSG_LEN(sizeof fds)) return false;
  std::memcpy(fds.data(), CMSG_DATA(rights), sizeof fds);
  return true;
}

std::uint64_t cpu_ns() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto ns = [](timeval time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_usec) * 1'000u;
  };
  return ns(used.ru_utime) + ns(used.ru_stime);
}

class Worker {
 public:
  Worker(Sandbox& sandbox, const wire::Assignment& assignment, const Fds& fds)
      : sandbox_(sandbox), assignment_(assignment), fds_(fds) {}

  /// Maps both regions; false when that fails.
  bool map() {
    void* request = mmap(nullptr, assignment_.request_bytes, PROT_READ, MAP_SHARED, fds_[wire::kRequestFd], 0);
    void* reply = mmap(nullptr, assignment_.reply_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fds_[wire::kReplyFd], 0);
    if (request == MAP_FAILED || reply == MAP_FAILED) return false;
    request_ = static_cast<const wire::RequestHeader*>(request);
    reply_ = static_cast<wire::ReplyHeader*>(reply);
    close(fds_[wire::kRequestFd]);
    close(fds_[wire::kReplyFd]);
    return true;
  }

  int serve() {
    for (;;) {
      if (!wait()) return wire::kExitOrderly;
      switch (request_->request) {
        case wire::Request::kLoad:
          if (!load()) return wire::kExitCannotIsolate;
          break;
        case wire::Request::kBind: bind(); break;
        case wire::Request::kDerive: run(Call::kDerive); break;
        case wire::Request::kAdvise: run(Call::kAdvise); break;
        case wire::Request::kCheck: run(Call::kCheck); break;
        case wire::Request::kProbe:
          if (!sandbox_.lock(fds_[wire::kLibraryFd], {}, *reply_)) return wire::kExitCannotIsolate;
          answer(wire::Answer::kDone, CAVEAT_OK, 0);
          break;
        case wire::Request::kUnbind:
          if (instance_ != nullptr) call_unbind(plugin_, instance_);
          return wire::kExitOrderly;
      }
    }
  }

 private:
  /// For a request.
  bool wait() const {
    for (;;) {
      pollfd event = {fds_[wire::kRequestEvent], POLLIN, 0};
      if (poll(&event, 1, -1) < 0 && errno != EINTR) return false;
      std::uint64_t count = 0;
      if (read(event.fd, &count, sizeof count) == sizeof count) return true;
      if (errno != EAGAIN && errno != EINTR) return false;
    }
  }

  wire::Reader body() const {
    return wire::Reader({reinterpret_cast<const std::byte*>(request_ + 1), request_->body_bytes});
  }

  void answer(wire::Answer answer, caveat_status status, std::size_t body_bytes, const std::string& message = {}) {
    reply_->answer = answer;
    reply_->status = status;
    reply_->enforced = sandbox_.enforced();
    reply_->cpu_ns = cpu_ns();
    reply_->body_bytes = body_bytes;
    reply_->message_bytes = static_cast<std::uint32_t>(std::min(message.size(), wire::kMessageMax));
    std::memcpy(reply_->message, message.data(), reply_->message_bytes);
    reply_->sequence = request_->sequence;
    const std::uint64_t one = 1;
    static_cast<void>(!write(fds_[wire::kReplyEvent], &one, sizeof one));
  }

  /// False when the process cannot be locked in.
  bool load() {
    wire::Reader in = body();
    version_ = in.text();
    host_ = plain_host(version_);
    const auto needed = in.value<NeededCalls>();
    const std::string_view manifest = in.text();
    load_runtime();
    const std::string name = "/proc/self/fd/" + std::to_string(fds_[wire::kLibraryFd]);
    if (!sandbox_.lock(fds_[wire::kLibraryFd], name, *reply_)) return false;
    const std::string refusal = load_library(name, manifest, needed);
    if (!sandbox_.close()) return false;
    done_or_refused(refusal);
    return true;
  }

  void bind() {
    // What the plugin is told lives as long as the process; the next request overwrites this one.
    const auto* first = reinterpret_cast<const std::byte*>(request_ + 1);
    told_.assign(first, first + request_->body_bytes);
    wire::Reader in(told_);
    binding_.emplace(in);
    const std::string refusal = call_bind(plugin_, host_, binding_->raw(), instance_);
    done_or_refused(refusal.empty() ? refusal : "cannot be bound to the rules: " + refusal);
  }

  void done_or_refused(const std::string& refusal) {
    answer(refusal.empty() ? wire::Answer::kDone : wire::Answer::kRefused, CAVEAT_OK, 0, refusal);
  }

  void load_runtime() const {
    for (std::size_t i = 0; i < std::size(wire::kRuntimeLibraries); ++i) {
      if ((assignment_.runtime_libraries >> i & 1) != 0) dlopen(wire::kRuntimeLibraries[i], RTLD_NOW | RTLD_LOCAL);
    }
  }

  std::string load_library(const std::string& name, std::string_view manifest, NeededCalls needed) {
    void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::string("cannot be loaded: ") + dlerror();
    void* entry = dlsym(library, CAVEAT_PLUGIN_ENTRY);
    if (entry == nullptr) return "exports no `" CAVEAT_PLUGIN_ENTRY "`";
    return call_entry(reinterpret_cast<caveat_plugin_entry_fn>(entry), manifest, needed, plugin_);
  }

  void run(Call call) {
    wire::Reader in = body();
    const wire::BatchImage batch(in);
    wire::Writer out({reinterpret_cast<std::byte*>(reply_ + 1), assignment_.reply_bytes - sizeof *reply_});
    wire::Recorder recorder(out, batch.raw().rows, &request_->cancel, request_->deadline_ns);
    const caveat_status status = call_batch(plugin_, instance_, call, batch.raw(), recorder.sink());
    answer(recorder.overflow() ? wire::Answer::kOverflow : wire::Answer::kDone, status, out.size());
  }

  Sandbox& sandbox_;
  const wire::Assignment& assignment_;
  Fds fds_;
  const wire::RequestHeader* request_ = nullptr;
  wire::ReplyHeader* reply_ = nullptr;
  std::string version_;
  std::vector<std::byte> told_;
  std::optional<wire::BindingImage> binding_;
  caveat_host host_{};
  caveat_plugin plugin_{};
  caveat_instance* instance_ = nullptr;
};

int work() {
  Sandbox sandbox;
  wire::Assignment assignment;
  Fds fds{};
  if (!receive(assignment, fds)) return wire::kExitOrderly;
  if (assignment.version != wire::kVersion) return wire::kExitOtherVersion;
  if (!sandbox.limit(assignment)) return wire::kExitCannotIsolate;
  Worker worker(sandbox, assignment, fds);
  return worker.map() ? worker.serve() : wire::kExitCannotIsolate;
}

}  // namespace

}  // namespace caveat::worker

#if defined(__SANITIZE_ADDRESS__)
// A report would need files. The host says how the process ended. Both sanitizers' libraries look for a name of theirs.
namespace {
constexpr const char* kNoReports =
    "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:handle_sigill=0";
}
#pragma GCC visibility push(default)
extern "C" const char* __asan_default_options() { return kNoReports; }   // NOLINT: the sanitizer's name
extern "C" const char* __ubsan_default_options() { return kNoReports; }  // NOLINT: the sanitizer's name
#pragma GCC visibility pop
#endif

// _exit: what a plugin registered to run at the end is not run.
int main() { _exit(caveat::worker::work()); }
