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
  std::vector<FetchedPart> fetched{};
};

// 412, as CDS Hooks has it: what is needed was not given and cannot be got.
Response cannot_get(const std::vector<MissedPart>& missed) {
  Response response;
  response.status = 412;
  response.type = "application/fhir+json";
  JsonWriter out(response.body);
  out.begin_object();
  out.member("resourceType", "OperationOutcome");
  out.key("issue");
  out.begin_array();
  for (const MissedPart& part : missed) {
    out.begin_object();
    out.member("severity", "error");
    out.member("code", std::string_view(part.code));
    out.key("details");
    out.begin_object();
    out.member("text", "Data that the service needs were not given, and cannot be had.");
    out.end_object();
    out.member("diagnostics", std::string_view(in_backticks("prefetch." + part.key) + ": " + part.why));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return response;
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

// What is not there, or not whole.
std::vector<WantedPart> wanted_of(const Asked& asked) {
  std::vector<WantedPart> out;
  for (const PrefetchTemplate& each : asked.service->prefetch) {
    const PrefetchPart* part = asked.request.find(each.key);
    if (part == nullptr || !part->whole) out.push_back({each.key, each.query(asked.request.patient)});
  }
  return out;
}

// What was fetched goes before what was given of it.
std::optional<std::string_view> text_of_part(const Asked& asked, const std::string& key) {
  for (const FetchedPart& part : asked.fetched) {
    if (part.key == key) return part.text;
  }
  const PrefetchPart* part = asked.request.find(key);
  return part == nullptr ? std::nullopt : std::optional(part->text);
}

std::vector<FhirSource> sources_of(const Asked& asked) {
  std::vector<FhirSource> out;
  for (const PrefetchTemplate& each : asked.service->prefetch)
    out.push_back({"prefetch." + each.key, text_of_part(asked, each.key), each.query(asked.request.patient)});
  return out;
}

void evaluate(const std::shared_ptr<Asked>& asked) {
  Call& call = *asked->call;
  ProfileOptions options = call.service.options().profile;
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
    if (!recorded) return answered.reply(not_recorded());
    if (evaluation.error() != nullptr)
      return answered.reply(
          problem("not-evaluated", "nothing could be evaluated: nothing may be concluded", *evaluation.error()));
    Cards cards = make_cards(evaluation, *asked->service->bound, triggers(*asked->service->bound, asked->request));
    answered.service.remember(cards.issued, evaluation);
    answered.reply(json(std::move(cards.json)));
  });
}

std::vector<MissedPart> missed_of(const std::vector<WantedPart>& wanted, const std::string& why) {
  std::vector<MissedPart> out;
  for (const WantedPart& part : wanted) out.push_back({part.key, "required", why});
  return out;
}

// Asks the client's server for what is wanted, where the site allows it.
void fetch(const std::shared_ptr<Asked>& asked, std::vector<WantedPart> wanted) {
  Service& service = asked->call->service;
  const std::string& url = asked->request.fhir_server;
  if (url.empty())
    return asked->call->reply(cannot_get(missed_of(wanted, "it was not given, and neither was a `fhirServer`")));
  const FhirServer* server = service.fhir_server(url);
  if (server == nullptr || service.client() == nullptr)
    return asked->call->reply(
        cannot_get(missed_of(wanted, "it was not given, and nothing may be fetched from this `fhirServer`")));
  RecordRequest request{*server, asked->request.patient, asked->request.access_token, std::move(wanted)};
  const auto deadline = std::chrono::steady_clock::now() + service.options().fetch_time;
  fetch_record(*service.client(), std::move(request), deadline, [asked](FetchedRecord record) {
    asked->call->service.metrics().count(record.missed.empty() ? Event::kFetched : Event::kNotFetched);
    if (!record.missed.empty()) return asked->call->reply(cannot_get(record.missed));
    asked->fetched = std::move(record.parts);
    evaluate(asked);
  });
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
  if (service == nullptr) return call->reply(no_such_service());
  auto request = read_cds_request(call->request.body, service->bound->hook);
  if (!request) return call->reply(problem("bad-call", "the service was not called as its hook asks", request.error()));
  const auto asked =
      std::make_shared<Asked>(Asked{call, service, *std::move(request), language_for(*call, service->pack)});
  const bool triggered = service->bound->codes.empty() || !triggers(*service->bound, asked->request).empty();
  if (!triggered) return call->reply(json(R"({"cards":[]})"));
  std::vector<WantedPart> wanted = wanted_of(*asked);
  if (wanted.empty()) return evaluate(asked);
  fetch(asked, std::move(wanted));
}

}  // namespace caveat::server
