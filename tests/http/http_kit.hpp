// A service without sockets: requests in, answers out, through the same door as the transport's.
#pragma once

#include "evaluation/kit.hpp"
#include "server/service.hpp"

#include <future>
#include <utility>

namespace caveat::http_kit {

namespace json = boost::json;
namespace server = caveat::server;

inline constexpr const char* kPregnant = R"({"id":"p-1","facts":{"pregnant":true}})";

inline caveat::EngineOptions shipped() {
  caveat::EngineOptions options;
  options.rules = kit::kSource / "rules";
  options.plugins = kit::kPlugins;
  return options;
}

inline server::ServiceOptions serving(const caveat::EngineOptions& engine) {
  server::ServiceOptions options;
  options.load = [engine] { return caveat::Engine::load(engine); };
  options.clock = [] { return caveat::Instant{kit::kAt}; };
  return options;
}

inline std::unique_ptr<server::Service> open(server::ServiceOptions options = serving(shipped()),
                                             std::optional<caveat::AuditLog> log = std::nullopt) {
  auto service = server::Service::open(std::move(options), std::move(log));
  if (!service) FAIL(kit::all_of(service.error().diagnostics));
  return std::move(*service);
}

/// Waits for the answer, as a client does.
inline server::Response ask(server::Service& service, server::Request request) {
  auto promise = std::make_shared<std::promise<server::Response>>();
  auto answer = promise->get_future();
  if (auto refusal = service.admit(request)) return *std::move(refusal);
  service.handle(std::move(request),
                 server::Reply([promise](server::Response response) { promise->set_value(std::move(response)); }));
  REQUIRE(answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  return answer.get();
}

inline server::Response get(server::Service& service, const std::string& target,
                            std::vector<server::Field> headers = {}) {
  return ask(service, {server::Method::kGet, target, std::move(headers), {}});
}

inline server::Response post(server::Service& service, const std::string& target, const std::string& body,
                             std::vector<server::Field> headers = {{"content-type", "application/json"}}) {
  return ask(service, {server::Method::kPost, target, std::move(headers), body});
}

inline std::string header(const server::Response& response, const std::string& name) {
  for (const server::Field& field : response.headers) {
    if (field.name == name) return field.value;
  }
  return {};
}

inline json::object as_object(const server::Response& response) { return json::parse(response.body).as_object(); }

/// `status code`, where the answer is a problem document of the form that RFC 9457 asks for; then its diagnostics, each
/// as `code` or `code@place`.
inline std::string problem(const server::Response& response) {
  INFO(response.body);
  CHECK(response.type == "application/problem+json");
  const json::object document = as_object(response);
  constexpr std::string_view kType = "urn:caveat:problem:";
  const std::string type = kit::text(document.at("type"));
  CHECK(type.starts_with(kType));
  CHECK(document.at("status").as_int64() == static_cast<std::int64_t>(response.status));
  CHECK(document.at("title").as_string() == server::reason_phrase(response.status));
  CHECK_FALSE(document.at("detail").as_string().empty());
  std::string out = std::to_string(response.status) + " " + type.substr(kType.size());
  if (const json::value* diagnostics = document.if_contains("diagnostics")) {
    for (const json::value& each : diagnostics->as_array()) {
      out += " " + kit::text(each.at("code"));
      if (const json::value* at = each.as_object().if_contains("at")) out += "@" + kit::text(*at);
    }
  }
  return out;
}

}  // namespace caveat::http_kit
