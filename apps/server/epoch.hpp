// Seconds since 1970, as tokens count them.
#pragma once

#include <caveat/instant.hpp>

#include <cstdint>

namespace caveat::server {

/// 0 for what is no time.
std::int64_t epoch_seconds(const Instant& instant);

}  // namespace caveat::server
