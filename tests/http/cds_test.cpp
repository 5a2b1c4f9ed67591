#include "http/cds_kit.hpp"

using namespace caveat;
using namespace caveat::cds_kit;

namespace {

constexpr const char* kView = "microneedling-patient-view";
constexpr const char* kSign = "microneedling-order-sign";
constexpr const char* kSelect = "microneedling-order-select";
constexpr const char* kBook = "microneedling-appointment-book";
constexpr const char* kPregnancy = "microneedling/pregnancy-or-breastfeeding";

json::array viewed(server::Service& service, json::object prefetched) {
  return cards_of(ask_service(service, kView, call("patient-view", std::move(prefetched))));
}

}  // namespace

TEST_CASE("http.cds: discovery names a service for each hook, with searches that follow from the bindings") {
  const auto service = http_kit::open();
  const auto found = http_kit::get(*service, "/cds-services");
  const json::array services = http_kit::as_object(found).at("services").as_array();
  std::string hooks;
  for (const json::value& each : services) hooks += kit::text(each.at("hook")) + "=" + kit::text(each.at("id")) + " ";
  CHECK(hooks ==
        "patient-view=microneedling-patient-view order-select=microneedling-order-select "
        "order-sign=microneedling-order-sign appointment-book=microneedling-appointment-book ");
  const Engine engine = kit::load(http_kit::shipped());
  const json::object& searches = services[0].at("prefetch").as_object();
  const auto wanted = engine.record_queries("microneedling", "{{context.patientId}}");
  CHECK(searches.size() == wanted.size());
  CHECK(searches.at("patient") == "Patient/{{context.patientId}}");
  for (const RecordQuery& query : wanted) {
    const auto asks = [&](const auto& each) { return each.value().as_string() == query.query; };
    CHECK(std::any_of(searches.begin(), searches.end(), asks));
  }
}

TEST_CASE("http.cds: discovery of packs without services is an empty list") {
  const kit::TempFolder folder;
  folder.write("test/pack.toml", kit::kHeader + kit::booleans({"a"}) + kit::rule("contraindication", "r", "a"));
  const auto service = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  CHECK(http_kit::get(*service, "/cds-services").body == R"({"services":[]})");
}

TEST_CASE("http.cds: a known contraindication is a card, and all the rest is one") {
  const auto service = http_kit::open();
  const json::array cards = viewed(*service, prefetch(bundle({condition("77386006")})));
  CHECK(topics(cards) == std::string(kPregnancy) + " microneedling");
  const json::object& card = cards[0].as_object();
  CHECK(kit::text(card.at("summary")).starts_with("Pregnancy or breastfeeding"));
  CHECK(card.at("indicator") == "warning");
  const std::string detail = kit::text(card.at("detail"));
  for (const char* part : {"Condition/c-77386006", "2026-11-20", "pregnant or breastfeeding", "dermatologist",
                           "authorised healthcare professional"}) {
    INFO(detail);
    CHECK(detail.find(part) != std::string::npos);
  }
  const std::string rest = kit::text(cards[1].at("detail"));
  for (const char* part : {"Active infection", "Open wound", "keloid", "Do you tend to form keloids"}) {
    INFO(rest);
    CHECK(rest.find(part) != std::string::npos);
  }
  CHECK(cards[1].at("indicator") == "warning");  // what bars is open there
}

TEST_CASE("http.cds: absent, null and failed are three different things") {
  const auto service = http_kit::open();
  json::object absent = prefetch(bundle({condition("77386006")}));
  absent.erase("observation");
  const auto refused = ask_service(*service, kView, call("patient-view", absent));
  CHECK(refused.status == 412);
  CHECK(refused.type == "application/fhir+json");
  const json::object outcome = http_kit::as_object(refused);
  CHECK(outcome.at("resourceType") == "OperationOutcome");
  CHECK(kit::text(outcome.at("issue").at(0).at("diagnostics")).find("`prefetch.observation`") != std::string::npos);

  const json::array none = viewed(*service, prefetch());
  CHECK(topics(none) == "microneedling");
  CHECK(kit::text(none[0].at("detail")).find("OperationOutcome") == std::string::npos);

  const json::array failed = viewed(*service, prefetch(cds_kit::outcome("out of order")));
  CHECK(topics(failed) == "microneedling");
  const std::string detail = kit::text(failed[0].at("detail"));
  INFO(detail);
  CHECK(detail.find("OperationOutcome") != std::string::npos);
  CHECK(none[0].at("uuid") != failed[0].at("uuid"));
}

