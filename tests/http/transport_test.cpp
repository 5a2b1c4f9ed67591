#include "http/socket_kit.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

using namespace caveat;
using namespace caveat::socket_kit;
using server::Limits;
using server::Traffic;

namespace {

constexpr std::size_t kSlowClients = 64;

std::vector<Client> clients(std::uint16_t port, std::size_t count) {
  std::vector<Client> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.emplace_back(port);
    REQUIRE(out.back().connected());
  }
  return out;
}

// Sends a byte to each, over and over, until the service has closed all of them. Their number that are left at the end.
std::size_t drip(std::vector<Client>& slow) {
  std::size_t left = slow.size();
  const auto end = std::chrono::steady_clock::now() + seconds(60);
  while (left > 0 && std::chrono::steady_clock::now() < end) {
    left = 0;
    for (Client& client : slow) {
      if (!client.closed() && client.send("a")) ++left;
    }
    std::this_thread::sleep_for(milliseconds(20));
  }
  return left;
}

}  // namespace

TEST_CASE("http.slow: 64 clients that never finish their heads are cut off while others are served") {
  Answering handler;
  Limits limits;
  limits.head_time = seconds(1);
  auto transport = listen(handler, limits);
  auto slow = clients(transport.port(), kSlowClients);
  for (Client& client : slow) REQUIRE(client.send("GET / HTTP/1.1\r\nHost: x\r\nA: "));
  std::size_t left = 1;
  std::thread dripping([&] { left = drip(slow); });
  std::size_t served = 0;
  for (int i = 0; i < 100; ++i) served += ask(transport.port(), get("/")) == 200 ? 1U : 0U;
  dripping.join();
  CHECK(served == 100);
  CHECK(left == 0);
  CHECK(handler.count(Traffic::kCutOff) == kSlowClients);
  CHECK(ask(transport.port(), get("/")) == 200);
}

TEST_CASE("http.slow: 64 clients that never finish their bodies are cut off while others are served") {
  Answering handler;
  Limits limits;
  limits.body_time = seconds(1);
  limits.requests = 8;  // what is still being sent takes no turn
  auto transport = listen(handler, limits);
  auto slow = clients(transport.port(), kSlowClients);
  for (Client& client : slow) REQUIRE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"));
  std::size_t left = 1;
  std::thread dripping([&] { left = drip(slow); });
  std::size_t served = 0;
  for (int i = 0; i < 100; ++i) served += ask(transport.port(), post("/", "body")) == 200 ? 1U : 0U;
  dripping.join();
  CHECK(served == 100);
  CHECK(left == 0);
  CHECK(handler.count(Traffic::kCutOff) == kSlowClients);
}

TEST_CASE("http.slow: a client that does not take its answer is cut off") {
  Answering handler([](const server::Request&, const server::Reply& reply) {
    reply({200, "text/plain", std::string(std::size_t{32} << 20, 'x'), {}});
  });
  Limits limits;
  limits.write_time = seconds(1);
  auto transport = listen(handler, limits);
  const Client client(transport.port());
  REQUIRE(client.send(get("/")));
  CHECK(soon([&] { return handler.count(Traffic::kCutOff) == 1; }));
  CHECK(soon([&] { return transport.connections() == 0; }));
}

