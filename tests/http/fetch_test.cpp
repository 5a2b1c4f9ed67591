// Fetching from FHIR servers that do what they should, and from those that stall, lie, die or lead elsewhere. All are
// real servers on this machine.
#include "http/cds_kit.hpp"
#include "http/raw_server.hpp"
#include "http/tls_kit.hpp"
#include "server/json_parts.hpp"

#include <mutex>

using namespace caveat;
using namespace caveat::cds_kit;
using namespace caveat::socket_kit;
using server::Request;
using server::Response;

namespace {

constexpr const char* kView = "microneedling-patient-view";
constexpr std::string_view kBase = "/fhir";

/// A FHIR server: answers each target below its base by a function, and remembers what it was asked.
class FhirHost {
 public:
  using Answer = std::function<Response(const std::string& target)>;
  explicit FhirHost(Answer answer, std::optional<server::TlsFiles> tls = std::nullopt)
      : handler_([this, answer = std::move(answer)](const Request& request, const server::Reply& reply) {
          {
            const std::lock_guard lock(mutex_);
            asked_.push_back(request);
          }
          reply(answer(request.target.substr(kBase.size())));
        }) {
    server::ListenOptions options;
    options.port = 0;
    options.tls = std::move(tls);
    auto listening = server::Transport::listen(options, handler_);
    REQUIRE(listening);
    transport_.emplace(std::move(*listening));
  }

  [[nodiscard]] std::string url() const { return transport_->url() + std::string(kBase); }
  [[nodiscard]] std::vector<Request> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::vector<Request> asked_;
  Answering handler_;
  std::optional<server::Transport> transport_;
};

Response fhir(const json::value& resource, unsigned status = 200) {
  return {status, "application/fhir+json", json::serialize(resource), {}};
}

const json::object kPatient = {{"resourceType", "Patient"}, {"id", "p-1"}, {"birthDate", "1990-02-01"}};

/// What a good server would say.
Response good(const std::string& target) {
  if (target == "/Patient/p-1") return fhir(kPatient);
  if (target.starts_with("/Condition?patient=p-1&code=")) return fhir(bundle({condition("77386006")}));
  if (target.starts_with("/Observation?patient=p-1&code=")) return fhir(bundle({}));
  return fhir(outcome("no such thing"), 404);
}

std::unique_ptr<server::Service> allowing(const std::string& url, std::chrono::milliseconds time = seconds(20),
                                          std::size_t bytes = std::size_t{8} << 20,
                                          std::filesystem::path authorities = {}) {
  server::ServiceOptions options = http_kit::serving(http_kit::shipped());
  const auto server = server::FhirServer::parse(url);
  REQUIRE(server);
  options.fhir_servers = {*server};
  options.fetch_time = time;
  options.client.bytes = bytes;
  options.client.authorities = std::move(authorities);
  return http_kit::open(std::move(options));
}

json::object asking(const std::string& url, json::object prefetched = {}) {
  json::object request = call("patient-view", std::move(prefetched));
  request["fhirServer"] = url;
  request["fhirAuthorization"] = {{"access_token", "secret-token"},
                                  {"token_type", "Bearer"},
                                  {"expires_in", 300},
                                  {"scope", "patient/*.read"},
                                  {"subject", "caveat"}};
  return request;
}

/// `412 code code …` of an OperationOutcome; `200 topic …` of cards.
std::string came_of(const Response& response) {
  INFO(response.body);
  const json::object body = http_kit::as_object(response);
  if (response.status == 200) return "200 " + topics(body.at("cards").as_array());
  std::string out = std::to_string(response.status);
  for (const json::value& issue : body.at("issue").as_array()) out += " " + kit::text(issue.at("code"));
  return out;
}

std::string fetched(const std::function<Response(const std::string&)>& answer) {
  FhirHost host(answer);
  const auto service = allowing(host.url());
  return came_of(ask_service(*service, kView, asking(host.url())));
}

/// The same, where only the answer for conditions differs from a good one.
std::string conditions_as(const Response& response) {
  return fetched([&](const std::string& target) { return target.starts_with("/Condition") ? response : good(target); });
}

const std::string kBoth = "200 microneedling/pregnancy-or-breastfeeding microneedling";

}  // namespace

