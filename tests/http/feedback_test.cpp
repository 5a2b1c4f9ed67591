#include "http/cds_kit.hpp"

using namespace caveat;
using namespace caveat::cds_kit;
using http_kit::problem;

namespace {

constexpr const char* kView = "microneedling-patient-view";
constexpr const char* kUnknown = "4e0a3a1e-3283-4575-ab82-028d55fe2719";

class Logged {
 public:
  Logged() {
    auto log = AuditLog::open({.file = file()});
    REQUIRE(log);
    service_ = http_kit::open(http_kit::serving(http_kit::shipped()), std::move(*log));
  }

  server::Response send(const json::value& body) {
    return post(*service_, std::string("/cds-services/") + kView + "/feedback", json::serialize(body));
  }
  server::Response send_items(json::array items) { return send(json::object{{"feedback", std::move(items)}}); }
  std::string shown_card() {
    return kit::text(
        cards_of(ask_service(*service_, kView, call("patient-view", prefetch(bundle({condition("77386006")})))))[0].at(
            "uuid"));
  }
  /// What the log holds, as bytes, once the service is gone.
  std::string bytes() {
    service_.reset();
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::uint64_t recorded() {
    const auto verified = verify_audit({file(), {}, {}});
    REQUIRE(verified);
    CHECK(verified->holds());
    return verified->feedback;
  }

 private:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "audit.db"; }
  kit::TempFolder folder_;
  std::unique_ptr<server::Service> service_;
};

json::object overridden(const std::string& card, const std::string& when = "2026-11-22T10:05:00Z") {
  return {{"card", card}, {"outcome", "overridden"}, {"outcomeTimestamp", when}};
}

}  // namespace

TEST_CASE("http.feedback: is written down by rule, with a code and without anybody's words") {
  Logged logged;
  json::object first = overridden(logged.shown_card());
  first["overrideReason"] = {
      {"reason", {{"code", "need-more-info"}, {"system", "http://example.org/reasons"}, {"display", "More"}}},
      {"userComment", "Mrs Example told me so"}};
  const json::object second = {{"card", logged.shown_card()},
                               {"outcome", "accepted"},
                               {"outcomeTimestamp", "2026-11-22T10:06:00.5Z"},
                               {"acceptedSuggestions", json::array{{{"id", kUnknown}}}}};
  const auto response = logged.send_items({first, second});
  CHECK(response.status == 200);
  CHECK(response.body.empty());
  CHECK(logged.recorded() == 2);
  const std::string bytes = logged.bytes();
  CHECK(bytes.find("microneedling/pregnancy-or-breastfeeding") != std::string::npos);
  CHECK(bytes.find("http://example.org/reasons|need-more-info") != std::string::npos);
  CHECK(bytes.find("Mrs Example") == std::string::npos);
}

TEST_CASE("http.feedback: may come twice, and counts once") {
  Logged logged;
  const json::object item = overridden(logged.shown_card());
  for (int i = 0; i < 3; ++i) CHECK(logged.send_items({item, item}).status == 200);
  CHECK(logged.recorded() == 1);
  CHECK(logged.send_items({overridden(logged.shown_card(), "2026-11-22T11:00:00Z")}).status == 200);
  CHECK(logged.recorded() == 2);
}

TEST_CASE("http.feedback: about a card that nobody remembers is written down for the pack") {
  Logged logged;
  CHECK(logged.send_items({overridden(kUnknown)}).status == 200);
  json::object odd = overridden("4E0A3A1E-3283-4575-AB82-028D55FE2719");
  odd["overrideReason"] = {{"reason", {{"code", "what somebody typed, with \"quotes\""}, {"system", "x"}}}};
  CHECK(logged.send_items({odd}).status == 200);
  CHECK(logged.recorded() == 2);
  const std::string bytes = logged.bytes();
  CHECK(bytes.find("microneedling/_unknown") != std::string::npos);
  CHECK(bytes.find("somebody typed") == std::string::npos);
}

TEST_CASE("http.feedback: that is not as CDS Hooks has it is refused as a whole") {
  Logged logged;
  const auto refused = [&](const json::value& body) { return problem(logged.send(body)); };
  CHECK(refused(json::object{}) == "400 bad-call missing-key@feedback");
  CHECK(refused(json::array{}) == "400 bad-call json-syntax@feedback");
  CHECK(refused(json::object{{"feedback", json::array{}}}) == "400 bad-call missing-key@feedback");
  CHECK(refused(json::object{{"feedback", json::array{1}}}) == "400 bad-call wrong-value@feedback");
  const json::object right = overridden(kUnknown);
  for (const auto& [key, value] :
       {std::pair{"card", "x"}, std::pair{"outcome", "ignored"}, std::pair{"outcomeTimestamp", "yesterday"}}) {
    json::object wrong = right;
    wrong[key] = value;
    CHECK(refused(json::object{{"feedback", json::array{right, wrong}}}) == "400 bad-call wrong-value@feedback");
  }
  json::object accepted = right;
  accepted["outcome"] = "accepted";
  CHECK(refused(json::object{{"feedback", json::array{accepted}}}) == "400 bad-call wrong-value@feedback");
  CHECK(logged.recorded() == 0);
}

TEST_CASE("http.feedback: without a log it would be lost, which is said") {
  const auto service = http_kit::open();
  const std::string item = json::serialize(json::object{{"feedback", json::array{overridden(kUnknown)}}});
  for (int i = 0; i < 2; ++i)  // that it was sent before does not count: it came to nothing
    CHECK(problem(post(*service, std::string("/cds-services/") + kView + "/feedback", item)) == "503 not-recorded");
  CHECK(problem(post(*service, "/cds-services/none/feedback", "{}")) == "404 not-found");
}
