#include "facts/record.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat {

namespace {

class RecordAt {
 public:
  RecordAt(const Vocabulary& vocabulary, const Date& today, Diagnostics& diagnostics)
      : vocabulary_(vocabulary), today_(today), diagnostics_(diagnostics) {}

  [[nodiscard]] bool is_later(const Answer& answer) const {
    return answer.recorded && days_from_civil(*answer.recorded) > days_from_civil(today_);
  }

  void settle(FactId fact, Answer& answer) const {
    if (is_later(answer)) {
      refuse(fact, answer, "future-date", "is dated after the evaluation's date and does not count");
    } else if (answer.counted_from) {
      count_years(fact, answer);
    }
  }

 private:
  // Without the day of birth an age is known only on some days of the year.
  void count_years(FactId fact, Answer& answer) const {
    const FactDeclaration& declaration = vocabulary_[fact];
    const UncertainInteger years = duration_between(*answer.counted_from, today_, Precision::kYear);
    if (!years.certain()) return refuse(fact, answer, "imprecise-date", "does not say the day of birth");
    const Decimal age(years.low);
    const bool born_later = days_from_civil(earliest(*answer.counted_from)) > days_from_civil(today_);
    if (born_later || (declaration.min && age < *declaration.min) || (declaration.max && age > *declaration.max))
      return refuse(fact, answer, "out-of-range", "gives an age that cannot be");
    answer.content = FactValue(years.low);
    answer.recorded = today_;  // a birth date does not grow stale
  }

  void refuse(FactId fact, Answer& answer, std::string_view code, const std::string& why) const {
    diagnostics_.warning(code, {}, in_backticks(answer.source) + " " + why,
                         "fact " + in_backticks(vocabulary_[fact].name) + " is unknown by it");
    answer.content = UnknownReason::kInvalid;
    answer.recorded.reset();
  }

  const Vocabulary& vocabulary_;
  Date today_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::shared_ptr<const ProfileData> at_time(std::shared_ptr<const ProfileData> profile, const Vocabulary& vocabulary,
                                           const DateTime& at, Diagnostics& diagnostics) {
  if (!profile->from_record) return profile;
  const RecordAt record(vocabulary, date_of(at), diagnostics);
  const auto waits = [&](const Answer& answer) { return answer.counted_from || record.is_later(answer); };
  const auto any_waits = [&](const FactAnswers& fact) {
    return std::any_of(fact.answers.begin(), fact.answers.end(), waits);
  };
  if (std::none_of(profile->facts.begin(), profile->facts.end(), any_waits)) return profile;
  auto out = std::make_shared<ProfileData>(*profile);
  for (FactAnswers& fact : out->facts) {
    for (Answer& answer : fact.answers) record.settle(fact.fact, answer);
  }
  return out;
}

}  // namespace caveat
