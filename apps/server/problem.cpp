#include "server/problem.hpp"

#include "base/json_writer.hpp"

namespace caveat::server {

namespace {

std::string_view to_string(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kError: return "error";
    case DiagnosticLevel::kWarning: return "warning";
    case DiagnosticLevel::kNote: break;
  }
  return "note";
}

void write(JsonWriter& json, const Diagnostic& diagnostic) {
  json.begin_object();
  json.member("level", to_string(diagnostic.level));
  json.member("code", std::string_view(diagnostic.code));
  if (const std::string place = caveat::to_string(diagnostic.place); !place.empty())
    json.member("at", std::string_view(place));
  json.member("message", std::string_view(diagnostic.message));
  if (!diagnostic.help.empty()) json.member("help", std::string_view(diagnostic.help));
  json.end_object();
}

}  // namespace

Response problem(unsigned status, std::string_view code, std::string_view detail,
                 std::span<const Diagnostic> diagnostics) {
  Response response;
  response.status = status;
  response.type = "application/problem+json";
  JsonWriter json(response.body);
  json.begin_object();
  json.member("type", std::string_view("urn:caveat:problem:" + std::string(code)));
  json.member("title", reason_phrase(status));
  json.member("status", static_cast<std::int64_t>(status));
  json.member("detail", detail);
  if (!diagnostics.empty()) {
    json.key("diagnostics");
    json.begin_array();
    for (const Diagnostic& diagnostic : diagnostics) write(json, diagnostic);
    json.end_array();
  }
  json.end_object();
  return response;
}

Response problem(std::string_view code, std::string_view detail, const Error& error) {
  if (error.kind == ErrorKind::kInput) return problem(400, code, detail, error.diagnostics);
  return problem(500, "internal", "the service failed; nothing was evaluated");
}

}  // namespace caveat::server
