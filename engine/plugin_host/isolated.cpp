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
#include <array>
#include <mutex>

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
      : plugin_(std::move(plugin)),
        bound_(bound),
        starting_(plugin_->workers().options()),
        calling_{starting_, starting_, starting_} {}
  Isolated(const Isolated&) = delete;
  Isolated& operator=(const Isolated&) = delete;
  ~Isolated() override {
    leave_to_parent();
    if (worker_ != nullptr) worker_->end_in_order();
  }

  /// Why the plugin does not want, when it says so in an orderly way; else empty.
  std::string start() {
    const std::scoped_lock lock(mutex_);
    std::string failure, refusal;
    // A loss is told at the first call.
    if (!ensure_running(loading_deadline(plugin_->workers()), failure, refusal)) starting_.lost();
    return refusal;
  }

  std::string call(Call call, const caveat_batch& batch, Acceptor& acceptor, const CallLimits& limits) override {
    const Deadline deadline{std::chrono::nanoseconds(limits.deadline_ns)};
    // While other evaluations have the process. It gets half of the time or more, so that one that runs out of it has
    // been too slow itself.
    const std::unique_lock lock(mutex_, Clock::now() + (deadline - Clock::now()) / 2);
    if (!lock.owns_lock()) return "it was busy with other evaluations";
    if (limits.cancel != nullptr && *limits.cancel != 0) return describe(CAVEAT_CANCELLED);
    Quarantine& calling = calling_[static_cast<std::size_t>(call)];
    for (const Quarantine* each : {&starting_, &calling}) {
      if (auto held = each->holds()) return *held;
    }
    std::string failure, refusal;
    if (!ensure_running(deadline, failure, refusal)) {
      // What it says now instead of taking the rules that it took before would reach the reader unguarded.
      return lost(starting_, limits, refusal.empty() ? failure : "it no longer takes the rules of its pack");
    }
    WorkerReply reply;
    failure =
        worker_->ask(request_of(call), deadline, [&](wire::Writer& out) { wire::write_batch(out, batch); }, reply);
    if (failure.empty()) failure = hear(reply, acceptor, limits);
    if (!failure.empty()) return lost(calling, limits, std::move(failure));
    calling.well();
    replace_in_time(reply);
    return reply.header.answer == wire::Answer::kOverflow ? "it said more than there is room for"
                                                          : describe(reply.header.status);
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
    if (worker_ != nullptr && !worker_->ours()) worker_.reset();
  }

  /// Makes a worker ready where there is none. Else what went wrong is in one of the two: `refusal` is what the plugin
  /// said in an orderly way.
  bool ensure_running(Deadline deadline, std::string& failure, std::string& refusal) {
    leave_to_parent();
    if (worker_ != nullptr) return true;
    worker_ = plugin_->worker(deadline, failure, refusal);
    if (worker_ == nullptr) return false;
    WorkerReply reply;
    failure = worker_->ask(
        wire::Request::kBind, deadline, [&](wire::Writer& out) { wire::write_binding(out, bound_.raw()); }, reply);
    if (!carried_out(reply, failure, refusal)) {
      worker_.reset();
      return false;
    }
    starting_.well();
    plugin_->workers().refill();
    return true;
  }

  /// What the plugin said, put to the host's own sink. Why it cannot be heard, or empty.
  static std::string hear(const WorkerReply& reply, Acceptor& acceptor, const CallLimits& limits) {
    if (reply.header.answer == wire::Answer::kOverflow) return {};
    // After another status it counts for nothing what was said before.
    if (reply.header.answer == wire::Answer::kDone && reply.header.status != CAVEAT_OK) return {};
    const caveat_sink sink = sink_into(acceptor, limits);
    wire::Reader said(reply.body);
    return reply.header.answer == wire::Answer::kDone && wire::replay(said, sink) ? "" : kGarbled;
  }

  /// Before its processor time is used up it is replaced, so that the limit ends loops and nothing else.
  void replace_in_time(const WorkerReply& reply) {
    const std::uint64_t seconds = plugin_->workers().options().cpu_s;
    if (reply.header.cpu_ns > seconds * kNanosecondsPerSecond / 2) worker_.reset();
  }

  /// The process is gone, or goes now: whatever it still says is not heard. A batch that is halved counts once.
  std::string lost(Quarantine& which, const CallLimits& limits, std::string why) {
    worker_.reset();
    if (!limits.repeated) which.lost();
    log_event(LogLevel::kDebug, "plugin worker lost", {{"id", plugin_->info().manifest.id}});
    return why;
  }

  std::shared_ptr<IsolatedPlugin> plugin_;
  const Briefing& bound_;
  std::timed_mutex mutex_;             ///< one request at a time
  Quarantine starting_;                ///< loading and binding
  std::array<Quarantine, 3> calling_;  ///< by Call: one that works may not hide that another never does
  std::unique_ptr<Worker> worker_;     ///< null: none is running
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
    if (ready_ != nullptr && !ready_->ours()) ready_.reset();  // a fork's parent's
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
