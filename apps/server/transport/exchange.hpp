// Exchange: waits for a handler's answer without holding a thread. Most answers are there at once.
#pragma once

#include "server/problem.hpp"
#include "server/transport/core.hpp"

#include <optional>

namespace caveat::server {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  /// `executor` is the connection's strand.
  explicit Exchange(asio::any_io_executor executor) : timer_(std::move(executor)) {}

  Reply reply() {
    return Reply([self = shared_from_this()](Response response) { self->deliver(std::move(response)); });
  }

  asio::awaitable<Response> wait(std::chrono::milliseconds longest) {
    if (!arrived()) {
      timer_.expires_after(longest);
      co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return take();
  }

  /// Ends the wait without an answer. In the strand.
  void give_up() { timer_.cancel(); }

 private:
  void deliver(Response response) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;  // it came too late
    response_ = std::move(response);
    // INVARIANT: the timer is touched in the strand alone, where this runs once the wait has begun.
    if (awaited_) asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
  }

  bool arrived() {
    const std::lock_guard lock(mutex_);
    awaited_ = !response_.has_value();
    return response_.has_value();
  }

  Response take() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (response_) return *std::move(response_);
    return problem(503, "too-slow", "the answer took longer than the service allows");
  }

  asio::steady_timer timer_;
  std::mutex mutex_;
  std::optional<Response> response_;
  bool awaited_ = false, closed_ = false;
};

}  // namespace caveat::server
