#include "server/epoch.hpp"

#include "values/temporal.hpp"

#include <chrono>

namespace caveat::server {

std::int64_t epoch_seconds(const Instant& instant) {
  const auto at = parse_rfc3339(instant.rfc3339);
  if (!at) return 0;
  const std::chrono::sys_days day{std::chrono::year{at->year} / std::chrono::month{at->month} /
                                  std::chrono::day{at->day}};
  const auto time = std::chrono::hours{at->hour} + std::chrono::minutes{at->minute - at->offset_minutes} +
                    std::chrono::seconds{at->second};
  return std::chrono::seconds(day.time_since_epoch() + time).count();
}

}  // namespace caveat::server
