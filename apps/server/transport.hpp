// Transport: listens, reads requests within limits, hands them to a Handler, and writes its answers. HTTP/1.1 by
// Boost.Beast on Asio coroutines, which one translation unit alone knows (transport/transport.cpp).
#pragma once

#include <caveat/result.hpp>

#include "server/handler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace caveat::server {

/// Bounds on what a client may take. Each is held for every connection by itself, but for the last three.
struct Limits {
  std::size_t head_bytes = 16'384;                      ///< request line and headers: 431
  std::size_t body_bytes = std::size_t{4} << 20;        ///< 413
  std::chrono::milliseconds head_time{10'000};          ///< from the first byte to the last of the head; then cut off
  std::chrono::milliseconds body_time{30'000};          ///< for the whole body; then cut off
  std::chrono::milliseconds idle_time{60'000};          ///< between two requests, and before the first one's first byte
  std::chrono::milliseconds write_time{30'000};         ///< for the client to take an answer
  std::chrono::milliseconds answer_time{30'000};        ///< for the handler to give one: 503
  std::chrono::milliseconds drain_time{30'000};         ///< for what is under way, once the service is told to end
  std::size_t connections = 2'048;                      ///< open at once; more are turned away with 503
  std::size_t requests = 512;                           ///< being answered at once: 503
  std::size_t buffered_bytes = std::size_t{256} << 20;  ///< bodies of all requests together: 503
};

/// PEM files: the certificate with its chain, and its key.
struct TlsFiles {
  std::filesystem::path certificate, key;
};

struct ListenOptions {
  std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address, no name
  std::uint16_t port = 8787;          ///< 0: any that is free
  unsigned threads = 0;               ///< that serve connections; 0: one a core, at least two
  std::optional<TlsFiles> tls{};      ///< absent: the connection is not encrypted
  Limits limits{};
};

class Transport {
 public:
  /// Listens; connections are taken from now on. `handler` outlives the transport. kInput when the address is none, or
  /// cannot be listened on, and when the certificate cannot be used.
  static Result<Transport> listen(const ListenOptions& options, Handler& handler);

  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:8787`
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::size_t connections() const;  ///< open now
  [[nodiscard]] std::size_t requests() const;     ///< being answered now

  /// Reads the certificate again, for the connections that come. On failure the old one stays.
  Result<void> renew_certificate();

  /// Takes no more connections, lets requests under way be answered, closes what is idle; returns when all has ended,
  /// or after `Limits::drain_time`, when the rest is cut off.
  void stop();

  Transport(Transport&&) noexcept;
  Transport& operator=(Transport&&) noexcept;
  ~Transport();  ///< stops

 private:
  struct Impl;
  explicit Transport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat::server
