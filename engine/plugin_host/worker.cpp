#include "plugin_host/worker.hpp"

#include <algorithm>
#include <fcntl.h>

namespace caveat {

namespace {

using Clock = std::chrono::steady_clock;

// Address space, of which no more is used than is written. A rule needs some hundred bytes of a request; what one
// profile may say fits many times over into a reply, and a batch that says more is halved.
constexpr std::size_t kRequestBytes = std::size_t{64} << 20;
constexpr std::size_t kReplyBytes = std::size_t{8} << 20;

/// The last part of the time is for a plugin that polls the deadline to come to an end by itself.
constexpr int kGrace = 10;

constexpr std::chrono::milliseconds kPatience{100};

constexpr const char* kGarbled = "its process gave a garbled answer";

std::uint64_t monotonic_ns(Deadline at) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(at.time_since_epoch()).count());
}

}  // namespace

std::string WorkerReply::message() const {
  std::string text(header.message, std::min<std::size_t>(header.message_bytes, wire::kMessageMax));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  return text;
}

std::unique_ptr<Worker> Worker::make(std::unique_ptr<WorkerProcess> process, const IsolationOptions& options,
                                     int library, std::uint32_t runtime_libraries, std::string& failure) {
  auto memory = WorkerMemory::make(kRequestBytes, kReplyBytes);
  if (memory == nullptr) {
    failure = "there is no memory to share with its process";
    return nullptr;
  }
  wire::Assignment assignment;
  assignment.runtime_libraries = runtime_libraries;
  assignment.request_bytes = kRequestBytes;
  assignment.reply_bytes = kReplyBytes;
  assignment.memory_bytes = (std::uint64_t{options.memory_mib} << 20) + kRequestBytes + kReplyBytes;
  assignment.cpu_s = options.cpu_s;
  if (!process->assign(assignment, *memory, library)) {
    failure = "its process has ended";
    return nullptr;
  }
  return std::unique_ptr<Worker>(new Worker(std::move(process), std::move(memory)));
}

std::string Worker::send(wire::Request request, Deadline told, const WriteBody& write_body) {
  wire::Writer body(memory_->request_body());
  write_body(body);
  if (!body.fits()) return "it has more rules than its process has room for";
  wire::RequestHeader& header = memory_->request();
  header.sequence = ++sequence_;
  header.request = request;
  header.cancel = 0;
  header.deadline_ns = monotonic_ns(told);
  header.body_bytes = body.size();
  return memory_->signal() ? std::string() : kGarbled;
}

std::string Worker::ask(wire::Request request, Deadline deadline, const WriteBody& write_body, WorkerReply& reply) {
  const Deadline told = deadline - (deadline - Clock::now()) / kGrace;
  std::string failure = send(request, told, write_body);
  if (failure.empty()) failure = process_->wait(*memory_, told, deadline);
  if (!failure.empty()) return failure;
  reply.header = memory_->reply();
  const auto body = memory_->reply_body();
  if (reply.header.sequence != sequence_ || reply.header.body_bytes > body.size()) return kGarbled;
  reply.body.assign(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(reply.header.body_bytes));
  return {};
}

void Worker::end_in_order() {
  const auto nothing = [](wire::Writer&) {};
  if (send(wire::Request::kUnbind, Clock::now() + kPatience, nothing).empty()) {
    process_->wait_for_end(Clock::now() + kPatience);
  }
}

std::unique_ptr<WorkerProcess> Workers::take_spare() {
  const std::scoped_lock lock(mutex_);
  if (spare_ != nullptr && !spare_->ours()) spare_.reset();  // a fork's parent's
  return std::move(spare_);
}

std::unique_ptr<Worker> Workers::take(int library, std::uint32_t runtime_libraries, std::string& failure) {
  // A descriptor that is copied shares its place in the file with the one it was copied from; one that is opened has
  // its own.
  const Descriptor own(open(("/proc/self/fd/" + std::to_string(library)).c_str(), O_RDONLY | O_CLOEXEC));
  if (!own.is_open()) {
    failure = "its bytes cannot be handed to a process";
    return nullptr;
  }
  const auto make = [&](std::unique_ptr<WorkerProcess> process) {
    return process == nullptr ? nullptr
                              : Worker::make(std::move(process), options_, own.get(), runtime_libraries, failure);
  };
  if (auto worker = make(take_spare())) return worker;
  failure.clear();  // a spare may have been killed while it waited
  return make(WorkerProcess::start(options_.worker, failure));
}

void Workers::refill() {
  const std::scoped_lock lock(mutex_);
  std::string ignored;  // the next take() tries again, and says it
  if (options_.warm_spare && spare_ == nullptr) spare_ = WorkerProcess::start(options_.worker, ignored);
}

}  // namespace caveat
