// One connection: requests in turn, each within its limits, until one side has had enough.
#pragma once

#include "server/transport/exchange.hpp"
#include "server/transport/messages.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>

#include <tuple>
#include <type_traits>

namespace caveat::server {

/// A connection as the rest of the service sees it: whether it is idle, and how it is ended. Used in its strand alone.
template <class Stream>
struct Connection {
  template <class... Arguments>
  explicit Connection(Arguments&&... arguments) : stream(std::forward<Arguments>(arguments)...) {}
  Stream stream;
  beast::flat_buffer buffer;
  bool idle = false;                 ///< waits for a request's first byte
  std::weak_ptr<Exchange> exchange;  ///< waits for an answer
  std::shared_ptr<void> keeps;       ///< what the stream refers to

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream); }

  void end(bool force) {
    boost::system::error_code unread;
    const bool silent = idle && lowest().socket().available(unread) == 0;
    if (silent && !force) lowest().cancel();
    if (!force) return;
    if (const auto waiting = exchange.lock()) waiting->give_up();
    lowest().close();
  }
};

template <class Stream>
class Session {
 public:
  Session(Core& core, std::shared_ptr<Connection<Stream>> connection)
      : core_(core), limits_(core.limits), here_(std::move(connection)) {}

  /// Returns when the connection is to be closed.
  asio::awaitable<void> run() {
    bool more = co_await greet();
    while (more) more = co_await serve_one();
    if constexpr (kTls) co_await part();
  }

 private:
  using Parser = http::request_parser<http::string_body>;
  static constexpr bool kTls = !std::is_same_v<Stream, beast::tcp_stream>;

  asio::awaitable<bool> greet() {
    if constexpr (kTls) {
      here_->lowest().expires_after(limits_.head_time);
      const auto [error] = co_await here_->stream.async_handshake(asio::ssl::stream_base::server, kTuple);
      if (error) core_.handler.note(Traffic::kRefused);
      co_return !error;
    }
    co_return true;
  }

  // Tells the other side that nothing was cut short.
  asio::awaitable<void> part() {
    if constexpr (kTls) {
      here_->lowest().expires_after(kMoment);
      co_await here_->stream.async_shutdown(kTuple);
    }
  }

