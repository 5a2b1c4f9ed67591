// When something in a record was so: FHIR's dates, date-times and instants, which may be as coarse as a year.
#pragma once

#include "values/temporal.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace caveat {

struct FhirMoment {
  Date first, last;                     ///< the days it may be, as written in its own offset
  std::optional<std::int64_t> instant;  ///< milliseconds since 1970 UTC, when it has a time
};

/// `2026`, `2026-11`, `2026-11-01`, or a date-time with its offset; fractions of a second beyond milliseconds are cut.
std::optional<FhirMoment> parse_moment(std::string_view text);

/// Whether `a` surely lies before `b`. Instants are compared as such; where one of them has no time, days are.
bool surely_before(const FhirMoment& a, const FhirMoment& b);

}  // namespace caveat
