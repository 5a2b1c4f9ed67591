// CDS Hooks 2.0: discovery, and a service's call.
#include "base/json_writer.hpp"
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "server/cards.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

// What one call to a service works with, until it is answered.
struct Asked {
  std::shared_ptr<Call> call;
  const CdsService* service = nullptr;
  CdsRequest request;
  std::string language;
};

Response json(std::string body) {
  Response response;
  response.type = "application/json";
  response.body = std::move(body);
  return response;
}

// 412, as CDS Hooks has it: what is needed was not given and cannot be got.
Response cannot_get(const std::vector<std::string>& keys) {
  Response response;
  response.status = 412;
  response.type = "application/fhir+json";
  JsonWriter out(response.body);
  out.begin_object();
  out.member("resourceType", "OperationOutcome");
  out.key("issue");
  out.begin_array();
  for (const std::string& key : keys) {
    out.begin_object();
    out.member("severity", "error");
    out.member("code", "required");
    out.key("details");
    out.begin_object();
    out.member("text", "Data that the service needs were not given, and cannot be fetched.");
    out.end_object();
    out.member("diagnostics", std::string_view("the prefetch has no key " + in_backticks(key)));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return response;
}

std::string language_for(const Call& call, std::string_view pack) {
  const Snapshot& snapshot = call.loaded->engine.snapshot();
  std::vector<std::string> spoken;
  for (const auto& [language, text] : snapshot.find(pack)->pack.title.by_language) {
    if (snapshot.guard.knows(language)) spoken.push_back(language);
  }
  return choose_language(call.request.header("accept-language"), spoken, call.service.options().language);
}

void write_service(JsonWriter& out, const CdsService& service, const std::string& language) {
  const auto member = [&](const char* key, const Text& text) {
    if (!text.empty()) out.member(key, text.in(language));
  };
  out.begin_object();
  out.member("hook", to_string(service.bound->hook));
  member("title", service.bound->title);
  member("description", service.bound->description);
  out.member("id", std::string_view(service.bound->id));
  if (!service.prefetch.empty()) {
    out.key("prefetch");
    out.begin_object();
    for (const PrefetchTemplate& each : service.prefetch) out.member(each.key, std::string_view(each.text));
    out.end_object();
  }
  out.end_object();
}

// The parts of the record, each in its state; the keys that are missing.
std::vector<std::string> missing_keys(const Asked& asked) {
  std::vector<std::string> out;
  for (const PrefetchTemplate& each : asked.service->prefetch) {
    if (asked.request.find(each.key) == nullptr) out.push_back(each.key);
  }
  return out;
}

std::vector<FhirSource> sources_of(const Asked& asked) {
  std::vector<FhirSource> out;
  for (const PrefetchTemplate& each : asked.service->prefetch) {
    const PrefetchPart* part = asked.request.find(each.key);
    if (part != nullptr) out.push_back({"prefetch." + each.key, part->text, each.query(asked.request.patient)});
  }
  return out;
}

void evaluate(const std::shared_ptr<Asked>& asked) {
  Call& call = *asked->call;
  ProfileOptions options;
  options.patient = asked->request.patient;
  const Engine& engine = call.loaded->engine;
  const auto profile = Profile::from_fhir(sources_of(*asked), engine.vocabulary(), options);
  if (!profile)
    return call.reply(problem("bad-record", "what was given of the record cannot be read", profile.error()));
  const Evaluation evaluation =
      engine.evaluate(*profile, {call.service.options().clock(), asked->service->pack, asked->language});
  call.service.metrics().evaluated(asked->service->pack);
  call.service.record(evaluation, [asked, evaluation](const auto& recorded) {
    Call& answered = *asked->call;
    if (!recorded)
      return answered.reply(problem(503, "not-recorded", "the evaluation could not be recorded, so it is not shown"));
    if (evaluation.error() != nullptr)
      return answered.reply(
          problem("not-evaluated", "nothing could be evaluated: nothing may be concluded", *evaluation.error()));
    Cards cards = make_cards(evaluation, *asked->service->bound, triggers(*asked->service->bound, asked->request));
    answered.service.remember(cards.issued, evaluation);
    answered.reply(json(std::move(cards.json)));
  });
}

const CdsService* find_service(const Call& call) {
  const std::vector<CdsService>& services = call.loaded->services;
  const auto found =
      std::find_if(services.begin(), services.end(), [&](const CdsService& each) { return each.bound->id == call.id; });
  return found == services.end() ? nullptr : &*found;
}

}  // namespace

void get_cds_services(const std::shared_ptr<Call>& call) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("services");
  out.begin_array();
  for (const CdsService& service : call->loaded->services)
    write_service(out, service, language_for(*call, service.pack));
  out.end_array();
  out.end_object();
  call->reply(json(std::move(body)));
}

void post_cds_service(const std::shared_ptr<Call>& call) {
  const CdsService* service = find_service(*call);
  if (service == nullptr)
    return call->reply(problem(404, "not-found", "no service has this id; /cds-services lists them"));
  auto request = read_cds_request(call->request.body, service->bound->hook);
  if (!request) return call->reply(problem("bad-call", "the service was not called as its hook asks", request.error()));
  const auto asked =
      std::make_shared<Asked>(Asked{call, service, *std::move(request), language_for(*call, service->pack)});
  const bool triggered = service->bound->codes.empty() || !triggers(*service->bound, asked->request).empty();
  if (!triggered) return call->reply(json(R"({"cards":[]})"));
  const std::vector<std::string> missing = missing_keys(*asked);
  if (!missing.empty()) return call->reply(cannot_get(missing));
  evaluate(asked);
}

}  // namespace caveat::server
