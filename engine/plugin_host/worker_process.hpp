// WorkerProcess: one process in which a plugin may run, from its start to its end. Internal to plugin_host.
#pragma once

#include "base/descriptor.hpp"
#include "plugin_abi/protocol.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <sys/types.h>

namespace caveat {

/// Memory that is shared with a worker: a request, which only the host writes, and a reply, which only the worker does.
class WorkerMemory {
 public:
  /// Null when the machine has none.
  static std::unique_ptr<WorkerMemory> make(std::size_t request_bytes, std::size_t reply_bytes);
  ~WorkerMemory();
  WorkerMemory(const WorkerMemory&) = delete;
  WorkerMemory& operator=(const WorkerMemory&) = delete;

  [[nodiscard]] wire::RequestHeader& request() const { return *static_cast<wire::RequestHeader*>(request_); }
  [[nodiscard]] std::span<std::byte> request_body() const;
  /// Changes under the reader's eyes: copy, then look.
  [[nodiscard]] const wire::ReplyHeader& reply() const { return *static_cast<const wire::ReplyHeader*>(reply_); }
  [[nodiscard]] std::span<const std::byte> reply_body() const;

  [[nodiscard]] const Descriptor& request_fd() const { return request_fd_; }
  [[nodiscard]] const Descriptor& reply_fd() const { return reply_fd_; }
  [[nodiscard]] const Descriptor& request_event() const { return request_event_; }
  [[nodiscard]] const Descriptor& reply_event() const { return reply_event_; }
  /// Tells the worker that there is a request. False when the worker has spoiled the means to.
  [[nodiscard]] bool signal() const;

 private:
  WorkerMemory() = default;
  Descriptor request_fd_, reply_fd_, request_event_, reply_event_;
  void* request_ = nullptr;
  void* reply_ = nullptr;
  std::size_t request_bytes_ = 0, reply_bytes_ = 0;
};

using Deadline = std::chrono::steady_clock::time_point;

class WorkerProcess {
 public:
  /// Starts the program, which then waits for what to load. Null, and why, when that fails.
  static std::unique_ptr<WorkerProcess> start(const std::filesystem::path& program, std::string& failure);
  /// Ends the process at once, and waits for its end.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Tells it what to load and over which memory to speak. False when it is gone already.
  bool assign(const wire::Assignment& assignment, const WorkerMemory& memory, int library);

  /// Waits for a reply; from `told` on the plugin is asked to stop. Empty when there is a reply; else the process has
  /// ended, or is ended now because the deadline is over, and this says how: "it ended itself (abort)".
  std::string wait(const WorkerMemory& memory, Deadline told, Deadline deadline);

  /// Waits until it has ended by itself, up to the deadline.
  void wait_for_end(Deadline deadline) const;

  /// Whether this process started it: after a fork it is the parent's.
  [[nodiscard]] bool ours() const;

 private:
  WorkerProcess(Descriptor pidfd, Descriptor socket);
  void stop() const;
  std::string end(const WorkerMemory& memory, std::string why);
  siginfo_t reap();

  pid_t host_;
  Descriptor pidfd_, socket_;
  bool reaped_ = false;
};

}  // namespace caveat
