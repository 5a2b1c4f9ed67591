#include "server/http_date.hpp"

#include <caveat/instant.hpp>

#include <array>
#include <chrono>
#include <fmt/format.h>

namespace caveat::server {

std::string http_date(const DateTime& utc) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::weekday weekday{
      std::chrono::sys_days{std::chrono::year{utc.year} / std::chrono::month{utc.month} / std::chrono::day{utc.day}}};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday.c_encoding()], utc.day,
                     kMonths[utc.month - 1U], utc.year, utc.hour, utc.minute, utc.second);
}

const std::string& http_date() {
  thread_local std::string date;
  thread_local std::chrono::steady_clock::time_point looked;
  const auto tick = std::chrono::steady_clock::now();
  if (date.empty() || tick - looked >= std::chrono::seconds(1)) {
    looked = tick;
    date = http_date(parse_rfc3339(now().rfc3339).value_or(DateTime{}));
  }
  return date;
}

}  // namespace caveat::server
