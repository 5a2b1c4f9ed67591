#include "server/call.hpp"

#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "server/problem.hpp"

namespace caveat::server {

Response bad_query(std::string code, std::string message, std::string help) {
  const Diagnostic diagnostic{DiagnosticLevel::kError, std::move(code), {}, std::move(message), std::move(help)};
  return problem(400, "bad-query", "the query is not one that is answered", {&diagnostic, 1});
}

Response bad_parameter(std::string_view name, const std::string& value, std::string help) {
  return bad_query("bad-parameter", in_backticks(name) + " is " + in_backticks(value), std::move(help));
}

OrRefusal<std::string> language_of(const Call& call) {
  const std::string* language = call.query("language");
  if (language == nullptr) return call.service.options().language;
  const Guard& guard = call.loaded->engine.snapshot().guard;
  if (!guard.knows(*language))
    return refuse(bad_parameter("language", *language, "one of " + backticked_list(guard.languages())));
  return *language;
}

}  // namespace caveat::server
