#include "server/call.hpp"

#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "server/problem.hpp"

#include <algorithm>

namespace caveat::server {

Response bad_query(std::string code, std::string message, std::string help) {
  const Diagnostic diagnostic{DiagnosticLevel::kError, std::move(code), {}, std::move(message), std::move(help)};
  return problem(400, "bad-query", "the query is not one that is answered", {&diagnostic, 1});
}

Response bad_parameter(std::string_view name, const std::string& value, std::string help) {
  return bad_query("bad-parameter", in_backticks(name) + " is " + in_backticks(value), std::move(help));
}

const CdsService* find_service(const Call& call) {
  const std::vector<CdsService>& services = call.loaded->services;
  const auto is_it = [&](const CdsService& each) { return each.bound->id == call.id; };
  const auto found = std::find_if(services.begin(), services.end(), is_it);
  return found == services.end() ? nullptr : &*found;
}

Response no_such_service() { return problem(404, "not-found", "no service has this id; /cds-services lists them"); }

OrRefusal<std::string> language_of(const Call& call) {
  const std::string* language = call.query("language");
  if (language == nullptr) return call.service.options().language;
  const Guard& guard = call.loaded->engine.snapshot().guard;
  if (!guard.knows(*language))
    return refuse(bad_parameter("language", *language, "one of " + backticked_list(guard.languages())));
  return *language;
}

}  // namespace caveat::server