TEST_CASE("http.address: is taken apart, or refused") {
  const auto shown = [](std::string_view url) -> std::string {
    const auto address = server::parse_address(url);
    return address ? address->origin() + " " + address->target : "refused";
  };
  CHECK(shown("https://Example.ORG/fhir/R4") == "https://example.org /fhir/R4");
  CHECK(shown("HTTPS://example.org:443") == "https://example.org ");
  CHECK(shown("http://127.0.0.1:8080/?a=b|c") == "http://127.0.0.1:8080 /?a=b|c");
  CHECK(shown("https://[2001:db8::1]:8443/x") == "https://[2001:db8::1]:8443 /x");
  for (const char* bad :
       {"", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https:///x",
        "https://user@example.org", "https://example.org@evil.example", "https://example.org:x/",
        "https://example.org:123456/", "https://exa mple.org", "https://example.org/a b",
        "https://example.org/a\r\nHost: x", "https://example.org/#x", "https://example.org/a\\b",
        "https://example.org/../x", "https://example.org/a/%2e%2E/x", "https://[::1", "https://ex\xc3\xa4mple.org"}) {
    INFO(bad);
    CHECK(shown(bad) == "refused");
  }
}

TEST_CASE("http.address: a server is the one that the site wrote, and its pages lie below it") {
  const auto server = server::FhirServer::parse("https://fhir.example.org/r4/");
  REQUIRE(server);
  CHECK(server->is("https://fhir.example.org/r4"));
  CHECK(server->is("https://FHIR.example.org:443/r4/"));
  for (const char* other : {"http://fhir.example.org/r4", "https://fhir.example.org", "https://fhir.example.org/r4b",
                            "https://fhir.example.org:8443/r4", "https://fhir.example.org.evil.example/r4",
                            "https://evil.example/fhir.example.org/r4", ""}) {
    INFO(other);
    CHECK_FALSE(server->is(other));
  }
  CHECK(server->follow("https://fhir.example.org/r4?_getpages=1"));
  CHECK(server->follow("https://fhir.example.org/r4/Condition?page=2"));
  for (const char* other : {"https://fhir.example.org/r4b/Condition", "https://fhir.example.org/",
                            "http://fhir.example.org/r4/x", "/r4/Condition", "https://evil.example/r4/x",
                            "https://fhir.example.org/r4/../admin", "http://169.254.169.254/latest/meta-data"}) {
    INFO(other);
    CHECK_FALSE(server->follow(other));
  }
  for (const char* clear :
       {"http://fhir.example.org/r4", "http://127.example.org/r4", "http://127.0.0.1.example.org/"}) {
    INFO(clear);
    CHECK_FALSE(server::FhirServer::parse(clear));  // tokens and records would travel in clear
  }
  CHECK_FALSE(server::FhirServer::parse("https://fhir.example.org/r4?x=1"));
}

TEST_CASE("http.fetch: what is missing is fetched from the server that is allowed, with the client's token") {
  FhirHost host(good);
  const auto service = allowing(host.url());
  CHECK(came_of(ask_service(*service, kView, asking(host.url()))) == kBoth);
  const auto asked = host.asked();
  REQUIRE(asked.size() == 3);
  for (const Request& request : asked) {
    CHECK(request.header("authorization") == "Bearer secret-token");
    CHECK(request.header("accept") == "application/fhir+json");
    CHECK(request.target.find("{{") == std::string::npos);
  }
  // What was given is not fetched again.
  CHECK(came_of(ask_service(*service, kView,
                            asking(host.url() + "/", {{"condition", nullptr}, {"observation", nullptr}}))) ==
        "200 microneedling");
  CHECK(host.asked().size() == 4);
  CHECK(host.asked().back().target == "/fhir/Patient/p-1");
  // The same inputs, whoever brought them, are the same evaluation but for where they were read.
  CHECK(came_of(ask_service(*service, kView,
                            asking(host.url(), prefetch(bundle({condition("77386006")}), bundle({}), kPatient)))) ==
        kBoth);
  CHECK(host.asked().size() == 4);
}

TEST_CASE("http.fetch: without leave, nothing is fetched") {
  FhirHost host(good);
  const auto nowhere = http_kit::open();
  CHECK(came_of(ask_service(*nowhere, kView, asking(host.url()))) == "412 required required required");
  const auto elsewhere = allowing("http://127.0.0.1:1/fhir");
  CHECK(came_of(ask_service(*elsewhere, kView, asking(host.url()))) == "412 required required required");
  const auto service = allowing(host.url());
  CHECK(came_of(ask_service(*service, kView, call("patient-view", {}))) == "412 required required required");
  CHECK(host.asked().empty());
}

