// Worker: a process with the memory that it shares, spoken to by requests. Internal to plugin_host.
#pragma once

#include "plugin_abi/bytes.hpp"
#include "plugin_host/worker_process.hpp"

#include <caveat/options.hpp>

#include <functional>
#include <mutex>
#include <vector>

namespace caveat {

/// What a worker answered, copied once and of the request that was made. Otherwise nothing in it has been checked.
struct WorkerReply {
  wire::ReplyHeader header;
  std::vector<std::byte> body;

  /// The worker's message, printable.
  [[nodiscard]] std::string message() const;
};

/// Not thread-safe. Its end ends the process.
class Worker {
 public:
  /// A worker for the library behind `library`, of which `runtime_libraries` says what it needs
  /// (wire::kRuntimeLibraries). Null, and why, when there is none to be had.
  static std::unique_ptr<Worker> make(std::unique_ptr<WorkerProcess> process, const IsolationOptions& options,
                                      int library, std::uint32_t runtime_libraries, std::string& failure);

  using WriteBody = std::function<void(wire::Writer&)>;
  /// Asks and waits. What went wrong, or empty: then `reply` is the answer. After a failure there is no process any
  /// more.
  std::string ask(wire::Request request, Deadline deadline, const WriteBody& write_body, WorkerReply& reply);

  /// Asks it to end, and waits a moment for that.
  void end_in_order();

  /// After a fork it belongs to the parent: its end then ends nothing.
  [[nodiscard]] bool ours() const { return process_->ours(); }

 private:
  Worker(std::unique_ptr<WorkerProcess> process, std::unique_ptr<WorkerMemory> memory)
      : process_(std::move(process)), memory_(std::move(memory)) {}
  /// What went wrong, or empty.
  std::string send(wire::Request request, Deadline told, const WriteBody& write_body);

  std::unique_ptr<WorkerProcess> process_;
  std::unique_ptr<WorkerMemory> memory_;
  std::uint64_t sequence_ = 0;
};

/// Starts processes, and keeps one more at hand than is needed, so that the next plugin that loses its own does not
/// wait for the start of a program. Any thread may call.
class Workers {
 public:
  explicit Workers(IsolationOptions options) : options_(std::move(options)) {}
  std::unique_ptr<Worker> take(int library, std::uint32_t runtime_libraries, std::string& failure);
  /// Sees to it that one process is at hand.
  void refill();
  [[nodiscard]] const IsolationOptions& options() const { return options_; }

 private:
  std::unique_ptr<WorkerProcess> take_spare();

  IsolationOptions options_;
  std::mutex mutex_;
  std::unique_ptr<WorkerProcess> spare_;
};

}  // namespace caveat
