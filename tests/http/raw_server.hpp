// A server with nothing but sockets, so that it can be as wrong as a test wants. Loopback only.
#pragma once

#include "http/socket_kit.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace caveat::socket_kit {

class RawServer {
 public:
  /// What it does with each connection, in a thread of its own; the connection is closed afterwards.
  using Talk = std::function<void(const Client&)>;

  explicit RawServer(Talk talk) : talk_(std::move(talk)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 64) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (std::thread& each : talking_) each.join();
    ::close(listener_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept_all() {
    while (!ending_) {
      const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) continue;
      talking_.emplace_back([this, accepted] { talk_(Client::on(accepted)); });
    }
  }

  Talk talk_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_{false};
  std::vector<std::thread> talking_;
  std::thread accepting_;
};

}  // namespace caveat::socket_kit
