// A campaign of requests that are wrong in every way: seeded, so that a failure can be seen again.
#include "http/http_kit.hpp"
#include "http/socket_kit.hpp"

#include <random>

using namespace caveat;
using namespace caveat::socket_kit;

namespace {

// CAVEAT_SEED and CAVEAT_ROUNDS make it another, or a longer one.
std::uint64_t setting(const char* name, std::uint64_t standard) {
  const char* text = std::getenv(name);
  return text == nullptr ? standard : std::stoull(text);
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  std::string mutate(std::string text) {
    for (std::size_t times = 1 + below(6); times > 0; --times) change(text);
    return text;
  }

 private:
  void change(std::string& text) {
    const std::size_t at = below(text.size()), length = below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (below(7)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(below(text.size()), length)); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, length, static_cast<char>(below(256))); break;
      case 4: text.insert(at, kWords[below(kWords.size())]); break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(below(256));
    }
  }

  static constexpr std::array<std::string_view, 12> kWords = {
      "\r\n", "\r\n\r\n", ": ",    "Content-Length: 5\r\n",   "Transfer-Encoding: chunked\r\n", "%00", "\"", "{",
      "[[[[", "\xff",     "1e999", "Expect: 100-continue\r\n"};
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("http.malformed: 10,000 requests that are wrong are answered or refused, and the service goes on as before") {
  const std::uint64_t seed = setting("CAVEAT_SEED", 20'261'122), rounds = setting("CAVEAT_ROUNDS", 10'000);
  INFO("seed " << seed);
  const auto service = http_kit::open();
  server::Limits limits;
  limits.head_time = limits.body_time = seconds(5);
  auto transport = listen(*service, limits);
  const std::string right = post(std::string("/v1/evaluations?at=") + kit::kAt, http_kit::kPregnant);
  const std::string record =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}}]})";
  const std::array<std::string, 5> seeds = {right, post("/v1/evaluations", record), get("/v1/facts?pack=microneedling"),
                                            get("/openapi.json"),
                                            "POST /v1/evaluations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n"};
  const auto answer_to = [&](const std::string& request) {
    const Client client(transport.port());
    client.send(request);
    client.end_sending();
    return client.receive_all();
  };
  const std::string before = answer_to(right);
  Mutator mutator(seed);
  std::array<std::size_t, 6> classes{};
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::string& from = seeds[mutator.below(seeds.size())];
    const std::size_t body = from.find("\r\n\r\n") + 4;
    // Half of them are good HTTP with a bad body.
    const std::string request =
        mutator.below(2) == 0 && body < from.size() && from.find("Transfer") == std::string::npos
            ? post("/v1/evaluations", mutator.mutate(from.substr(body)))
            : mutator.mutate(from);
    const std::string answer = answer_to(request);
    const int status = status_of(answer);
    if ((!answer.empty() && (status < 100 || status > 599)) || status == 500) {
      INFO(request << "\n---\n" << answer);
      FAIL("round " << round << " was not answered as it should be");
    }
    ++classes[static_cast<std::size_t>(status) / 100];
  }
  CHECK(classes[4] > rounds / 4);  // most of them were seen to be wrong
  CHECK(classes[5] == 0);
  const auto body_of = [](const std::string& answer) { return answer.substr(answer.find("\r\n\r\n")); };
  CHECK(body_of(answer_to(right)) == body_of(before));
  CHECK(soon([&] { return transport.connections() == 0; }));
}
