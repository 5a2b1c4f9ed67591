#include "plugin_host/isolated.hpp"

#include "base/log.hpp"
#include "plugin_abi/batch_image.hpp"
#include "plugin_abi/binding_image.hpp"
#include "plugin_abi/said.hpp"
#include "plugin_host/calls.hpp"
#include "plugin_host/elf_library.hpp"
#include "plugin_host/in_process.hpp"
#include "plugin_host/quarantine.hpp"
#include "plugin_host/sealed_memory.hpp"

#include <algorithm>

namespace caveat {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Profiles of one call. More would save little: the two wake-ups of a call are by then a small part of it.
constexpr std::size_t kRows = 256;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr const char* kGarbled = "its process gave a garbled answer";

/// Loading and binding may take longer than a batch.
Deadline loading_deadline(const Workers& workers) {
  constexpr int kLonger = 4;
  return Clock::now() + kLonger * milliseconds(workers.options().deadline_ms);
}

/// Bits of wire::kRuntimeLibraries that the library needs; what else it needs goes to `others`.
std::uint32_t runtime_needs(std::string_view library, std::vector<std::string>& others) {
  std::uint32_t bits = 0;
  for (std::string& name : ElfLibrary(library).needed()) {
    const auto begin = std::begin(wire::kRuntimeLibraries), end = std::end(wire::kRuntimeLibraries);
    const auto found = std::find(begin, end, name);
    if (found == end) {
      others.push_back(std::move(name));
    } else {
      bits |= 1u << (found - begin);
    }
  }
  return bits;
}

/// Whether the request was carried out; else one of the two says why not.
bool carried_out(const WorkerReply& reply, std::string& failure, std::string& refusal) {
  if (!failure.empty()) return false;
  if (reply.header.answer == wire::Answer::kDone) return true;
  if (reply.header.answer != wire::Answer::kRefused) {
    failure = kGarbled;
    return false;
  }
  refusal = reply.message();
  if (refusal.empty()) refusal = "refuses without a reason";
  return false;
}

class Isolated final : public Runner {
 public:
  Isolated(std::shared_ptr<IsolatedPlugin> plugin, const Briefing& bound)
      : plugin_(std::move(plugin)), bound_(bound), quarantine_(plugin_->workers().options()) {}
  Isolated(const Isolated&) = delete;
  Isolated& operator=(const Isolated&) = delete;
  ~Isolated() override {
    leave_to_parent();
    if (worker_ != nullptr) worker_->end_in_order();
  }

  /// Why the plugin does not want, when it says so in an orderly way; else empty.
  std::string start() {
    const std::scoped_lock lock(mutex_);
    std::string refusal;
    static_cast<void>(
        ensure_running(loading_deadline(plugin_->workers()), refusal));  // a loss is told at the first call
    return refusal;
  }

  std::string call(Call call, const caveat_batch& batch, Acceptor& acceptor, const CallLimits& limits) override {
    const std::scoped_lock lock(mutex_);
    if (limits.cancel != nullptr && *limits.cancel != 0) return describe(CAVEAT_CANCELLED);
    if (auto held = quarantine_.holds()) return *held;
    const Deadline deadline{std::chrono::nanoseconds(limits.deadline_ns)};
    std::string refusal;
    std::string failure = ensure_running(deadline, refusal);
    if (!failure.empty() || !refusal.empty()) return failure.empty() ? refusal : failure;
    WorkerReply reply;
    failure =
        worker_->ask(request_of(call), deadline, [&](wire::Writer& out) { wire::write_batch(out, batch); }, reply);
    return failure.empty() ? hear(reply, acceptor, limits) : lost(std::move(failure));
  }

  [[nodiscard]] std::size_t rows_max() const override { return kRows; }
  [[nodiscard]] bool enforces_deadline() const override { return true; }

 private:
  static wire::Request request_of(Call call) {
    switch (call) {
      case Call::kAdvise: return wire::Request::kAdvise;
      case Call::kCheck: return wire::Request::kCheck;
      case Call::kDerive: break;
    }
    return wire::Request::kDerive;
  }

  /// After a fork the parent's worker stays the parent's.
  void leave_to_parent() {
    if (worker_ != nullptr && !worker_->ours()) static_cast<void>(worker_.release());
  }

  /// Makes a worker ready where there is none. What went wrong, or empty; `refusal` is what the plugin said in an
  /// orderly way.
  std::string ensure_running(Deadline deadline, std::string& refusal) {
    leave_to_parent();
    if (worker_ != nullptr) return {};
    std::string failure;
    worker_ = plugin_->worker(deadline, failure, refusal);
    if (worker_ == nullptr) return refusal.empty() ? lost(std::move(failure)) : std::string();
    WorkerReply reply;
    failure = worker_->ask(
        wire::Request::kBind, deadline, [&](wire::Writer& out) { wire::write_binding(out, bound_.raw()); }, reply);
    if (!carried_out(reply, failure, refusal)) {
      worker_.reset();
      return refusal.empty() ? lost(std::move(failure)) : std::string();
    }
    plugin_->workers().refill();
    return {};
  }

