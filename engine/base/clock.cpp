// The only place that reads the machine's clock. Everything else takes the time as an input.
#include <caveat/instant.hpp>

#include <fmt/format.h>

#include <chrono>

namespace caveat {

Instant now() {
  using namespace std::chrono;
  const auto seconds_now = floor<seconds>(system_clock::now());
  const auto day = floor<days>(seconds_now);
  const year_month_day date{day};
  const hh_mm_ss time{seconds_now - day};
  return Instant{fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             time.hours().count(), time.minutes().count(), time.seconds().count())};
}

}  // namespace caveat
