// AuditLog: any number of threads prepare records, one writes them. Whatever waits while a group is being made durable
// becomes the next group, so that under load one sync serves many.
#include <caveat/audit.hpp>

#include "audit/chain.hpp"
#include "audit/context.hpp"
#include "audit/entry.hpp"
#include "audit/profile_codec.hpp"
#include "audit/sealing.hpp"
#include "base/digest.hpp"
#include "base/quote.hpp"
#include "evaluation/render.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace caveat {

namespace {

constexpr std::size_t kGroupMax = 1'024;  // bounds how much is rolled back, and how long the first has to wait

using Done = std::function<void(Result<std::int64_t>)>;  // the record's number

// What an engine had loaded, for its records. The contents are needed until they are durable; only the writer touches
// them.
struct EngineContext {
  std::string digest;
  std::vector<AuditContent> contents;
};

struct Request {
  AuditEntry entry;
  std::string sealed;                      ///< the sealed profile; empty: none
  std::shared_ptr<EngineContext> context;  ///< null for feedback
  Done done;
};

// Tells the one who asked. Where there is no memory left for the reasons, that it failed is told all the same.
void deliver(const Request& request, const Result<std::int64_t>& first, std::size_t place) {
  if (first) return request.done(*first + static_cast<std::int64_t>(place));
  Error error{ErrorKind::kInternal, {}};
  try {
    error = first.error();
  } catch (const std::bad_alloc&) {  // the kind alone, then
  }
  request.done(Failure(std::move(error)));
}

bool is_of(std::string_view text, std::string_view more, std::size_t size_max) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string_view::npos;
  };
  return text.size() <= size_max && std::all_of(text.begin(), text.end(), fits);
}

Result<void> check(const Feedback& feedback) {
  constexpr std::size_t kIdDigits = 32, kNameMax = 200;
  const auto refuse = [](const char* what, const std::string& text, const char* help) {
    return fail(ErrorKind::kInput,
                {DiagnosticLevel::kError, "bad-feedback", {}, std::string(what) + " is " + in_backticks(text), help});
  };
  if (feedback.evaluation.size() != kIdDigits || !is_of(feedback.evaluation, "", kIdDigits))
    return refuse("the evaluation of the feedback", feedback.evaluation, "the `id` of an evaluation");
  if (feedback.rule.find('/') == std::string::npos || !is_of(feedback.rule, "/.-_", kNameMax))
    return refuse("the rule of the feedback", feedback.rule, "the `id` of an advisory: `pack/rule`");
  if (!is_of(feedback.reason, "._:/|#-", kNameMax))
    return refuse("the reason of the feedback", feedback.reason, "a code, never a text that somebody wrote");
  return {};
}

// The contexts of engines that are alive: usually one, two while a new one takes the old one's place.
class ContextCache {
 public:
  std::shared_ptr<EngineContext> get(const std::shared_ptr<const Snapshot>& snapshot) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(known_, [](const Known& known) { return known.snapshot.expired(); });
    for (const Known& known : known_) {
      if (known.snapshot.lock() == snapshot) return known.context;
    }
    auto context = std::make_shared<EngineContext>();
    context->contents = contents_of(*snapshot);
    context->digest = context->contents.front().digest;
    known_.push_back({snapshot, context});
    return context;
  }

 private:
  struct Known {
    std::weak_ptr<const Snapshot> snapshot;
    std::shared_ptr<EngineContext> context;
  };
  std::mutex mutex_;
  std::vector<Known> known_;
};

}  // namespace

struct AuditLog::Impl {
  Impl(AuditChain opened, std::optional<SealingKey> key) : chain(std::move(opened)), sealing(std::move(key)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    {
      const std::scoped_lock lock(mutex);
      stopping = true;
    }
    wake.notify_one();
    if (writer.joinable()) writer.join();
  }

  void ask(Request request) {
    {
      const std::scoped_lock lock(mutex);
      waiting.push_back(std::move(request));
    }
    wake.notify_one();
  }

  void run() {
    std::vector<Request> group;
    group.reserve(kGroupMax);
    while (take(group)) write(group);
  }