TEST_CASE("http.cds: without its trigger an order's service has nothing to say") {
  const auto service = http_kit::open();
  const json::object pregnant = prefetch(bundle({condition("77386006")}));
  const auto with = [&](const std::string& id, const std::string& hook, json::object context) {
    return topics(cards_of(ask_service(*service, id, call(hook, pregnant, std::move(context)))));
  };
  const std::string both = std::string(kPregnancy) + " microneedling";
  const json::object drafts = bundle({order("1", "something-else"), order("2", "microneedling")});
  CHECK(with(kSign, "order-sign", {{"draftOrders", bundle({order("1", "something-else")})}}).empty());
  CHECK(with(kSign, "order-sign", {{"draftOrders", bundle({})}}).empty());
  CHECK(with(kSign, "order-sign", {{"draftOrders", drafts}}) == both);
  CHECK(with(kSelect, "order-select", {{"draftOrders", drafts}, {"selections", json::array{"ServiceRequest/1"}}})
            .empty());
  CHECK(with(kSelect, "order-select", {{"draftOrders", drafts}, {"selections", json::array{"ServiceRequest/2"}}}) ==
        both);
  // What was chosen cannot be told: nothing may be passed over for that.
  CHECK(with(kSelect, "order-select", {{"draftOrders", drafts}, {"selections", json::array{"ServiceRequest/9"}}}) ==
        both);
  json::object appointment = {{"resourceType", "Appointment"},
                              {"id", "3"},
                              {"serviceType", json::array{order("", "microneedling").at("code")}}};
  CHECK(with(kBook, "appointment-book", {{"appointments", bundle({appointment})}}) == both);
  appointment.erase("serviceType");
  CHECK(with(kBook, "appointment-book", {{"appointments", bundle({appointment})}}).empty());
}

TEST_CASE("http.cds: an order can be taken back where something stands against it, and only there") {
  const auto service = http_kit::open();
  const json::object drafts = bundle({order("1", "something-else"), order("2", "microneedling")});
  const auto signing = [&](json::object prefetched) {
    return cards_of(ask_service(*service, kSign, call("order-sign", std::move(prefetched), {{"draftOrders", drafts}})));
  };
  const json::object card = signing(prefetch(bundle({condition("77386006")})))[0].as_object();
  CHECK(card.at("selectionBehavior") == "at-most-one");
  const json::object suggestion = card.at("suggestions").at(0).as_object();
  CHECK(suggestion.at("label") == "Take the order back");
  CHECK(suggestion.at("actions").as_array().size() == 1);
  CHECK(suggestion.at("actions").at(0).at("type") == "delete");
  CHECK(suggestion.at("actions").at(0).at("resourceId") == "ServiceRequest/2");
  CHECK_FALSE(signing(prefetch())[0].as_object().contains("suggestions"));
  CHECK_FALSE(viewed(*service, prefetch(bundle({condition("77386006")})))[0].as_object().contains("suggestions"));
}

TEST_CASE("http.cds: what a hook requires is asked for, all at once") {
  const auto service = http_kit::open();
  const auto codes = [&](const std::string& id, const json::value& request) {
    return http_kit::problem(post(*service, "/cds-services/" + id, json::serialize(request)));
  };
  const auto without = [](json::object request, const char* key) {
    request.erase(key);
    return request;
  };
  const json::object right = call("patient-view", prefetch());
  CHECK(codes(kView, without(right, "hook")) == "400 bad-call missing-key@request");
  CHECK(codes(kView, without(right, "hookInstance")) == "400 bad-call missing-key@request");
  CHECK(codes(kView, without(right, "context")) == "400 bad-call missing-key@request");
  CHECK(codes(kView, json::object{}) == "400 bad-call missing-key@request missing-key@request missing-key@request");
  CHECK(codes(kView, call("order-sign", prefetch())) == "400 bad-call wrong-value@request");
  CHECK(codes(kSign, call("order-sign", prefetch())) == "400 bad-call missing-key@request");
  CHECK(codes(kSelect, call("order-select", prefetch())) == "400 bad-call missing-key@request missing-key@request");
  CHECK(codes(kBook, call("appointment-book", prefetch())) == "400 bad-call missing-key@request");
  CHECK(codes(kView, call("patient-view", prefetch(), {{"userId", ""}})) == "400 bad-call missing-key@request");
  for (const char* id : {"", "a/b", "a?b", "..", "a b", "x&_id=2"})
    CHECK(codes(kView, call("patient-view", prefetch(), {{"patientId", id}})).starts_with("400 bad-call"));
  json::object authorized = right;
  authorized["fhirAuthorization"] = {{"access_token", "t"}, {"token_type", "Bearer"}};
  CHECK(codes(kView, authorized) == "400 bad-call missing-key@request");
  authorized["fhirServer"] = "https://example.org/fhir";
  CHECK(ask_service(*service, kView, authorized).status == 200);
  authorized["fhirAuthorization"] = {{"access_token", "t\r\nx: y"}, {"token_type", "MAC"}, {"patient", "other"}};
  CHECK(codes(kView, authorized) == "400 bad-call wrong-value@request wrong-value@request wrong-value@request");
  CHECK(http_kit::problem(post(*service, std::string("/cds-services/") + kView, "{\"hook\":\n\"patient-view\",}"))
            .starts_with("400 bad-call json-syntax@request:2:"));
  CHECK(http_kit::problem(post(*service, "/cds-services/none", "{}")) == "404 not-found");
}

