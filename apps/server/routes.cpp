#include "server/routes.hpp"

#include "base/diagnostics.hpp"
#include "base/quote.hpp"
#include "server/problem.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kFhir = "application/fhir+json";
constexpr std::string_view kHtml = "text/html";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

QueryParameter language() { return {"language", "Language of the texts, as a two-letter code"}; }

constexpr std::string_view kProfile = R"({"id":"p-001","facts":{"pregnant":true}})";

constexpr std::string_view kHookCall =
    R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
    R"("context":{"userId":"Practitioner/1","patientId":"1"},)"
    R"("prefetch":{"patient":null,"condition":null,"observation":null}})";

constexpr std::string_view kFeedback =
    R"({"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden",)"
    R"("outcomeTimestamp":"2026-11-22T10:00:00Z"}]})";

std::vector<Route> make_routes() {
  return {
      {Method::kGet,
       "/",
       "page",
       {"A page that asks a pack's questions, for people with a browser"},
       get_page,
       {},
       {kHtml},
       {{"pack", "Id of the pack; without it, the only one or a choice"}, language()}},
      {Method::kPost,
       "/",
       "page-evaluation",
       {"Evaluates what was filled in on the page"},
       post_page,
       {kForm},
       {kHtml},
       {{"pack", "Id of the pack; needed where several are served"}, language()}},
      {Method::kGet,
       "/cds-services",
       "cds-services",
       {"CDS Hooks 2.0: the services that there are", "CdsServices"},
       get_cds_services,
       {},
       {kJson}},
      {Method::kPost,
       "/cds-services/{id}",
       "cds-service",
       {"CDS Hooks 2.0: calls a service", "CdsCards", kHookCall},
       post_cds_service,
       {kJson},
       {kJson}},
      {Method::kPost,
       "/cds-services/{id}/feedback",
       "cds-feedback",
       {"CDS Hooks 2.0: what was done with cards", {}, kFeedback},
       post_cds_feedback,
       {kJson}},
      {Method::kPost,
       "/v1/evaluations",
       "evaluate",
       {"Evaluates a profile or a FHIR R4 record", "Evaluation", kProfile},
       post_evaluation,
       {kJson, kFhir, "application/toml"},
       {kJson, kFhir, kHtml, "text/markdown", "text/plain"},
       {{"pack", "Id of the pack to evaluate; needed where several are served"},
        {"at", "Time of the evaluation, RFC 3339 with an offset; without it, now"},
        language(),
        {"explain", "How much of the reasons is shown", {"full", "brief", "none"}},
        {"patient", "Id of the patient, where a FHIR record tells of several"}}},
      {Method::kGet,
       "/v1/facts",
       "facts",
       {"The facts that packs and plugins declare: types, questions, bindings", "Facts"},
       get_facts,
       {},
       {kJson},
       {{"pack", "Only the facts of this pack and of those that it uses"}, language()}},
      {Method::kGet,
       "/v1/packs",
       "packs",
       {"The packs that are served, with their rules", "Packs"},
       get_packs,
       {},
       {kJson},
       {language()}},
      {Method::kGet,
       "/v1/plugins",
       "plugins",
       {"The plugins that are loaded: what they add, where they run, who vouches for them", "Plugins"},
       get_plugins,
       {},
       {kJson}},
      {Method::kGet, "/openapi.json", "openapi", {"This document"}, get_openapi, {}, {kJson}, {}, true},
      {Method::kGet, "/healthz", "health", {"Whether the service runs", "Status"}, get_health, {}, {kJson}, {}, true},
      {Method::kGet,
       "/readyz",
       "readiness",
       {"Whether the service takes requests", "Status"},
       get_readiness,
       {},
       {kJson},
       {},
       true},
      {Method::kGet,
       "/metrics",
       "metrics",
       {"What is counted, as Prometheus reads it"},
       get_metrics,
       {},
       {"text/plain"},
       {},
       true},
  };
}

bool is_variable(std::string_view segment) { return segment == "{id}"; }

// Whether the path is the route's; what stands for `{id}` is left in `id`.
bool matches(std::string_view pattern, const std::vector<std::string>& path, std::string& id) {
  pattern.remove_prefix(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view segment = pattern.substr(0, end);
    if (is_variable(segment) && !path[i].empty())
      id = path[i];
    else if (segment != path[i])
      return false;
    const bool last = end == pattern.size();
    if (last || i + 1 == path.size()) return last && i + 1 == path.size();
    pattern.remove_prefix(end + 1);
  }
  return false;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

Response unknown_parameter(const Route& route, const std::string& name) {
  std::vector<std::string> known;
  std::vector<std::string_view> names;
  for (const QueryParameter& parameter : route.parameters) {
    known.emplace_back(parameter.name);
    names.push_back(parameter.name);
  }
  std::string help = did_you_mean(name, known);
  if (help.empty()) help = names.empty() ? "there are none" : "one of " + joined(names);
  return bad_query("unknown-parameter", "there is no parameter " + in_backticks(name), std::move(help));
}

std::optional<Response> check_query(const Route& route, const Target& target) {
  std::vector<std::string_view> seen;
  for (const Field& field : target.query) {
    const auto named = [&](const QueryParameter& parameter) { return parameter.name == field.name; };
    const auto known = std::find_if(route.parameters.begin(), route.parameters.end(), named);
    if (known == route.parameters.end()) return unknown_parameter(route, field.name);
    if (std::find(seen.begin(), seen.end(), known->name) != seen.end())
      return bad_query("duplicate-parameter", "the parameter " + in_backticks(field.name) + " stands twice",
                       "give it once");
    seen.push_back(known->name);
    const auto& values = known->values;
    if (!values.empty() && std::find(values.begin(), values.end(), field.value) == values.end())
      return bad_parameter(field.name, field.value, "one of " + joined(values));
  }
  return std::nullopt;
}

// A body without a Content-Type is told by its content.
std::optional<Response> check_body(const Route& route, const Request& request) {
  if (route.takes.empty()) return std::nullopt;
  const std::string_view header = request.header("content-type");
  const std::string type = media_type(header);
  const std::string charset = media_parameter(header, "charset");
  if (!type.empty() && std::find(route.takes.begin(), route.takes.end(), type) == route.takes.end())
    return problem(415, "media-type", "the body is " + in_backticks(type) + "; taken are " + joined(route.takes));
  if (!charset.empty() && charset != "utf-8")
    return problem(415, "media-type", "the body is in " + in_backticks(charset) + "; taken is utf-8");
  const std::string_view coding = request.header("content-encoding");
  if (!coding.empty() && coding != "identity")
    return problem(415, "media-type", "a body is taken as it is, without a content coding");
  return std::nullopt;
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> table = make_routes();
  return table;
}

Match find_route(Method method, const std::vector<std::string>& path) {
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  Match out;
  for (const Route& route : routes()) {
    std::string id;
    if (!matches(route.path, path, id)) continue;
    out.methods.push_back(route.method);
    if (route.method == Method::kGet) out.methods.push_back(Method::kHead);
    if (route.method != wanted) continue;
    out.route = &route;
    out.id = std::move(id);
  }
  return out;
}

std::optional<Response> check_request(const Route& route, const Request& request, const Target& target) {
  if (auto refusal = check_query(route, target)) return refusal;
  if (auto refusal = check_body(route, request)) return refusal;
  if (!route.gives.empty() && !choose_media(request.header("accept"), route.gives))
    return problem(406, "not-acceptable", "this is answered as " + joined(route.gives));
  return std::nullopt;
}

}  // namespace caveat::server
