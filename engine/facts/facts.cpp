// A profile at a time. Every answer is fresh, stale or unknown; what a fact's answers come to together is decided here
// and nowhere else:
//
//   fresh values that agree     the value, with the most recent provenance
//   fresh values that disagree  conflicting; all answers are kept
//   stale values only           stale; the newest is kept as the last known one
//   no values                   unknown, for the reason that says most
//
// A value beside "not known" is a value: another source did know. Nothing here allocates for a fact.
#include "facts/facts.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat {

namespace {

// Dates of day precision in order, as one number.
std::int32_t day_key(const Date& date) { return date.year * 512 + date.month * 32 + date.day; }

// Which of two unknown answers says more: one that was asked, then the newer, then the firmer reason.
int firmness(UnknownReason reason) {
  switch (reason) {
    case UnknownReason::kInvalid: return 3;
    case UnknownReason::kDeclined: return 2;
    case UnknownReason::kNotKnown: return 1;
    default: return 0;
  }
}

class Resolver {
 public:
  Resolver(const ProfileData& profile, const Date& today)
      : profile_(profile), today_(day_key(today)), today_days_(days_from_civil(today)) {}

  [[nodiscard]] const std::optional<Date>& recorded(const Answer& answer) const {
    return answer.recorded ? answer.recorded : profile_.recorded;
  }

  [[nodiscard]] bool after_today(const Date& date) const { return day_key(date) > today_; }

  void resolve(const FactAnswers& fact, const std::optional<Period>& valid_for, FactState& state) const {
    const Answer* fresh = nullptr;
    const Answer* stale = nullptr;
    const Answer* unknown = nullptr;
    for (const Answer& answer : fact.answers) {
      if (std::holds_alternative<UnknownReason>(answer.content)) {
        if (unknown == nullptr || says_more(answer, *unknown)) unknown = &answer;
      } else if (is_stale(answer, valid_for)) {
        if (stale == nullptr || day(answer) > day(*stale)) stale = &answer;
      } else if (fresh == nullptr) {
        fresh = &answer;
      } else if (answer.content != fresh->content) {
        return set_conflict(fact, state);
      } else if (day(answer) > day(*fresh)) {
        fresh = &answer;
      }
    }
    if (fresh != nullptr) return set_value(*fresh, state);
    if (stale != nullptr) return set_stale(*stale, state);
    if (unknown != nullptr) set_unknown(*unknown, state);
  }

 private:
  [[nodiscard]] std::int32_t day(const Answer& answer) const {
    const auto& date = recorded(answer);
    return date ? day_key(*date) : today_;
  }

  [[nodiscard]] bool is_stale(const Answer& answer, const std::optional<Period>& valid_for) const {
    const auto& date = recorded(answer);
    if (!valid_for || !date || surely_fresh(*date, *valid_for)) return false;
    const auto last_day = add(*date, valid_for->amount, valid_for->unit);
    return last_day && day_key(*last_day) < today_;
  }

  // Most answers are far from their last day: no month has fewer than 28 days, no year fewer than 365.
  [[nodiscard]] bool surely_fresh(const Date& date, const Period& period) const {
    const std::int64_t days = period.unit == Precision::kYear    ? 365
                              : period.unit == Precision::kMonth ? 28
                              : period.unit == Precision::kWeek  ? 7
                                                                 : 1;
    return today_days_ - days_from_civil(date) <= period.amount * days;
  }

  [[nodiscard]] bool says_more(const Answer& a, const Answer& b) const {
    const UnknownReason x = std::get<UnknownReason>(a.content);
    const UnknownReason y = std::get<UnknownReason>(b.content);
    if ((x == UnknownReason::kNotAsked) != (y == UnknownReason::kNotAsked)) return y == UnknownReason::kNotAsked;
    if (day(a) != day(b)) return day(a) > day(b);
    return firmness(x) > firmness(y);
  }

