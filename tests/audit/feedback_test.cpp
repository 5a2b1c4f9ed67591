// What people did with advisories, and what a log adds up to.
#include "audit/audit_kit.hpp"

#include "audit/stats.hpp"

using namespace caveat::audit_kit;
using caveat::AuditLog;
using caveat::Feedback;
using caveat::FeedbackOutcome;

namespace {

const std::string kRule = "microneedling/pregnancy-or-breastfeeding";

std::string id_of(const caveat::Evaluation& evaluation) { return kit::text(kit::as_json(evaluation).at("id")); }

}  // namespace

TEST_CASE("audit.feedback: is recorded in the chain, and cannot be linked to an evaluation without the key") {
  const LogFolder folder;
  const caveat::Evaluation spoken = evaluation();
  {
    const AuditLog log = folder.open();
    must(log.record(spoken));
    CHECK(must(log.record(Feedback{id_of(spoken), kRule, FeedbackOutcome::kOverridden, "patient-declined"})) == 3);
    CHECK(must(log.record(Feedback{id_of(spoken), kRule})) == 4);
  }
  const auto found = folder.verify();
  CHECK(found.holds());
  CHECK(found.evaluations == 1);
  CHECK(found.feedback == 2);
  const auto keyed = folder.column("SELECT body ->> '$.evaluation' FROM record WHERE sequence > 1");
  CHECK(keyed[0] != keyed[1]);  // another purpose than the evaluation's own record has
  CHECK(keyed[1] == keyed[2]);
  const std::string bytes = read_file(folder.file());
  CHECK(bytes.find(id_of(spoken)) == std::string::npos);
}

TEST_CASE("audit.feedback: only codes, never what somebody wrote") {
  const LogFolder folder;
  const AuditLog log = folder.open();
  const std::string id = id_of(evaluation());
  const auto code_of = [&](const Feedback& feedback) {
    const auto recorded = log.record(feedback);
    if (recorded) return std::string();
    CHECK(recorded.error().kind == caveat::ErrorKind::kInput);
    return first(recorded.error()).code;
  };
  CHECK(code_of({id, kRule, FeedbackOutcome::kOverridden, "She told me so."}) == "bad-feedback");
  CHECK(code_of({id, kRule, FeedbackOutcome::kOverridden, std::string(201, 'x')}) == "bad-feedback");
  CHECK(code_of({"", kRule}) == "bad-feedback");
  CHECK(code_of({"Maria Musterfrau, born in 1990.", kRule}) == "bad-feedback");
  CHECK(code_of({id, "pregnancy"}) == "bad-feedback");
  CHECK(code_of({id, "a/b c"}) == "bad-feedback");
  CHECK(
      code_of({id, "org.example.doses/dose-interval", FeedbackOutcome::kAccepted, "http://x.org/codes|A-1.2"}).empty());
  CHECK(folder.column("SELECT count(*) FROM record").front() == "2");
}

TEST_CASE("audit.stats: overrides and acceptance a rule, and how evaluations came out") {
  const LogFolder folder;
  {
    const AuditLog log = folder.open();
    for (int i = 0; i < 5; ++i) must(log.record(evaluation("p-" + std::to_string(i), i < 2)));
    const std::string id = id_of(evaluation());
    for (int i = 0; i < 4; ++i) must(log.record(Feedback{id, kRule, FeedbackOutcome::kOverridden, i < 3 ? "a" : "b"}));
    must(log.record(Feedback{id, kRule}));
    must(log.record(Feedback{id, "microneedling/open-wound"}));
  }
  auto reader = must(caveat::AuditReader::open(folder.file(), {}));
  const caveat::AuditStats stats = must(stats_of(reader));
  CHECK(stats.records == 12);
  CHECK(stats.evaluations == 5);
  CHECK(stats.dispositions == std::array<std::uint64_t, 4>{2, 0, 3, 0});
  CHECK(stats.packs.at("microneedling") == 5);
  CHECK(stats.feedback == 6);
  REQUIRE(stats.rules.size() == 2);
  CHECK(stats.rules.at(kRule).overridden == 4);
  CHECK(stats.rules.at(kRule).accepted == 1);
  CHECK(stats.rules.at(kRule).reasons == std::map<std::string, std::uint64_t>{{"a", 3}, {"b", 1}});
  CHECK(stats.rules.at("microneedling/open-wound").accepted == 1);
}
