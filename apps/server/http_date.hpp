// The date of an answer, as HTTP writes it (RFC 9110, 5.6.7).
#pragma once

#include "values/temporal.hpp"

#include <string>

namespace caveat::server {

/// `Sun, 22 Nov 2026 10:00:00 GMT`.
std::string http_date(const DateTime& utc);
/// Now, by the machine's clock; a thread looks at it once a second at most.
const std::string& http_date();

}  // namespace caveat::server
