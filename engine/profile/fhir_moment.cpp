#include "profile/fhir_moment.hpp"

#include <string>

namespace caveat {

namespace {

// `10:00:00.1234567Z` to `10:00:00.123Z`: servers write as many digits as their clocks have.
std::string with_milliseconds(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::string(text);
  const std::size_t end = text.find_first_not_of("0123456789", point + 1);
  if (end == std::string_view::npos || end - point - 1 <= kDigits) return std::string(text);
  return std::string(text.substr(0, point + 1 + kDigits)) + std::string(text.substr(end));
}

}  // namespace

std::optional<FhirMoment> parse_moment(std::string_view text) {
  if (text.find('T') == std::string_view::npos) {
    const auto date = parse_date(text);
    if (!date) return std::nullopt;
    return FhirMoment{earliest(*date), latest(*date), std::nullopt};
  }
  const auto moment = parse_rfc3339(with_milliseconds(text));
  if (!moment) return std::nullopt;
  const Date day = date_of(*moment);
  return FhirMoment{day, day, milliseconds_from_epoch(*moment)};
}

bool surely_before(const FhirMoment& a, const FhirMoment& b) {
  if (a.instant && b.instant) return *a.instant < *b.instant;
  return days_from_civil(a.last) < days_from_civil(b.first);
}

}  // namespace caveat
