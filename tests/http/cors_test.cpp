#include "http/cds_kit.hpp"

using namespace caveat;
using namespace caveat::cds_kit;
using http_kit::header;
using server::Field;
using server::Method;

namespace {

constexpr const char* kOrigin = "https://sandbox.example.org";

std::unique_ptr<server::Service> allowing(std::vector<std::string> origins) {
  server::ServiceOptions options = http_kit::serving(http_kit::shipped());
  options.origins = std::move(origins);
  return http_kit::open(std::move(options));
}

std::string allowed(const server::Response& response) { return header(response, "Access-Control-Allow-Origin"); }

server::Response preflight(server::Service& service, const std::string& target, const std::string& origin = kOrigin) {
  return ask(service, {Method::kOptions,
                       target,
                       {{"origin", origin},
                        {"access-control-request-method", "POST"},
                        {"access-control-request-headers", "content-type"}},
                       {}});
}

}  // namespace

TEST_CASE("http.cors: a browser may call the services, and sees their errors too") {
  const auto service = allowing({"*"});
  const std::vector<Field> origin = {{"origin", kOrigin}};
  CHECK(allowed(http_kit::get(*service, "/cds-services", origin)) == "*");
  CHECK(allowed(ask_service(*service, "microneedling-patient-view", call("patient-view", prefetch()), origin)) == "*");
  CHECK(allowed(ask_service(*service, "microneedling-patient-view", {}, origin)) == "*");                        // 400
  CHECK(allowed(ask_service(*service, "nobody", {}, origin)) == "*");                                            // 404
  CHECK(allowed(http_kit::get(*service, "/cds-services/microneedling-patient-view", origin)) == "*");            // 405
  CHECK(allowed(ask_service(*service, "microneedling-patient-view", call("patient-view", {}), origin)) == "*");  // 412
  CHECK(allowed(http_kit::get(*service, "/cds-services")) == "");  // no browser asks
  CHECK(allowed(http_kit::get(*service, "/v1/packs", origin)) == "");
}

TEST_CASE("http.cors: a browser that asks first is told what it may send") {
  const auto service = allowing({"*"});
  for (const char* target :
       {"/cds-services/microneedling-patient-view", "/cds-services/microneedling-patient-view/feedback"}) {
    const auto response = preflight(*service, target);
    CHECK(response.status == 204);
    CHECK(response.body.empty());
    CHECK(allowed(response) == "*");
    CHECK(header(response, "Access-Control-Allow-Methods") == "POST");
    CHECK(header(response, "Access-Control-Allow-Headers").find("Authorization, Content-Type") == 0);
    CHECK(header(response, "Access-Control-Max-Age") == "600");
  }
  CHECK(header(preflight(*service, "/cds-services"), "Access-Control-Allow-Methods") == "GET, HEAD");
  CHECK(preflight(*service, "/nowhere").status == 404);
  const auto plain = ask(*service, {Method::kOptions, "/v1/evaluations", {}, {}});
  CHECK(plain.status == 204);
  CHECK(header(plain, "Allow") == "POST");
  CHECK(allowed(preflight(*service, "/v1/evaluations")) == "");
}

TEST_CASE("http.cors: only the origins that a site names, where it names some") {
  const auto service = allowing({kOrigin});
  CHECK(allowed(http_kit::get(*service, "/cds-services", {{"origin", kOrigin}})) == kOrigin);
  CHECK(header(http_kit::get(*service, "/cds-services", {{"origin", kOrigin}}), "Vary") == "Origin");
  for (const char* other :
       {"https://evil.example", "https://sandbox.example.org.evil.example", "null", "http://sandbox.example.org"}) {
    CHECK(allowed(http_kit::get(*service, "/cds-services", {{"origin", other}})) == "");
    CHECK(allowed(preflight(*service, "/cds-services", other)) == "");
  }
  CHECK(allowed(http_kit::get(*allowing({}), "/cds-services", {{"origin", kOrigin}})) == "");
}