  asio::awaitable<bool> serve_one() {
    const bool begun = co_await wait_for_request();
    if (!begun) co_return false;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.head_bytes));
    parser.body_limit(limits_.body_bytes);
    here_->lowest().expires_after(limits_.head_time);
    const auto [error, read] = co_await http::async_read_header(here_->stream, here_->buffer, parser, kTuple);
    // A body that is too large is refused by its head, which is there.
    Request request = !error || error == http::error::body_limit ? head_of(parser.get()) : Request{};
    if (error) co_return co_await refuse(error, request);
    if (auto refusal = check_head(parser.get())) co_return co_await refuse(*std::move(refusal), request);
    auto refusal = core_.handler.admit(request);
    if (refusal && parser.is_done()) co_return co_await write(*std::move(refusal), request.method, parser.keep_alive());
    if (refusal) co_return co_await turn_back(*std::move(refusal));
    co_return co_await answer(std::move(request), parser);
  }

  asio::awaitable<bool> wait_for_request() {
    if (here_->buffer.size() > 0) co_return true;  // it came with the one before
    constexpr std::size_t kPiece = 4'096;
    here_->idle = true;
    here_->lowest().expires_after(limits_.idle_time);
    const auto [error, read] = co_await here_->stream.async_read_some(here_->buffer.prepare(kPiece), kTuple);
    here_->idle = false;
    if (!error) here_->buffer.commit(read);
    co_return !error;
  }

  asio::awaitable<bool> answer(Request request, Parser& parser) {
    Share held(core_.buffered);
    const bool whole = co_await read_body(parser, held, request);
    if (!whole) co_return false;
    request.body = std::move(parser.get().body());
    const Method method = request.method;
    Response response = co_await ask(std::move(request));
    co_return co_await write(std::move(response), method, parser.keep_alive());
  }

  asio::awaitable<Response> ask(Request request) {
    Share turn(core_.requests);
    if (!turn.grow_to(1)) {
      Response refusal = overloaded();
      core_.handler.dress(request, refusal);
      co_return refusal;
    }
    auto exchange = std::make_shared<Exchange>();
    here_->exchange = exchange;
    hand_over(std::move(request), exchange->reply());
    co_return co_await exchange->wait(here_->stream.get_executor(), limits_.answer_time);
  }

  asio::awaitable<bool> read_body(Parser& parser, Share& held, const Request& head) {
    if (parser.is_done()) co_return true;
    here_->lowest().expires_after(limits_.body_time);  // for all of it, however it comes
    if (expects_go_ahead(parser.get())) {
      const asio::const_buffer line = asio::buffer(kGoAhead);
      const auto [error, written] = co_await asio::async_write(here_->stream, line, kTuple);
      if (error) co_return false;
    }
    while (!parser.is_done()) {
      const auto [error, read] = co_await http::async_read_some(here_->stream, here_->buffer, parser, kTuple);
      if (error) co_return co_await refuse(error, head);
      if (!held.grow_to(parser.get().body().size())) co_return co_await refuse(overloaded(), head);
    }
    co_return true;
  }

  // A handler that throws has failed for this request alone: the reply's last copy says so.
  void hand_over(Request request, Reply reply) {
    try {
      core_.handler.handle(std::move(request), std::move(reply));
    } catch (const std::exception&) {
      log_event(LogLevel::kError, "request failed");
    }
  }

  asio::awaitable<bool> refuse(boost::system::error_code error, const Request& head) {
    auto refusal = problem_of(error);
    if (refusal) co_return co_await refuse(*std::move(refusal), head);
    if (error == beast::error::timeout) core_.handler.note(Traffic::kCutOff);
    co_return false;
  }

  // The connection cannot go on: what the client still sends is not what this side would take it for.
  asio::awaitable<bool> refuse(Response refusal, const Request& head) {
    core_.handler.note(Traffic::kRefused);
    core_.handler.dress(head, refusal);
    co_return co_await turn_back(std::move(refusal));
  }

  asio::awaitable<bool> turn_back(Response refusal) {
    co_await write(std::move(refusal), Method::kOther, false);
    co_await let_read();
    co_return false;
  }

  asio::awaitable<bool> write(Response response, Method method, bool keep_alive) {
    const bool keep = keep_alive && !core_.stopping;
    here_->lowest().expires_after(limits_.write_time);
    boost::system::error_code error;
    if (method == Method::kHead || response.status == 204) {
      auto message = without_body(response, keep);
      std::tie(error, std::ignore) = co_await http::async_write(here_->stream, message, kTuple);
    } else {
      auto message = with_body(std::move(response), keep);
      std::tie(error, std::ignore) = co_await http::async_write(here_->stream, message, kTuple);
    }
    if (error == beast::error::timeout) core_.handler.note(Traffic::kCutOff);
    const bool more = keep && !error;
    co_return more;
  }

  // Closing with bytes unread would make the system take the answer back. So what comes is read and dropped for a
  // moment.
  asio::awaitable<void> let_read() {
    constexpr std::size_t kPiece = 16'384;
    boost::system::error_code error;
    if constexpr (kTls) co_await part();
    here_->lowest().socket().shutdown(tcp::socket::shutdown_send, error);
    here_->lowest().expires_after(kMoment);
    while (!error) {
      here_->buffer.clear();
      const auto [ended, read] = co_await here_->lowest().async_read_some(here_->buffer.prepare(kPiece), kTuple);
      error = ended;
    }
  }

  static constexpr std::chrono::seconds kMoment{5};
  static constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

  Core& core_;
  const Limits& limits_;
  std::shared_ptr<Connection<Stream>> here_;
};

}  // namespace caveat::server