  // False when there is nothing left and the log is closing.
  bool take(std::vector<Request>& group) {
    group.clear();
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return stopping || !waiting.empty(); });
    while (!waiting.empty() && group.size() < kGroupMax) {
      group.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return !group.empty();
  }

  void write(std::vector<Request>& group) {
    Result<std::int64_t> first = Failure(Error{ErrorKind::kInternal, {}});
    try {
      first = append(group);
    } catch (const std::bad_alloc&) {  // rolled back; a failure without reasons stands already
    }
    for (std::size_t i = 0; i < group.size(); ++i) deliver(group[i], first, i);
  }

  Result<std::int64_t> append(const std::vector<Request>& group) {
    std::vector<PendingEntry> entries;
    std::vector<const AuditContent*> contents;
    for (const Request& request : group) {
      entries.push_back({&request.entry, &request.sealed});
      if (!request.context) continue;
      for (const AuditContent& content : request.context->contents) contents.push_back(&content);
    }
    auto first = chain.append(entries, contents);
    if (!first) return first;
    for (const Request& request : group) {
      if (request.context) request.context->contents = {};
    }
    return first;
  }

  AuditChain chain;  // the writer's alone, but for its key
  std::optional<SealingKey> sealing;
  ContextCache contexts;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Request> waiting;
  bool stopping = false;
  std::thread writer;
};

Result<AuditLog> AuditLog::open(const AuditOptions& options) {
  auto chain = AuditChain::open(options);
  if (!chain) return Failure(std::move(chain.error()));
  std::optional<SealingKey> sealing;
  if (options.profiles) {
    auto key = chain->profiles_key(options);
    if (!key) return Failure(std::move(key.error()));
    sealing = *std::move(key);
  }
  auto impl = std::make_unique<Impl>(std::move(*chain), std::move(sealing));
  try {
    impl->writer = std::thread([impl = impl.get()] { impl->run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorKind::kInternal, {DiagnosticLevel::kError,
                                       "audit-failed",
                                       {options.file.string()},
                                       std::string("no thread can be started: ") + error.what(),
                                       ""});
  }
  return AuditLog(std::move(impl));
}

namespace {

// Waits for what `ask` is told. Shared: the writer may still be inside set_value() when the one who waits has gone on.
template <class T, class Ask>
Result<T> wait_for(Ask ask) {
  const auto promise = std::make_shared<std::promise<Result<T>>>();
  auto told = promise->get_future();
  ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
  return told.get();
}

}  // namespace

void AuditLog::record(const Evaluation& evaluation, std::function<void(Result<AuditReceipt>)> done) const {
  const EvaluationData& data = evaluation.data();
  Request request;
  request.context = impl_->contexts.get(data.snapshot);
  std::string result = render_json(data, {});
  EvaluationEntry entry = entry_of(data, result, request.context->digest, impl_->chain.key());
  if (impl_->sealing) {
    request.sealed = impl_->sealing->seal(to_text(*data.given, data.snapshot->vocabulary));
    entry.sealed = sha256(request.sealed);
  }
  request.entry = std::move(entry);
  request.done = [done = std::move(done), result = std::move(result)](Result<std::int64_t> number) mutable {
    if (!number) return done(Failure(std::move(number.error())));
    done(AuditReceipt{static_cast<std::uint64_t>(*number), std::move(result)});
  };
  impl_->ask(std::move(request));
}

void AuditLog::record(const Feedback& feedback, std::function<void(Result<std::uint64_t>)> done) const {
  if (auto checked = check(feedback); !checked) return done(Failure(std::move(checked.error())));
  Request request;
  request.entry = FeedbackEntry{impl_->chain.key().digest(audit_purpose::kFeedback, feedback.evaluation), feedback.rule,
                                feedback.outcome, feedback.reason};
  request.done = [done = std::move(done)](Result<std::int64_t> number) {
    if (!number) return done(Failure(std::move(number.error())));
    done(static_cast<std::uint64_t>(*number));
  };
  impl_->ask(std::move(request));
}

Result<AuditReceipt> AuditLog::record(const Evaluation& evaluation) const {
  return wait_for<AuditReceipt>([&](auto done) { record(evaluation, std::move(done)); });
}

Result<std::uint64_t> AuditLog::record(const Feedback& feedback) const {
  return wait_for<std::uint64_t>([&](auto done) { record(feedback, std::move(done)); });
}

AuditLog::AuditLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditLog::AuditLog(AuditLog&&) noexcept = default;
AuditLog& AuditLog::operator=(AuditLog&&) noexcept = default;
AuditLog::~AuditLog() = default;

}  // namespace caveat
