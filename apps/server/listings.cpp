// GET /v1/facts, /v1/packs and /v1/plugins; how the service is.
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "listings/facts_json.hpp"
#include "listings/packs_json.hpp"
#include "listings/plugins_json.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"

#include <numeric>

namespace caveat::server {

namespace {

std::vector<FactId> all_facts(const Snapshot& snapshot) {
  std::vector<FactId> out(snapshot.vocabulary.size());
  std::iota(out.begin(), out.end(), FactId{0});
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
  const std::vector<FactId> facts = pack != nullptr ? facts_of(*pack) : all_facts(snapshot);
  call->reply(json(listings::facts_json(snapshot.vocabulary, facts, *language, false)));
}

void get_packs(const std::shared_ptr<Call>& call) {
  const auto language = language_of(*call);
  if (!language) return call->reply(language.error());
  call->reply(json(listings::packs_json(call->loaded->engine.snapshot(), *language)));
}

// Without paths: where files lie on this machine is no affair of those who call.
void get_plugins(const std::shared_ptr<Call>& call) {
  call->reply(json(listings::plugins_json(call->loaded->engine.snapshot().host)));
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
