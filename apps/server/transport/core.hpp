// What all connections share. Included by transport.cpp alone, as everything in this folder.
#pragma once

#include "server/transport/tls.hpp"

#include <boost/asio.hpp>

#include <atomic>
#include <fcntl.h>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace caveat::server {

using tcp = asio::ip::tcp;

/// A process that the service starts, such as a plugin's, gets no client's connection.
inline void keep_from_children(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

/// An amount that is given out up to a bound.
class Allowance {
 public:
  explicit Allowance(std::size_t most) : most_(most) {}
  bool take(std::size_t amount) {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (amount > most_ || taken > most_ - amount) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + amount, std::memory_order_relaxed));
    return true;
  }
  void give_back(std::size_t amount) { taken_.fetch_sub(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// A part of an allowance, given back at the end.
class Share {
 public:
  explicit Share(Allowance& from) : from_(&from) {}
  Share(Share&& other) noexcept : from_(other.from_), held_(std::exchange(other.held_, 0)) {}
  Share& operator=(Share&&) = delete;
  ~Share() { from_->give_back(held_); }

  /// Takes more until so much is held. False when there is no more: what is held stays as it was.
  bool grow_to(std::size_t amount) {
    if (amount <= held_) return true;
    if (!from_->take(amount - held_)) return false;
    held_ = amount;
    return true;
  }

 private:
  Allowance* from_;
  std::size_t held_ = 0;
};

struct Core {
  Core(Handler& answering, const Limits& bounds)
      : handler(answering),
        limits(bounds),
        acceptor(asio::make_strand(io)),
        connections(bounds.connections),
        requests(bounds.requests),
        buffered(bounds.buffered_bytes) {}

  /// Ends a connection that waits for a request; with `force` any.
  using Ending = std::function<void(bool force)>;

  std::list<Ending>::iterator enter(Ending ending) {
    const std::lock_guard lock(mutex);
    return endings.insert(endings.end(), std::move(ending));
  }
  void leave(std::list<Ending>::iterator place) {
    const std::lock_guard lock(mutex);
    endings.erase(place);
  }
  void end_connections(bool force) {
    const std::lock_guard lock(mutex);
    for (const Ending& ending : endings) ending(force);
  }

  Handler& handler;
  Limits limits;
  asio::io_context io;
  tcp::acceptor acceptor;
  TlsContext tls;
  std::atomic<bool> stopping{false};
  Allowance connections, requests, buffered;
  std::mutex mutex;
  std::list<Ending> endings;  ///< of the connections that are open
};

}  // namespace caveat::server
