// Calls to CDS Hooks services, and what must hold of every answer.
#pragma once

#include "http/http_kit.hpp"

namespace caveat::cds_kit {

namespace json = boost::json;
using http_kit::ask;
using http_kit::post;
namespace server = caveat::server;

inline constexpr const char* kInstance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";

/// A resource of the patient `p-1`, dated so that it is fresh at kit::kAt.
inline json::object condition(const std::string& code, const std::string& system = "http://snomed.info/sct") {
  return {{"resourceType", "Condition"},
          {"id", "c-" + code},
          {"subject", {{"reference", "Patient/p-1"}}},
          {"recordedDate", "2026-11-20"},
          {"code", {{"coding", json::array{{{"system", system}, {"code", code}}}}}}};
}

inline json::object bundle(json::array resources) {
  json::array entries;
  for (json::value& resource : resources) entries.push_back(json::object{{"resource", std::move(resource)}});
  return {{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", std::move(entries)}};
}

inline json::object outcome(const std::string& text) {
  return {{"resourceType", "OperationOutcome"},
          {"issue", json::array{{{"severity", "error"}, {"code", "exception"}, {"diagnostics", text}}}}};
}

/// Everything that the shipped pack's services ask for; what is not given is `null`.
inline json::object prefetch(json::value conditions = nullptr, json::value observations = nullptr,
                             json::value patient = nullptr) {
  return {
      {"patient", std::move(patient)}, {"condition", std::move(conditions)}, {"observation", std::move(observations)}};
}

inline json::object order(const std::string& id, const std::string& code, const std::string& type = "ServiceRequest") {
  return {{"resourceType", type},
          {"id", id},
          {"status", "draft"},
          {"code", {{"coding", json::array{{{"system", "urn:caveat:order"}, {"code", code}}}}}}};
}

inline json::object call(const std::string& hook, json::object prefetched, json::object context = {}) {
  json::object whole = {{"userId", "Practitioner/1"}, {"patientId", "p-1"}};
  for (auto& [key, value] : context) whole[key] = value;
  return {{"hook", hook}, {"hookInstance", kInstance}, {"context", whole}, {"prefetch", std::move(prefetched)}};
}

inline server::Response ask_service(server::Service& service, const std::string& id, const json::object& request,
                                    std::vector<server::Field> more = {}) {
  more.push_back({"content-type", "application/json"});
  return post(service, "/cds-services/" + id, json::serialize(request), std::move(more));
}

inline json::array cards_of(const server::Response& response) {
  INFO(response.body);
  REQUIRE(response.status == 200);
  return http_kit::as_object(response).at("cards").as_array();
}

/// The codes of the topics, which name the rules: `rule rule …`.
inline std::string topics(const json::array& cards) {
  std::string out;
  for (const json::value& card : cards)
    out += (out.empty() ? "" : " ") + kit::text(card.at("source").at("topic").at("code"));
  return out;
}

}  // namespace caveat::cds_kit