  /// What the plugin said, put to the host's own sink.
  std::string hear(const WorkerReply& reply, Acceptor& acceptor, const CallLimits& limits) {
    if (reply.header.answer == wire::Answer::kOverflow) return "it said more than there is room for";
    const caveat_sink sink = sink_into(acceptor, limits);
    wire::Reader said(reply.body);
    if (reply.header.answer != wire::Answer::kDone || !wire::replay(said, sink)) return lost(kGarbled);
    quarantine_.well();
    // Before its processor time is used up it is replaced, so that the limit ends loops and nothing else.
    const std::uint64_t seconds = plugin_->workers().options().cpu_s;
    if (reply.header.cpu_ns > seconds * kNanosecondsPerSecond / 2) worker_.reset();
    return describe(reply.header.status);
  }

  /// The process is gone, or goes now: whatever it still says is not heard.
  std::string lost(std::string why) {
    worker_.reset();
    quarantine_.lost();
    log_event(LogLevel::kDebug, "plugin worker lost", {{"id", plugin_->info().manifest.id}});
    return why;
  }

  std::shared_ptr<IsolatedPlugin> plugin_;
  const Briefing& bound_;
  std::mutex mutex_;  ///< one request at a time
  Quarantine quarantine_;
  std::unique_ptr<Worker> worker_;  ///< null: none is running
};

IsolationSupport describe_support(std::uint32_t enforced) {
  struct Part {
    wire::Enforced bit;
    const char* what;
    const char* without;
  };
  static constexpr Part kParts[] = {
      {wire::kSeccomp, "system-call filters (seccomp)", "system-call filters (seccomp)"},
      {wire::kLandlock, "no files (Landlock)",
       "Landlock: this kernel has none, so the filters alone keep plugins from files"},
      {wire::kOtherUser, "another user", "another user: only root can give them one, so they run as the same user"},
      {wire::kMemoryLimit, "a memory limit", "a memory limit: this build is for finding faults"},
  };
  IsolationSupport out;
  for (const Part& part : kParts) {
    if ((enforced & part.bit) != 0) out.enforced.emplace_back(part.what);
    if ((enforced & part.bit) == 0) out.missing.emplace_back(part.without);
  }
  return out;
}

}  // namespace

Result<std::shared_ptr<IsolatedPlugin>> IsolatedPlugin::load(const PluginInfo& plugin, const LibraryImage& image,
                                                             std::string manifest_bytes, Workers& workers) {
  std::vector<std::string> others;
  const std::uint32_t runtime = runtime_needs(image.bytes(), others);
  if (!others.empty()) {
    return refuse_plugin(plugin.manifest, plugin.path, "needs the library `" + others.front() + "`",
                         "an isolated plugin may need the C and C++ run time only: link the rest statically");
  }
  std::shared_ptr<IsolatedPlugin> out(new IsolatedPlugin(plugin, image, std::move(manifest_bytes), workers, runtime));
  std::string failure, refusal;
  out->ready_ = out->worker(loading_deadline(workers), failure, refusal);
  if (!refusal.empty()) return refuse_plugin(plugin.manifest, plugin.path, std::move(refusal));
  return out;
}

std::unique_ptr<Worker> IsolatedPlugin::worker(Deadline deadline, std::string& failure, std::string& refusal) {
  {
    const std::scoped_lock lock(mutex_);
    if (ready_ != nullptr && !ready_->ours()) static_cast<void>(ready_.release());  // a fork's parent's
    if (ready_ != nullptr) return std::move(ready_);
  }
  auto worker = workers_.take(image_.fd(), runtime_, failure);
  if (worker == nullptr) return nullptr;
  const auto write = [&](wire::Writer& out) {
    out.text(CAVEAT_VERSION);
    out.value(needed_calls(plugin_.manifest));
    out.text(manifest_);
  };
  WorkerReply reply;
  failure = worker->ask(wire::Request::kLoad, deadline, write, reply);
  return carried_out(reply, failure, refusal) ? std::move(worker) : nullptr;
}

Result<std::unique_ptr<Runner>> bind_isolated(std::shared_ptr<IsolatedPlugin> plugin, const Briefing& bound) {
  const PluginInfo& info = plugin->info();
  auto runner = std::make_unique<Isolated>(std::move(plugin), bound);
  std::string refusal = runner->start();
  if (!refusal.empty()) return refuse_plugin(info.manifest, info.path, std::move(refusal));
  return runner;
}

Result<IsolationSupport> probe_isolation(Workers& workers) {
  std::string failure;
  const Descriptor nothing = sealable_memory("caveat-nothing", true);
  const auto worker = workers.take(nothing.get(), 0, failure);
  WorkerReply reply;
  if (worker != nullptr) {
    failure = worker->ask(wire::Request::kProbe, loading_deadline(workers), [](wire::Writer&) {}, reply);
  }
  if (failure.empty()) return describe_support(reply.header.enforced);
  return fail(ErrorKind::kLoad,
              {DiagnosticLevel::kError, "cannot-isolate", {}, "plugins cannot be isolated here: " + failure, {}});
}

}  // namespace caveat
