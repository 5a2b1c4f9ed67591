// The only place that reads the machine's clock. Everything else takes the time as an input.
#include <caveat/instant.hpp>

#include <fmt/format.h>

#include <chrono>

namespace caveat {

Instant now() {
  namespace chrono = std::chrono;
  const auto seconds_now = chrono::floor<chrono::seconds>(chrono::system_clock::now());
  const auto day = chrono::floor<chrono::days>(seconds_now);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss time{seconds_now - day};
  return Instant{fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             time.hours().count(), time.minutes().count(), time.seconds().count())};
}

}  // namespace caveat
