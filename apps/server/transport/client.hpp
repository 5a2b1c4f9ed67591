// The client's side of sockets. Included by transport.cpp alone.
#pragma once

#include "server/client.hpp"
#include "server/transport/core.hpp"
#include "server/transport/messages.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>

#include <thread>
#include <vector>

namespace caveat::server {

namespace ssl = asio::ssl;

/// Tells what came, once: what comes first counts. A name that is looked up cannot be called off, so the deadline is
/// kept here too.
class FetchOnce : public std::enable_shared_from_this<FetchOnce> {
 public:
  FetchOnce(asio::io_context& io, FetchDone done) : timer_(asio::make_strand(io)), done_(std::move(done)) {}

  void expire_at(std::chrono::steady_clock::time_point deadline) {
    timer_.expires_at(deadline);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->tell(tl::unexpected(FetchFailure::kTimeout));
    });
  }

  void tell(tl::expected<Fetched, FetchFailure> result) {
    if (told_.exchange(true)) return;
    asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
    done_(std::move(result));
  }

 private:
  asio::steady_timer timer_;
  FetchDone done_;
  std::atomic<bool> told_{false};
};

inline FetchFailure failure_of(const boost::system::error_code& error) {
  if (error == beast::error::timeout) return FetchFailure::kTimeout;
  if (error == http::error::body_limit || error == http::error::header_limit) return FetchFailure::kTooLarge;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return FetchFailure::kUnreachable;
  if (error.category() == asio::error::get_ssl_category()) return FetchFailure::kUntrusted;
  if (error.category() == http::make_error_code(http::error::bad_line_ending).category())
    return FetchFailure::kMalformed;
  return FetchFailure::kUnreachable;
}

/// One request on a stream that is connected, and its answer.
template <class Stream>
asio::awaitable<tl::expected<Fetched, FetchFailure>> exchange(Stream& stream, const Address& address,
                                                              const std::string& bearer, std::size_t bytes_max) {
  constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
  http::request<http::empty_body> request(http::verb::get, address.target.empty() ? "/" : address.target, 11);
  request.set(http::field::host, address.origin().substr(address.origin().find("//") + 2));
  request.set(http::field::user_agent, "caveat/" CAVEAT_VERSION);
  request.set(http::field::accept, "application/fhir+json");
  request.set(http::field::connection, "close");
  if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
  const auto [unsent, written] = co_await http::async_write(stream, request, kTuple);
  if (unsent) co_return tl::unexpected(failure_of(unsent));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(bytes_max);
  const auto [unread, read] = co_await http::async_read(stream, buffer, parser, kTuple);
  if (unread) co_return tl::unexpected(failure_of(unread));
  const auto& response = parser.get();
  // Nothing was asked to be packed, so what is packed is not what was asked for.
  if (response.count(http::field::content_encoding) > 0) co_return tl::unexpected(FetchFailure::kMalformed);
  Fetched out;
  out.status = response.result_int();
  out.type = text_of(response[http::field::content_type]);
  out.body = std::move(parser.get().body());
  co_return out;
}

class ClientCore {
 public:
  ClientCore(const ClientOptions& options, ssl::context context)
      : options_(options), context_(std::move(context)), under_way_(options.at_once), work_(io_.get_executor()) {
    constexpr int kThreads = 2;
    for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { run(); });
  }
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;
  ~ClientCore() {
    io_.stop();
    threads_.clear();
  }

  void get(Address address, std::string bearer, std::chrono::steady_clock::time_point deadline, FetchDone done) {
    Share place(under_way_);
    if (!place.grow_to(1)) return done(tl::unexpected(FetchFailure::kBusy));
    const auto once = std::make_shared<FetchOnce>(io_, std::move(done));
    once->expire_at(deadline);
    asio::co_spawn(asio::make_strand(io_),
                   fetch(std::move(address), std::move(bearer), deadline, once, std::move(place)),
                   [once](std::exception_ptr failure) {
                     if (failure) once->tell(tl::unexpected(FetchFailure::kMalformed));
                   });
  }

 private:
  asio::awaitable<void> fetch(Address address, std::string bearer, std::chrono::steady_clock::time_point deadline,
                              std::shared_ptr<FetchOnce> once, [[maybe_unused]] Share place) {
    const auto executor = co_await asio::this_coro::executor;
    if (address.tls) {
      beast::ssl_stream<beast::tcp_stream> stream(executor, context_);
      auto result = co_await fetch_on(stream, address, bearer, deadline);
      once->tell(std::move(result));
    } else {
      beast::tcp_stream stream(executor);
      auto result = co_await fetch_on(stream, address, bearer, deadline);
      once->tell(std::move(result));
    }
  }

  template <class Stream>
  asio::awaitable<tl::expected<Fetched, FetchFailure>> fetch_on(Stream& stream, const Address& address,
                                                                const std::string& bearer,
                                                                std::chrono::steady_clock::time_point deadline) {
    constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
    beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
    tcp::resolver resolver(stream.get_executor());
    const auto [unknown, endpoints] = co_await resolver.async_resolve(address.host, address.port, kTuple);
    if (unknown) co_return tl::unexpected(FetchFailure::kUnreachable);
    lowest.expires_at(deadline);  // for all that follows
    const auto [unconnected, endpoint] = co_await lowest.async_connect(endpoints, kTuple);
    if (unconnected) co_return tl::unexpected(failure_of(unconnected));
    keep_from_children(lowest.socket().native_handle());
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      stream.set_verify_callback(ssl::host_name_verification(address.host));
      boost::system::error_code is_name;
      asio::ip::make_address(address.host, is_name);
      if (is_name) ::SSL_set_tlsext_host_name(stream.native_handle(), address.host.c_str());
      const auto [untrusted] = co_await stream.async_handshake(ssl::stream_base::client, kTuple);
      if (untrusted) co_return tl::unexpected(failure_of(untrusted));
    }
    co_return co_await exchange(stream, address, bearer, options_.bytes);
  }

  void run() {
    for (bool more = true; more;) {
      try {
        io_.run();
        more = false;
      } catch (const std::exception&) {
        log_event(LogLevel::kError, "fetch failed");
      }
    }
  }

  ClientOptions options_;
  ssl::context context_;
  Allowance under_way_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::jthread> threads_;
};

}  // namespace caveat::server