TEST_CASE("http.cds: extensions and what is not known are passed over") {
  const auto service = http_kit::open();
  json::object request = call("patient-view", prefetch(bundle({condition("77386006")})));
  const std::string plain = ask_service(*service, kView, request).body;
  request["extension"] = {{"com.example.anything", json::array{1, nullptr, "x"}}};
  request["somethingNew"] = "4.0";
  request.at("context").as_object()["extension"] = {{"com.example.more", true}};
  request.at("context").as_object()["encounterId"] = "e-1";
  request.at("prefetch").as_object()["unasked"] = {{"resourceType", "Basic"}};
  CHECK(ask_service(*service, kView, request).body == plain);
}

TEST_CASE("http.cds: of another patient nothing is read, and two patients are refused") {
  const auto service = http_kit::open();
  json::object other = condition("77386006");
  other["subject"] = {{"reference", "Patient/p-2"}};
  CHECK(topics(viewed(*service, prefetch(bundle({other})))) == "microneedling");
}

TEST_CASE("http.cds: a card's id follows from what was asked, and from nothing else") {
  const auto service = http_kit::open();
  const json::object pregnant = prefetch(bundle({condition("77386006")}));
  const json::array first = viewed(*service, pregnant), again = viewed(*service, pregnant);
  CHECK(first == again);
  CHECK(first[0].at("uuid") != first[1].at("uuid"));
  const json::array ordered = cards_of(ask_service(
      *service, kSign, call("order-sign", pregnant, {{"draftOrders", bundle({order("2", "microneedling")})}})));
  CHECK(ordered[0].at("uuid") != first[0].at("uuid"));
}

TEST_CASE("http.cds: texts come in the language that is asked for, if the pack has it") {
  const auto service = http_kit::open();
  const json::object request = call("patient-view", prefetch(bundle({condition("77386006")})));
  const auto in = [&](const char* language) {
    return kit::text(cards_of(ask_service(*service, kView, request, {{"accept-language", language}}))[0].at("summary"));
  };
  CHECK(in("tr-TR,tr;q=0.9") != in("en"));
  CHECK(in("de") == in("en"));
  CHECK(http_kit::get(*service, "/cds-services", {{"accept-language", "tr"}}).body.find("Mikroiğneleme") !=
        std::string::npos);
}

TEST_CASE("http.cds: a rule that could not be checked is a card of its own") {
  const kit::TempFolder folder;
  folder.write("test/pack.toml",
               kit::kHeader +
                   "[fact.age]\ntype = \"integer\"\nlabel = \"Age\"\nask = \"Age?\"\nmin = 0\nmax = 130\n"
                   "fhir = [{ resource = \"Patient\", element = \"birthDate\", cite = \"HL7\" }]\n" +
                   kit::rule("contraindication", "broken", "4 in Interval[5, 3] or age > 200") +
                   "[[service]]\nid = \"view\"\nhook = \"patient-view\"\ndescription = \"Says.\"\n");
  const auto service = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  const json::object patient = {{"resourceType", "Patient"}, {"id", "p-1"}, {"birthDate", "1990-01-01"}};
  const json::array cards = cards_of(ask_service(*service, "view", call("patient-view", {{"patient", patient}})));
  INFO(json::serialize(cards));
  CHECK(topics(cards) == "test/broken test");
  CHECK(cards[0].at("indicator") == "warning");
  CHECK(cards[1].at("indicator") == "warning");  // not everything could be checked
}
