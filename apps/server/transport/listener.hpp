// Takes connections, as many as are allowed, and starts a session on each.
#pragma once

#include "server/transport/session.hpp"

namespace caveat::server {

template <class Stream>
asio::awaitable<void> serve_connection(Core& core, std::shared_ptr<Connection<Stream>> connection,
                                       [[maybe_unused]] Share place) {
  const auto executor = connection->stream.get_executor();
  const std::weak_ptr<Connection<Stream>> weak = connection;
  const auto entry = core.enter([weak, executor](bool force) {
    asio::post(executor, [weak, force] {
      if (const auto still = weak.lock()) still->end(force);
    });
  });
  Session<Stream> session(core, connection);
  std::exception_ptr failure;
  try {
    co_await session.run();
  } catch (...) {
    failure = std::current_exception();
  }
  core.leave(entry);
  core.handler.note(Traffic::kClosed);
  boost::system::error_code ignored;
  connection->lowest().socket().shutdown(tcp::socket::shutdown_both, ignored);
  connection->lowest().close();
  if (failure) std::rethrow_exception(failure);
}

/// One that is too many hears so, without anything being read of it. Under TLS it hears nothing: a handshake would cost
/// more than an answer.
inline asio::awaitable<void> turn_away(Core& core, beast::tcp_stream stream) {
  if (core.tls.get() != nullptr) co_return;
  constexpr std::chrono::seconds kMoment{1};
  auto message = with_body(overloaded(), false);
  stream.expires_after(kMoment);
  co_await http::async_write(stream, message, asio::as_tuple(asio::use_awaitable));
  stream.close();
}

using TlsConnection = Connection<beast::ssl_stream<beast::tcp_stream>>;

template <class Stream>
void start_session(Core& core, std::shared_ptr<Connection<Stream>> connection, Share place) {
  const auto executor = connection->stream.get_executor();
  asio::co_spawn(executor, serve_connection(core, std::move(connection), std::move(place)), [](std::exception_ptr e) {
    if (e) log_event(LogLevel::kError, "connection failed");
  });
}

inline void start_connection(Core& core, tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  keep_from_children(socket.native_handle());
  beast::tcp_stream stream(std::move(socket));
  const auto executor = stream.get_executor();
  Share place(core.connections);
  if (!place.grow_to(1)) {
    core.handler.note(Traffic::kTurnedAway);
    asio::co_spawn(executor, turn_away(core, std::move(stream)), asio::detached);
    return;
  }
  core.handler.note(Traffic::kOpened);
  if (const auto context = core.tls.get()) {
    auto connection = std::make_shared<TlsConnection>(std::move(stream), *context);
    connection->keeps = context;
    start_session(core, std::move(connection), std::move(place));
  } else {
    start_session(core, std::make_shared<Connection<beast::tcp_stream>>(std::move(stream)), std::move(place));
  }
}

inline asio::awaitable<void> accept_connections(Core& core) {
  constexpr std::chrono::milliseconds kBreath{50};
  asio::steady_timer pause(core.acceptor.get_executor());
  while (!core.stopping) {
    tcp::socket socket(asio::make_strand(core.io));
    const auto [error] = co_await core.acceptor.async_accept(socket, asio::as_tuple(asio::use_awaitable));
    if (!error) {
      start_connection(core, std::move(socket));
    } else if (error != asio::error::operation_aborted) {  // no descriptor is left, or the client is gone already
      pause.expires_after(kBreath);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
}

}  // namespace caveat::server
