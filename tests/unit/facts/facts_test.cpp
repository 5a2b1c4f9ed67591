#include "facts/facts.hpp"

#include "support/facts.hpp"

#include <map>

using namespace caveat;
using caveat::support::every_type;

namespace {

using Validity = std::map<std::string, std::string>;

struct Resolved {
  ProfileData profile;
  Facts facts;
  Diagnostics diagnostics;
  std::vector<Diagnostic> errors;

  const FactState& operator[](std::string_view name) const { return facts[*every_type().find(name)]; }
};

// Facts borrow from their profile, so both stay where they are.
std::unique_ptr<Resolved> resolve(const std::string& toml, const std::string& at = "2026-11-22T10:00:00Z",
                                  const Validity& validity = {}) {
  auto out = std::make_unique<Resolved>();
  auto profile = read_profile_toml(toml, "p.toml", every_type());
  if (!profile) FAIL(to_string(profile.error().diagnostics.front()));
  out->profile = *std::move(profile);
  std::vector<std::optional<Period>> periods(every_type().size());
  for (const auto& [name, period] : validity) periods[*every_type().find(name)] = parse_period(period);
  auto facts = resolve_facts(out->profile, every_type(), periods, *parse_rfc3339(at), out->diagnostics);
  if (facts) out->facts = *std::move(facts);
  else out->errors = facts.error().diagnostics;
  return out;
}

std::int64_t age(const Resolved& resolved) { return std::get<std::int64_t>(resolved["age"].value); }

// What the fact `age`, recorded on `recorded` and valid for `period`, is on `day`.
std::string standing(const std::string& recorded, const std::string& period, const std::string& day) {
  const auto resolved =
      resolve("facts.age = { value = 34, recorded = " + recorded + " }\n", day + "T00:00:00Z", {{"age", period}});
  const FactState& state = (*resolved)["age"];
  if (state.known) return "fresh";
  CHECK(state.stale());
  CHECK(age(*resolved) == 34);
  CHECK(to_string(*state.recorded) == recorded);
  return std::string(to_string(state.reason));
}

}  // namespace

TEST_CASE("facts.facts: every declared fact is a value or unknown with a reason") {
  const auto resolved = resolve(R"(recorded = 2026-11-20
[facts]
age = { value = 34, source = "intake form" }
pregnant = "unknown"
skin_type = { unknown = "declined", source = "web" }
)");
  CHECK(resolved->facts.size() == every_type().size());
  CHECK((*resolved)["age"].known);
  CHECK(age(*resolved) == 34);
  CHECK((*resolved)["age"].source == "intake form");
  CHECK(to_string(*(*resolved)["age"].recorded) == "2026-11-20");
  CHECK((*resolved)["pregnant"].reason == UnknownReason::kNotKnown);
  CHECK((*resolved)["skin_type"].reason == UnknownReason::kDeclined);
  CHECK((*resolved)["skin_type"].source == "web");
  CHECK_FALSE((*resolved)["breastfeeding"].known);
  CHECK((*resolved)["breastfeeding"].reason == UnknownReason::kNotAsked);
  CHECK((*resolved)["bmi"].reason == UnknownReason::kNotAsked);
  CHECK(resolved->diagnostics.all().empty());
}

TEST_CASE("facts.facts: forgotten memory reads as unknown, never as no") {
  const FactState state;
  CHECK_FALSE(state.known);
  CHECK(state.reason == UnknownReason::kNotAsked);
}

TEST_CASE("facts.freshness: calendar arithmetic, last day included") {
  CHECK(standing("2026-08-22", "3 months", "2026-11-22") == "fresh");
  CHECK(standing("2026-08-21", "3 months", "2026-11-22") == "stale");
  CHECK(standing("2026-11-30", "3 months", "2027-02-28") == "fresh");  // the shorter month's last day
  CHECK(standing("2026-11-30", "3 months", "2027-03-01") == "stale");
  CHECK(standing("2024-02-29", "1 year", "2025-02-28") == "fresh");
  CHECK(standing("2024-02-29", "1 year", "2025-03-01") == "stale");
  CHECK(standing("2026-11-08", "2 weeks", "2026-11-22") == "fresh");
  CHECK(standing("2026-11-07", "2 weeks", "2026-11-22") == "stale");
  CHECK(standing("2026-11-21", "1 day", "2026-11-22") == "fresh");
  CHECK(standing("2026-11-20", "1 day", "2026-11-22") == "stale");
  CHECK(standing("1900-01-01", "9999 years", "2026-11-22") == "fresh");
}

