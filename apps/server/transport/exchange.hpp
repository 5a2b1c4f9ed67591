// Exchange: waits for a handler's answer without holding a thread. Most answers are there at once.
#pragma once

#include "server/problem.hpp"
#include "server/transport/core.hpp"

#include <optional>

namespace caveat::server {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Reply reply() {
    return Reply([self = shared_from_this()](Response response) { self->deliver(std::move(response)); });
  }

  /// In the connection's strand, which `executor` is.
  asio::awaitable<Response> wait(asio::any_io_executor executor, std::chrono::milliseconds longest) {
    asio::steady_timer timer(std::move(executor), longest);
    if (begin(timer)) co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return end();
  }

  /// Ends the wait without an answer. In the strand.
  void give_up() {
    if (timer_ != nullptr) timer_->cancel();
  }

 private:
  // False when the answer is there already.
  bool begin(asio::steady_timer& timer) {
    const std::lock_guard lock(mutex_);
    if (!response_) timer_ = &timer;
    return timer_ != nullptr;
  }

  void deliver(Response response) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;  // it came too late
    response_ = std::move(response);
    if (timer_ != nullptr) asio::post(timer_->get_executor(), [self = shared_from_this()] { self->give_up(); });
  }

  Response end() {
    const std::lock_guard lock(mutex_);
    timer_ = nullptr;
    closed_ = true;
    if (response_) return *std::move(response_);
    return problem(503, "too-slow", "the answer took longer than the service allows");
  }

  // INVARIANT: nothing of the service is owned here, since a handler may keep its reply for longer than the service
  // lives. The timer is the waiting connection's; it is written in the strand under the lock, and used in the strand.
  asio::steady_timer* timer_ = nullptr;
  std::mutex mutex_;
  std::optional<Response> response_;
  bool closed_ = false;
};

}  // namespace caveat::server
