// Clients with nothing but sockets, so that a test can be as slow, as silent or as wrong as it wants. Loopback only.
#pragma once

#include "server/transport.hpp"
#include "support/catch.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace caveat::socket_kit {

namespace server = caveat::server;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A socket connected to a port of this machine. Every wait ends after a minute: a test fails rather than hangs.
class Client {
 public:
  explicit Client(std::uint16_t port) : Client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), false) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  /// The other end of a connection that was accepted.
  static Client on(int descriptor) { return {descriptor, true}; }
  Client(Client&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), connected_(other.connected_) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  [[nodiscard]] bool connected() const { return connected_; }

  /// False when the other side has closed.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t put = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  void end_sending() const { ::shutdown(descriptor_, SHUT_WR); }

  /// What is there, at most so much; empty when the other side has closed.
  [[nodiscard]] std::string receive(std::size_t most = 65'536) const {
    std::string out(most, '\0');
    const ssize_t got = ::recv(descriptor_, out.data(), out.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) FAIL("nothing came for a minute, and nobody closed");
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return out;
  }
  /// Everything until the other side closes.
  [[nodiscard]] std::string receive_all() const {
    std::string out;
    for (std::string part = receive(); !part.empty(); part = receive()) out += part;
    return out;
  }
  /// Whether the other side has closed by now.
  [[nodiscard]] bool closed() const {
    char byte = 0;
    return ::recv(descriptor_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

 private:
  Client(int descriptor, bool connected) : descriptor_(descriptor), connected_(connected) {
    const timeval minute{60, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute);
  }

  int descriptor_;
  bool connected_ = false;
};

/// `HTTP/1.1 200 …` → 200; 0 when it is no answer.
inline int status_of(std::string_view answer) {
  constexpr std::string_view kBegin = "HTTP/1.1 ";
  if (!answer.starts_with(kBegin) || answer.size() < kBegin.size() + 3) return 0;
  int status = 0;
  for (const char digit : answer.substr(kBegin.size(), 3)) status = status * 10 + (digit - '0');
  return status;
}

inline std::string get(std::string_view path, std::string_view more = "Connection: close\r\n") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body, std::string_view more = "Connection: close\r\n") {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more) + "\r\n" + std::string(body);
}

/// One request on a connection of its own: its status.
inline int ask(std::uint16_t port, std::string_view request) {
  const Client client(port);
  return client.send(request) ? status_of(client.receive_all()) : 0;
}

/// Answers by a function; the default says 200 with the body that it got.
class Answering final : public server::Handler {
 public:
  using Answer = std::function<void(server::Request, server::Reply)>;
  explicit Answering(Answer answer = echo) : answer_(std::move(answer)) {}

  std::optional<server::Response> admit(const server::Request&) override { return std::nullopt; }
  void handle(server::Request request, server::Reply reply) override { answer_(std::move(request), std::move(reply)); }
  void dress(const server::Request&, server::Response&) override {}
  void note(server::Traffic traffic) override { ++counts_[static_cast<std::size_t>(traffic)]; }
  [[nodiscard]] std::size_t count(server::Traffic traffic) const { return counts_[static_cast<std::size_t>(traffic)]; }

  static void echo(server::Request request, const server::Reply& reply) {
    reply({200, "text/plain", std::move(request.body), {}});
  }

 private:
  Answer answer_;
  std::array<std::atomic<std::size_t>, 5> counts_{};
};

inline server::Transport listen(server::Handler& handler, const server::Limits& limits = {}) {
  server::ListenOptions options;
  options.port = 0;
  options.limits = limits;
  auto transport = server::Transport::listen(options, handler);
  REQUIRE(transport);
  return std::move(*transport);
}

/// Whether a condition comes true within a minute.
inline bool soon(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::usleep(5'000);
  }
  return true;
}

/// As many descriptors as the system gives; whether that is enough.
inline bool raise_descriptors(rlim_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur >= wanted;
}

}  // namespace caveat::socket_kit
