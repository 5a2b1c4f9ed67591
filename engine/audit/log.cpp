// AuditLog: any number of threads prepare records, one writes them. Whatever waits while a group is being made durable
// becomes the next group, so that under load one sync serves many.
#include <caveat/audit.hpp>

#include "audit/chain.hpp"
#include "audit/context.hpp"
#include "audit/entry.hpp"
#include "evaluation/render.hpp"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <system_error>
#include <thread>

namespace caveat {

namespace {

constexpr std::size_t kGroupMax = 1'024;  // bounds how much is rolled back, and how long the first has to wait

using Done = std::function<void(Result<AuditReceipt>)>;

// What an engine had loaded, for its records. The contents are needed until they are durable; only the writer touches
// them.
struct EngineContext {
  std::string digest;
  std::vector<AuditContent> contents;
};

struct Request {
  AuditEntry entry;
  std::shared_ptr<EngineContext> context;
  std::string result;
  Done done;
};

// Tells the one who asked. Where there is no memory left for the reasons, that it failed is told all the same.
void deliver(Request& request, const Result<std::int64_t>& first, std::size_t place) {
  if (first) {
    return request.done(AuditReceipt{static_cast<std::uint64_t>(*first) + place, std::move(request.result)});
  }
  Error error{ErrorKind::kInternal, {}};
  try {
    error = first.error();
  } catch (const std::bad_alloc&) {  // the kind alone, then
  }
  request.done(Failure(std::move(error)));
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
  explicit Impl(AuditChain opened) : chain(std::move(opened)) {}
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
    std::vector<const AuditEntry*> entries;
    std::vector<const AuditContent*> contents;
    for (const Request& request : group) {
      entries.push_back(&request.entry);
      for (const AuditContent& content : request.context->contents) contents.push_back(&content);
    }
    auto first = chain.append(entries, contents);
    if (!first) return first;
    for (const Request& request : group) request.context->contents = {};
    return first;
  }

  AuditChain chain;  // the writer's alone, but for its key
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
  auto impl = std::make_unique<Impl>(std::move(*chain));
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

void AuditLog::record(const Evaluation& evaluation, Done done) const {
  const EvaluationData& data = evaluation.data();
  Request request;
  request.context = impl_->contexts.get(data.snapshot);
  request.result = render_json(data, {});
  request.entry = entry_of(data, request.result, request.context->digest, impl_->chain.key());
  request.done = std::move(done);
  impl_->ask(std::move(request));
}

Result<AuditReceipt> AuditLog::record(const Evaluation& evaluation) const {
  // Shared: the writer may still be inside set_value() when the one who waits has gone on.
  const auto promise = std::make_shared<std::promise<Result<AuditReceipt>>>();
  auto receipt = promise->get_future();
  record(evaluation, [promise](Result<AuditReceipt> result) { promise->set_value(std::move(result)); });
  return receipt.get();
}

AuditLog::AuditLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditLog::AuditLog(AuditLog&&) noexcept = default;
AuditLog& AuditLog::operator=(AuditLog&&) noexcept = default;
AuditLog::~AuditLog() = default;

}  // namespace caveat