TEST_CASE("http.fetch: all pages are read, and none that lies elsewhere") {
  json::object first = bundle({condition("125643001")}), second = bundle({condition("77386006")});
  std::string url;
  const auto paged = [&](const std::string& next) {
    return [&, next](const std::string& target) {
      if (target == "?page=2") return fhir(second);
      if (!target.starts_with("/Condition")) return good(target);
      first["link"] = json::array{{{"relation", "self"}, {"url", "x"}},
                                  {{"relation", "next"}, {"url", next.empty() ? url + "?page=2" : next}}};
      return fhir(first);
    };
  };
  {
    FhirHost host(paged(""));
    url = host.url();
    const auto service = allowing(url);
    CHECK(came_of(ask_service(*service, kView, asking(url))) ==
          "200 microneedling/open-wound microneedling/pregnancy-or-breastfeeding microneedling");
    // A part that was given with further pages is fetched as a whole.
    json::object given = first;
    CHECK(came_of(ask_service(*service, kView, asking(url, prefetch(given)))) ==
          "200 microneedling/open-wound microneedling/pregnancy-or-breastfeeding microneedling");
    CHECK(came_of(ask_service(*service, kView, call("patient-view", prefetch(given)))) == "412 required");
  }
  FhirHost other(good);
  CHECK(fetched(paged(other.url() + "/Condition?page=2")) == "412 security");
  CHECK(other.asked().empty());
  // One that leads to itself ends.
  FhirHost circle([&](const std::string& target) {
    if (!target.starts_with("/Condition")) return good(target);
    first["link"] = json::array{{{"relation", "next"}, {"url", url + target}}};
    return fhir(first);
  });
  url = circle.url();
  CHECK(came_of(ask_service(*allowing(url), kView, asking(url))) == "412 too-costly");
  CHECK(circle.asked().size() == 22);
}

