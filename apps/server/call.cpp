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

std::string language_for(const Call& call, std::string_view pack) {
  const Snapshot& snapshot = call.loaded->engine.snapshot();
  std::vector<std::string> spoken;
  for (const auto& [language, text] : snapshot.find(pack)->pack.title.by_language) {
    if (snapshot.guard.knows(language)) spoken.push_back(language);
  }
  return choose_language(call.request.header("accept-language"), spoken, call.service.options().language);
}

OrRefusal<std::string> pack_of(const Call& call) {
  const std::string* id = call.query("pack");
  const std::vector<std::string>& packs = call.loaded->packs;
  if (id == nullptr && packs.size() == 1) return packs.front();
  const std::string help = "one of " + backticked_list(packs);
  if (id == nullptr) return refuse(bad_query("no-pack-chosen", "which pack is to be evaluated?", help));
  if (std::find(packs.begin(), packs.end(), *id) == packs.end()) return refuse(bad_parameter("pack", *id, help));
  return *id;
}

std::vector<FactId> facts_of(const LoadedPack& pack) {
  std::vector<FactId> out = pack.pack.facts;
  for (const LoadedPack* used : pack.used) {
    for (const FactId fact : used->pack.facts) {
      if (std::find(out.begin(), out.end(), fact) == out.end()) out.push_back(fact);
    }
  }
  return out;
}

Response json(std::string body) { return {200, "application/json", std::move(body), {}}; }

Response html(std::string body, unsigned status) { return {status, "text/html; charset=utf-8", std::move(body), {}}; }

Response not_recorded() {
  return problem(503, "not-recorded", "the evaluation could not be recorded, so it is not shown");
}

}  // namespace caveat::server
