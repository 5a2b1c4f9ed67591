// A point in time, as an input: the engine never looks at a clock by itself.
#pragma once

#include <caveat/export.hpp>

#include <string>

namespace caveat {

/// RFC 3339 with an offset, kept as written: `2026-11-22T10:00:00+01:00`. The offset decides which day "today" is.
/// Evaluating with a text that is not of this form gives an evaluation with an error.
struct Instant {
  std::string rfc3339;
};

/// The machine's clock, in UTC, to the second.
CAVEAT_API Instant now();

}  // namespace caveat