TEST_CASE("http.idle: 1,000 connections that say nothing cost others nothing, and are closed in time") {
  if (!raise_descriptors(2'200)) {
    WARN("skipped: the system gives too few descriptors");
    return;
  }
  Answering handler;
  Limits limits;
  limits.idle_time = seconds(120);
  auto transport = listen(handler, limits);
  auto idle = clients(transport.port(), 1'000);
  for (std::size_t i = 0; i < idle.size(); i += 2) {  // half of them have been served before
    REQUIRE(idle[i].send(get("/", "")));
    REQUIRE(status_of(idle[i].receive()) == 200);
  }
  CHECK(soon([&] { return transport.connections() == 1'000; }));
  for (int i = 0; i < 100; ++i) REQUIRE(ask(transport.port(), get("/")) == 200);
  CHECK(transport.connections() >= 1'000);
  for (const Client& client : idle) CHECK_FALSE(client.closed());
  transport.stop();
  CHECK(transport.connections() == 0);
  for (const Client& client : idle) CHECK(client.closed());
}

TEST_CASE("http.idle: a connection is closed when nothing has come for a while") {
  Answering handler;
  Limits limits;
  limits.idle_time = milliseconds(200);
  auto transport = listen(handler, limits);
  const Client silent(transport.port()), served(transport.port());
  REQUIRE(served.send(get("/", "")));
  CHECK(status_of(served.receive_all()) == 200);
  CHECK(silent.receive_all().empty());
  CHECK(handler.count(Traffic::kCutOff) == 0);  // that is no fault of theirs
}

TEST_CASE("http.limits: connections over the limit are turned away, and taken again when there is room") {
  Answering handler;
  Limits limits;
  limits.connections = 4;
  auto transport = listen(handler, limits);
  {
    auto four = clients(transport.port(), 4);
    CHECK(soon([&] { return transport.connections() == 4; }));
    CHECK(status_of(Client(transport.port()).receive_all()) == 503);
    CHECK(handler.count(Traffic::kTurnedAway) == 1);
    REQUIRE(four.front().send(get("/")));
    CHECK(status_of(four.front().receive_all()) == 200);
  }
  CHECK(soon([&] { return transport.connections() == 0; }));
  CHECK(ask(transport.port(), get("/")) == 200);
}

TEST_CASE("http.limits: requests over the limit are told to come again, on a connection that lives on") {
  std::mutex mutex;
  std::vector<server::Reply> waiting;
  Answering handler([&](const server::Request&, const server::Reply& reply) {
    const std::lock_guard lock(mutex);
    waiting.push_back(reply);
  });
  Limits limits;
  limits.requests = 2;
  auto transport = listen(handler, limits);
  auto two = clients(transport.port(), 2);
  for (Client& client : two) REQUIRE(client.send(get("/")));
  CHECK(soon([&] { return transport.requests() == 2; }));
  const Client third(transport.port());
  REQUIRE(third.send(get("/", "")));
  const std::string refused = third.receive();
  CHECK(status_of(refused) == 503);
  CHECK(refused.find("Retry-After: 1") != std::string::npos);
  {
    const std::lock_guard lock(mutex);
    for (const server::Reply& reply : waiting) reply({200, "text/plain", "late", {}});
  }
  for (Client& client : two) CHECK(status_of(client.receive_all()) == 200);
  REQUIRE(third.send(get("/", "")));
  CHECK(soon([&] { return transport.requests() == 1; }));
  const std::lock_guard lock(mutex);
  waiting.back()({200, "text/plain", "now", {}});
  CHECK(status_of(third.receive()) == 200);
}

TEST_CASE("http.limits: bodies take no more memory together than is allowed") {
  std::mutex mutex;
  std::vector<server::Reply> waiting;
  Answering handler([&](const server::Request& request, const server::Reply& reply) {
    const std::lock_guard lock(mutex);
    if (request.target == "/wait") return waiting.push_back(reply);
    reply({200, "text/plain", "", {}});
  });
  Limits limits;
  limits.buffered_bytes = 300'000;
  auto transport = listen(handler, limits);
  const std::string rest = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n";
  const std::string body(200'000, 'x');
  const Client first(transport.port());
  REQUIRE(first.send("POST /wait" + rest + body));
  CHECK(soon([&] { return transport.requests() == 1; }));  // so its body is held, until it is answered
  CHECK(ask(transport.port(), get("/")) == 200);
  const Client other(transport.port());
  CHECK((!other.send("POST /" + rest + body) || status_of(other.receive_all()) == 503));
  CHECK(soon([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == 1;
  }));
  {
    const std::lock_guard lock(mutex);
    waiting.front()({200, "text/plain", "", {}});
  }
  CHECK(status_of(first.receive_all()) == 200);
  CHECK(soon([&] {  // it is given back once the answer is out
    const Client second(transport.port());
    return second.send("POST /" + rest + body) && status_of(second.receive_all()) == 200;
  }));
}

TEST_CASE("http.answers: come later and from elsewhere, or too late, or never") {
  std::vector<std::jthread> elsewhere;
  std::mutex mutex;
  std::vector<server::Reply> kept;
  Answering handler([&](const server::Request& request, const server::Reply& reply) {
    const std::lock_guard lock(mutex);
    if (request.target == "/throw") throw std::runtime_error("a defect");
    if (request.target == "/keep") kept.push_back(reply);
    if (request.target != "/later") return;
    elsewhere.emplace_back([reply] {
      std::this_thread::sleep_for(milliseconds(50));
      reply({200, "text/plain", "later", {}});
    });
  });
  Limits limits;
  limits.answer_time = seconds(1);
  auto transport = listen(handler, limits);
  CHECK(ask(transport.port(), get("/later")) == 200);
  CHECK(ask(transport.port(), get("/forget")) == 500);
  CHECK(ask(transport.port(), get("/throw")) == 500);
  CHECK(ask(transport.port(), get("/keep")) == 503);
  const std::lock_guard lock(mutex);
  kept.front()({200, "text/plain", "nobody waits for this", {}});
}

TEST_CASE("http.answers: a reply may be kept for longer than the service lives") {
  std::mutex mutex;
  std::optional<server::Reply> kept;
  Answering handler([&](const server::Request&, const server::Reply& reply) {
    const std::lock_guard lock(mutex);
    kept = reply;
  });
  Limits limits;
  limits.answer_time = milliseconds(50);
  {
    auto transport = listen(handler, limits);
    CHECK(ask(transport.port(), get("/")) == 503);
  }
  (*kept)({200, "text/plain", "nobody is there", {}});
}

TEST_CASE("http.stop: what is not answered in time is cut off") {
  std::vector<server::Reply> kept;
  std::mutex mutex;
  Answering handler([&](const server::Request&, const server::Reply& reply) {
    const std::lock_guard lock(mutex);
    kept.push_back(reply);
  });
  Limits limits;
  limits.drain_time = milliseconds(300);
  auto transport = listen(handler, limits);
  const Client client(transport.port()), slow(transport.port());
  REQUIRE(client.send(get("/")));
  REQUIRE(slow.send("GET / HT"));
  CHECK(soon([&] { return transport.requests() == 1; }));
  transport.stop();
  CHECK(transport.connections() == 0);
  CHECK(slow.receive_all().empty());
  CHECK_FALSE(Client(transport.port()).connected());
}

TEST_CASE("http.listen: what cannot be listened on is an input error") {
  Answering handler;
  const auto first = listen(handler);
  const auto code_of = [&](const std::string& address, std::uint16_t port) -> std::string {
    server::ListenOptions options;
    options.address = address;
    options.port = port;
    const auto transport = server::Transport::listen(options, handler);
    if (transport) return "listens";
    CHECK(transport.error().kind == ErrorKind::kInput);
    return transport.error().diagnostics.front().code;
  };
  CHECK(code_of("127.0.0.1", first.port()) == "cannot-listen");
  CHECK(code_of("localhost", 0) == "cannot-listen");
  CHECK(code_of("192.0.2.1", 0) == "cannot-listen");  // an address of nobody (RFC 5737)
  CHECK(code_of("127.0.0.1", 0) == "listens");
}
