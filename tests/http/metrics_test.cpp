#include "http/http_kit.hpp"

#include <regex>

using namespace caveat;
using http_kit::get;
using http_kit::post;

namespace {

std::string metrics(server::Service& service) { return get(service, "/metrics").body; }

}  // namespace

TEST_CASE("http.metrics: count what was answered, by route, status and pack") {
  const auto service = http_kit::open();
  for (int i = 0; i < 3; ++i) post(*service, "/v1/evaluations", http_kit::kPregnant);
  post(*service, "/v1/evaluations", "{");
  get(*service, "/nowhere");
  CHECK(get(*service, "/metrics").type == "text/plain; version=0.0.4; charset=utf-8");
  const std::string text = metrics(*service);
  const auto has = [&](std::string_view line) { return text.find(std::string(line) + "\n") != std::string::npos; };
  CHECK(has("caveat_http_requests_total{route=\"evaluate\",status=\"200\"} 3"));
  CHECK(has("caveat_http_requests_total{route=\"evaluate\",status=\"400\"} 1"));
  CHECK(has("caveat_http_requests_total{route=\"none\",status=\"404\"} 1"));
  CHECK(has("caveat_http_request_seconds_count{route=\"evaluate\"} 4"));
  CHECK(has("caveat_evaluations_total{pack=\"microneedling\"} 3"));
  REQUIRE(service->reload());
  CHECK(metrics(*service).find("caveat_reloads_total 1\n") != std::string::npos);
}

TEST_CASE("http.metrics: are of the form that Prometheus reads, and tell nothing of a patient") {
  const auto service = http_kit::open();
  post(*service, "/v1/evaluations?patient=somebody", R"({"id":"somebody","facts":{"pregnant":true}})");
  get(*service, "/v1/evaluations/somebody?pregnant=true");
  const std::string text = metrics(*service);
  const std::regex line(
      R"((# (HELP|TYPE) [a-z_]+ .+)|([a-z_]+(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? [0-9.e+-]+))");
  std::istringstream lines(text);
  for (std::string each; std::getline(lines, each);) {
    INFO(each);
    CHECK(std::regex_match(each, line));
  }
  for (const char* told : {"somebody", "pregnan", "refer", "disposition"}) CHECK(text.find(told) == std::string::npos);
}