TEST_CASE("http.fetch: a server that lies is not believed") {
  CHECK(conditions_as(fhir(outcome("broken"))) == "412 exception");
  CHECK(conditions_as(fhir(outcome("broken"), 500)) == "412 transient");
  CHECK(conditions_as(fhir(outcome("no"), 401)) == "412 forbidden");
  CHECK(conditions_as(fhir(outcome("no"), 404)) == "412 not-found");
  CHECK(conditions_as(fhir(bundle({}), 206)) == "412 processing");
  CHECK(conditions_as({200, "text/html", "<p>Please log in.</p>", {}}) == "412 structure");
  CHECK(conditions_as({200, "application/fhir+json", "{\"resourceType\":\"Bundle\"", {}}) == "412 structure");
  CHECK(conditions_as({200, "application/fhir+json", "", {}}) == "412 structure");
  const json::object no_list = {{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", json::object{}}};
  CHECK(conditions_as(fhir(no_list)) == "412 structure");
  CHECK(conditions_as(fhir(condition("77386006"))) == "412 invalid");
  CHECK(conditions_as(fhir(json::object{{"resourceType", "Bundle"}, {"type", "batch-response"}})) == "412 invalid");
  Response packed = fhir(bundle({}));
  packed.headers.push_back({"Content-Encoding", "gzip"});
  CHECK(conditions_as(packed) == "412 structure");
  const json::object other = {{"resourceType", "Patient"}, {"id", "p-2"}};
  CHECK(fetched([&](const std::string& target) {
          return target.starts_with("/Patient") ? fhir(other) : good(target);
        }) == "412 invalid");
  // Resources of somebody else in a right answer are left out.
  json::object foreign = condition("77386006");
  foreign["subject"] = {{"reference", "Patient/p-2"}};
  CHECK(conditions_as(fhir(bundle({foreign}))) == "200 microneedling");
}

TEST_CASE("http.fetch: pages are joined as they are written, with what they say that there is in all") {
  const auto page = [](const std::string& rest) {
    return R"({"resourceType":"Bundle","type":"searchset")" + rest + "}";
  };
  const std::string one = page(R"(,"total":3,"entry":[{"a":1.00},{"b":[{}]}])"), none = page(""),
                    odd = page(R"(,"entry":[7])");
  CHECK(server::joined_pages({one}) == one);
  CHECK(server::joined_pages({one, none, odd}) == page(R"(,"total":3,"entry":[{"a":1.00},{"b":[{}]},7])"));
  CHECK(server::joined_pages({none, none}) == page(R"(,"entry":[])"));
  CHECK(server::facts_of_page(one).is_listed);
  CHECK(server::facts_of_page(none).is_listed);
  CHECK_FALSE(server::facts_of_page(page(R"(,"entry":{})")).is_listed);
}

TEST_CASE("http.fetch: a redirect is not followed, whatever it leads to") {
  FhirHost inner(good);
  for (const unsigned status : {301U, 302U, 307U, 308U}) {
    Response redirect = fhir(bundle({}), status);
    redirect.headers.push_back({"Location", inner.url() + "/Condition"});
    CHECK(conditions_as(redirect) == "412 processing");
  }
  CHECK(inner.asked().empty());
}

TEST_CASE("http.fetch: a server that answers with too much is cut off") {
  FhirHost host([](const std::string& target) {
    Response response = good(target);
    if (target.starts_with("/Condition")) response.body += std::string(200'000, ' ');
    return response;
  });
  CHECK(came_of(ask_service(*allowing(host.url(), seconds(20), 100'000), kView, asking(host.url()))) ==
        "412 too-costly");
}

TEST_CASE("http.fetch: a server that stalls, drips or dies ends the call in time") {
  // Those that are slow are given little time; those that fail by themselves all that a busy machine may need.
  const auto against = [](const RawServer::Talk& talk, std::chrono::milliseconds time = seconds(30)) {
    const RawServer host(talk);
    const std::string url = "http://127.0.0.1:" + std::to_string(host.port()) + "/fhir";
    return came_of(ask_service(*allowing(url, time), kView, asking(url)));
  };
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n";
  CHECK(against([](const Client& client) { static_cast<void>(client.receive_all()); }, milliseconds(700)) ==
        "412 timeout timeout timeout");
  CHECK(against(
            [&](const Client& client) {
              client.send(head + "Content-Length: 1000\r\n\r\n");
              while (client.send(" ")) ::usleep(20'000);
            },
            milliseconds(700)) == "412 timeout timeout timeout");
  CHECK(against([](const Client&) {}) == "412 transient transient transient");
  CHECK(against([&](const Client& client) {
          static_cast<void>(client.receive());
          client.send(head + "Content-Length: 1000\r\n\r\n{\"resourceType\"");
        }) == "412 transient transient transient");
  CHECK(against([](const Client& client) {
          static_cast<void>(client.receive());
          client.send("\x16\x03\x01 this is no HTTP\r\n\r\n");
        }) == "412 structure structure structure");
  CHECK(against([&](const Client& client) {
          static_cast<void>(client.receive());
          client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
          const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
          while (client.send(chunk)) {}
        }) == "412 too-costly too-costly too-costly");
  // Nobody listens there any more.
  std::uint16_t gone = 0;
  {
    gone = RawServer([](const Client&) {}).port();
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(gone) + "/fhir";
  CHECK(came_of(ask_service(*allowing(url), kView, asking(url))) == "412 transient transient transient");
}

TEST_CASE("http.fetch: a server is asked over TLS only when its certificate is trusted") {
  const tls_kit::Certificate certificate;
  FhirHost host(good, certificate.files());
  CHECK(came_of(ask_service(*allowing(host.url()), kView, asking(host.url()))) == "412 security security security");
  CHECK(host.asked().empty());
  const auto trusting = allowing(host.url(), seconds(20), std::size_t{8} << 20, certificate.files().certificate);
  CHECK(came_of(ask_service(*trusting, kView, asking(host.url()))) == kBoth);
  // The name counts too: the certificate is for another one.
  std::string named = host.url();
  named.replace(named.find("127.0.0.1"), 9, "localhost");
  const auto misnamed = allowing(named, seconds(20), std::size_t{8} << 20, certificate.files().certificate);
  CHECK(came_of(ask_service(*misnamed, kView, asking(named))) == "412 security security security");
}

TEST_CASE("http.fetch: many calls at once are all answered, and no more are asked than is allowed") {
  FhirHost host(good);
  server::ServiceOptions options = http_kit::serving(http_kit::shipped());
  options.fhir_servers = {*server::FhirServer::parse(host.url())};
  options.client.at_once = 3;
  options.fetch_time = seconds(30);
  const auto service = http_kit::open(std::move(options));
  std::vector<std::thread> callers;
  std::atomic<int> cards{0}, busy{0}, other{0};
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int turn = 0; turn < 10; ++turn) {
        const auto response = ask_service(*service, kView, asking(host.url()));
        if (response.status == 200)
          ++cards;
        else if (response.body.find("throttled") != std::string::npos)
          ++busy;
        else
          ++other;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(cards > 0);
  CHECK(other == 0);
  CHECK(cards + busy == 80);
}