TEST_CASE("facts.freshness: the profile's date stands in for a missing one") {
  const std::string text =
      "recorded = 2026-01-01\n[facts]\nage = 34\npregnant = { value = true, recorded = 2026-11-01 }\n";
  const auto resolved = resolve(text, "2026-11-22T10:00:00Z", {{"age", "3 months"}, {"pregnant", "3 months"}});
  CHECK((*resolved)["age"].stale());
  CHECK(to_string(*(*resolved)["age"].recorded) == "2026-01-01");
  CHECK((*resolved)["pregnant"].known);
}

TEST_CASE("facts.freshness: undated answers count as stated now, with one note that names them") {
  const auto resolved = resolve("[facts]\nage = 34\nskin_type = 'I'\npregnant = 'unknown'\n"
                                "smoking = { value = 'never', recorded = 2026-11-01 }\n",
                                "2026-11-22T10:00:00Z", {{"age", "1 day"}});
  CHECK((*resolved)["age"].known);
  CHECK_FALSE((*resolved)["age"].recorded.has_value());
  REQUIRE(resolved->diagnostics.all().size() == 1);
  const Diagnostic& note = resolved->diagnostics.all()[0];
  CHECK(note.level == DiagnosticLevel::kNote);
  CHECK(note.code == "undated");
  CHECK(note.message == "no date is given for `age`, `skin_type`: taken as stated at the evaluation's time");
}

TEST_CASE("facts.freshness: answers from the future are errors, all of them listed") {
  const auto resolved = resolve("[facts]\nage = { value = 34, recorded = 2026-11-23 }\n"
                                "pregnant = { unknown = 'declined', recorded = 2027-01-01 }\n"
                                "smoking = { value = 'never', recorded = 2026-11-22 }\n");
  REQUIRE(resolved->errors.size() == 2);
  CHECK(to_string(resolved->errors[0])
            .starts_with("p.toml:3:12: error: fact `pregnant` is recorded on 2027-01-01, after the evaluation's date "
                         "2026-11-22 [future-date]"));
  CHECK(resolved->errors[1].place.line == 2);
  CHECK(resolve("recorded = 2026-11-23\n")->errors.size() == 1);
  CHECK(resolve("recorded = 2026-11-23\n")->errors[0].place.line == 1);
}

TEST_CASE("facts.freshness: today is the date in the evaluation's own offset") {
  const std::string text = "facts.age = { value = 34, recorded = 2026-11-23 }\n";
  CHECK(resolve(text, "2026-11-22T23:30:00Z")->errors.size() == 1);
  CHECK(resolve(text, "2026-11-23T01:30:00+02:00")->errors.empty());
}

TEST_CASE("facts.sources: values that agree are one, with the most recent provenance") {
  const auto resolved = resolve(
      "facts.age = [{ value = 34, recorded = 2026-11-01, source = 'a' }, "
      "{ value = 34, recorded = 2026-11-05, source = 'b' }, { value = 34, recorded = 2026-11-05, source = 'c' }]");
  CHECK(age(*resolved) == 34);
  CHECK((*resolved)["age"].source == "b");
  CHECK(to_string(*(*resolved)["age"].recorded) == "2026-11-05");
  CHECK((*resolved)["age"].answers == nullptr);
}

TEST_CASE("facts.sources: values that disagree are a conflict that keeps all answers") {
  const auto resolved =
      resolve("facts.age = [{ value = 34, source = 'a' }, { value = 35, source = 'b' }, { unknown = 'declined' }]");
  CHECK((*resolved)["age"].conflicting());
  REQUIRE((*resolved)["age"].answers != nullptr);
  CHECK((*resolved)["age"].answers->answers.size() == 3);
  CHECK(resolved->diagnostics.all().empty());
}

