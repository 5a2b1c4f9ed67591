// GET /v1/facts and /v1/packs; how the service is.
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "listings/facts_json.hpp"
#include "listings/packs_json.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"

#include <algorithm>
#include <numeric>

namespace caveat::server {

namespace {

Response json(std::string body, unsigned status = 200) {
  Response response;
  response.status = status;
  response.type = "application/json";
  response.body = std::move(body);
  return response;
}

// Of a pack, its own facts in the order of the page, then those of the packs that it uses; else all.
std::vector<FactId> facts_of(const Snapshot& snapshot, const LoadedPack* pack) {
  std::vector<FactId> out;
  if (pack == nullptr) {
    out.resize(snapshot.vocabulary.size());
    std::iota(out.begin(), out.end(), FactId{0});
    return out;
  }
  out = pack->pack.facts;
  for (const LoadedPack* used : pack->used) {
    for (const FactId fact : used->pack.facts) {
      if (std::find(out.begin(), out.end(), fact) == out.end()) out.push_back(fact);
    }
  }
  return out;
}

}  // namespace

void get_facts(const std::shared_ptr<Call>& call) {
  const auto language = language_of(*call);
  if (!language) return call->reply(language.error());
  const Snapshot& snapshot = call->loaded->engine.snapshot();
  const std::string* id = call->query("pack");
  const LoadedPack* pack = id == nullptr ? nullptr : snapshot.find(*id);
  if (id != nullptr && pack == nullptr)
    return call->reply(bad_parameter("pack", *id, "one of " + backticked_list(call->loaded->packs)));
  call->reply(json(listings::facts_json(snapshot.vocabulary, facts_of(snapshot, pack), *language, false)));
}

void get_packs(const std::shared_ptr<Call>& call) {
  const auto language = language_of(*call);
  if (!language) return call->reply(language.error());
  call->reply(json(listings::packs_json(call->loaded->engine.snapshot(), *language)));
}

void get_health(const std::shared_ptr<Call>& call) { call->reply(json(R"({"status":"ok"})")); }

void get_metrics(const std::shared_ptr<Call>& call) {
  Response response;
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = call->service.metrics().text();
  call->reply(std::move(response));
}

void get_readiness(const std::shared_ptr<Call>& call) {
  if (call->service.ready()) return call->reply(json(R"({"status":"ready"})"));
  call->reply(problem(503, "not-ready", "the service is ending, or its last evaluation could not be recorded"));
}

}  // namespace caveat::server