  void set_provenance(const Answer& answer, FactState& state) const {
    state.recorded = recorded(answer);
    state.source = answer.source;
  }

  void set_value(const Answer& answer, FactState& state) const {
    state.known = true;
    state.value = std::get<FactValue>(answer.content);
    set_provenance(answer, state);
  }

  void set_stale(const Answer& answer, FactState& state) const {
    state.reason = UnknownReason::kStale;
    state.value = std::get<FactValue>(answer.content);
    set_provenance(answer, state);
  }

  void set_unknown(const Answer& answer, FactState& state) const {
    state.reason = std::get<UnknownReason>(answer.content);
    set_provenance(answer, state);
  }

  static void set_conflict(const FactAnswers& fact, FactState& state) {
    state.reason = UnknownReason::kConflicting;
    state.answers = &fact;
  }

  const ProfileData& profile_;
  std::int32_t today_;
  std::int64_t today_days_;
};

std::vector<Diagnostic> dated_after(const ProfileData& profile, const Vocabulary& vocabulary, const Resolver& resolver,
                                    const Date& today) {
  std::vector<Diagnostic> out;
  const std::string help = "check the date, or evaluate at a later time";
  const auto report = [&](const std::string& what, const Date& date, const Place& place) {
    out.push_back({DiagnosticLevel::kError, "future-date", place,
                   what + " is recorded on " + to_string(date) + ", after the evaluation's date " + to_string(today),
                   help});
  };
  if (profile.recorded && resolver.after_today(*profile.recorded)) {
    report("the profile", *profile.recorded, profile.recorded_place);
  }
  for (const FactAnswers& fact : profile.facts) {
    for (const Answer& answer : fact.answers) {
      if (!answer.recorded || !resolver.after_today(*answer.recorded)) continue;
      report("fact " + in_backticks(vocabulary[fact.fact].name), *answer.recorded, answer.place);
    }
  }
  return out;
}

bool any_after(const ProfileData& profile, const Resolver& resolver) {
  if (profile.recorded && resolver.after_today(*profile.recorded)) return true;
  for (const FactAnswers& fact : profile.facts) {
    for (const Answer& answer : fact.answers) {
      if (answer.recorded && resolver.after_today(*answer.recorded)) return true;
    }
  }
  return false;
}

// Named are the facts whose value the evaluation uses and whose date nobody gave.
void note_undated(const ProfileData& profile, const Vocabulary& vocabulary, const Facts& facts,
                  Diagnostics& diagnostics) {
  if (profile.recorded) return;
  std::string names;
  names.reserve(16 * profile.facts.size());
  for (const FactAnswers& fact : profile.facts) {
    const FactState& state = facts[fact.fact];
    if (!state.known || state.recorded) continue;
    names += names.empty() ? "`" : ", `";
    names += vocabulary[fact.fact].name;
    names += '`';
  }
  if (names.empty()) return;
  diagnostics.note("undated", {}, "no date is given for " + names + ": taken as stated at the evaluation's time",
                   "add `recorded` to the profile or to each fact");
}

}  // namespace

Result<Facts> resolve_facts(const ProfileData& profile, const Vocabulary& vocabulary,
                            std::span<const std::optional<Period>> valid_for, const DateTime& at,
                            Diagnostics& diagnostics) {
  const Date today = date_of(at);
  const Resolver resolver(profile, today);
  if (any_after(profile, resolver)) {
    return fail(ErrorKind::kInput, dated_after(profile, vocabulary, resolver, today));
  }
  Facts facts(vocabulary.size());
  static const std::optional<Period> kForEver;
  for (const FactAnswers& fact : profile.facts) {
    const bool listed = fact.fact < valid_for.size();
    resolver.resolve(fact, listed ? valid_for[fact.fact] : kForEver, facts[fact.fact]);
  }
  note_undated(profile, vocabulary, facts, diagnostics);
  return facts;
}

}  // namespace caveat