TEST_CASE("facts.sources: equal amounts in different units agree") {
  const auto resolved = resolve("facts.last_dose = [{ value = 50, unit = 'mg' }, { value = 0.05, unit = 'g' }]");
  CHECK((*resolved)["last_dose"].known);
}

TEST_CASE("facts.sources: equal sets in different orders agree") {
  const auto resolved =
      resolve("facts.concerns = [{ value = ['dullness', 'fine-lines'] }, { value = ['fine-lines', 'dullness'] }]");
  CHECK((*resolved)["concerns"].known);
}

TEST_CASE("facts.sources: a stale value never contradicts a fresh one") {
  const std::string text =
      "facts.age = [{ value = 33, recorded = 2020-01-01, source = 'old' }, { value = 34, recorded = 2026-11-01 }]";
  CHECK(resolve(text)->operator[]("age").conflicting());
  const auto resolved = resolve(text, "2026-11-22T10:00:00Z", {{"age", "1 year"}});
  CHECK((*resolved)["age"].known);
  CHECK(age(*resolved) == 34);
}

TEST_CASE("facts.sources: of stale values the newest is the last known") {
  const auto resolved = resolve(
      "facts.age = [{ value = 33, recorded = 2019-01-01 }, { value = 35, recorded = 2021-01-01, source = 'b' }, "
      "{ value = 34, recorded = 2020-01-01 }, { unknown = 'declined' }]",
      "2026-11-22T10:00:00Z", {{"age", "1 year"}});
  CHECK((*resolved)["age"].stale());
  CHECK(age(*resolved) == 35);
  CHECK((*resolved)["age"].source == "b");
}

TEST_CASE("facts.sources: a value beside `not known` is a value") {
  const auto resolved = resolve("facts.pregnant = [{ unknown = 'not-known' }, { value = false }]");
  CHECK((*resolved)["pregnant"].known);
  CHECK(std::get<bool>((*resolved)["pregnant"].value) == false);
}

TEST_CASE("facts.sources: of unknown answers the one that says most gives the reason") {
  const auto reason = [](const std::string& answers) {
    return (*resolve("facts.pregnant = [" + answers + "]"))["pregnant"].reason;
  };
  CHECK(reason("{ unknown = 'not-asked' }, { unknown = 'not-known' }") == UnknownReason::kNotKnown);
  CHECK(reason("{ unknown = 'not-known' }, { unknown = 'declined' }") == UnknownReason::kDeclined);
  CHECK(reason("{ unknown = 'declined', recorded = 2026-11-01 }, { unknown = 'not-known', recorded = 2026-11-02 }") ==
        UnknownReason::kNotKnown);
  CHECK(reason("{ unknown = 'not-known', recorded = 2026-11-01 }, { unknown = 'not-asked', recorded = 2026-11-02 }") ==
        UnknownReason::kNotKnown);
}

// Whatever the order of the sources, the fact stands the same.
TEST_CASE("facts.sources: the order of sources decides nothing but ties of provenance") {
  const std::vector<std::string> pool = {
      "{ value = 34, recorded = 2026-11-01 }",           "{ value = 34, recorded = 2026-10-01 }",
      "{ value = 35, recorded = 2026-09-01 }",           "{ value = 36, recorded = 2020-01-01 }",
      "{ unknown = 'declined', recorded = 2026-11-03 }", "{ unknown = 'not-asked' }"};
  for (unsigned mask = 1; mask < 64; ++mask) {
    std::vector<std::string> chosen;
    for (unsigned i = 0; i < 6; ++i) {
      if ((mask >> i & 1U) != 0) chosen.push_back(pool[i]);
    }
    std::vector<std::string> seen;
    for (int turn = 0; turn < 2; ++turn) {
      std::string text = "facts.age = [";
      for (const std::string& answer : chosen) text += answer + ", ";
      const auto resolved = resolve(text + "]", "2026-11-22T10:00:00Z", {{"age", "1 year"}});
      const FactState& state = (*resolved)["age"];
      seen.push_back((state.known ? "known" : std::string(to_string(state.reason))) +
                     (state.known || state.stale() ? std::to_string(age(*resolved)) + to_string(*state.recorded) : ""));
      std::reverse(chosen.begin(), chosen.end());
    }
    INFO(mask);
    CHECK(seen[0] == seen[1]);
  }
}
