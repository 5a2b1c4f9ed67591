// A client for the servers that a site allows data to be fetched from. It follows no redirect, believes nothing that it
// is not told to, and ends everything in time. Its sockets are in transport/transport.cpp.
#pragma once

#include <caveat/result.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace caveat::server {

/// An address, taken apart.
struct Address {
  bool tls = true;
  std::string host;    ///< in small letters; an IPv6 address without its brackets
  std::string port;    ///< `443`, `80` when none is given
  std::string target;  ///< from the first slash on; may be empty

  /// `https://host:port` as a client writes it, without the usual port.
  [[nodiscard]] std::string origin() const;
  /// Whether it names this machine.
  [[nodiscard]] bool is_loopback() const;
};

/// `http://` or `https://`, host, port and path. Nothing for anything else: user names, fragments, white space, control
/// characters, backslashes, and paths that lead upwards.
std::optional<Address> parse_address(std::string_view url);

struct ClientOptions {
  std::filesystem::path authorities{};       ///< PEM file of certificates that are trusted; empty: the system's
  std::size_t bytes = std::size_t{8} << 20;  ///< of one answer
  std::size_t at_once = 64;                  ///< requests under way
};

enum class FetchFailure { kBusy, kTimeout, kUnreachable, kUntrusted, kTooLarge, kMalformed };

struct Fetched {
  unsigned status = 0;
  std::string type;  ///< Content-Type
  std::string body;
};

using FetchDone = std::function<void(tl::expected<Fetched, FetchFailure>)>;

class HttpClient {
 public:
  /// kInput when the authorities cannot be read.
  static Result<std::unique_ptr<HttpClient>> open(const ClientOptions& options);

  /// Gets what is there. `bearer` may be empty. `done` is called once, from a thread of the client's, until the
  /// deadline.
  void get(const Address& address, const std::string& bearer, std::chrono::steady_clock::time_point deadline,
           FetchDone done);

  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();  ///< what is under way is dropped

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat::server
