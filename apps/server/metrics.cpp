#include "server/metrics.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace caveat::server {

namespace {

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

// A pack's id and a route's name hold nothing that would have to be escaped.
void line(std::string& out, std::string_view name, std::string_view labels, std::uint64_t value) {
  out += fmt::format("{}{} {}\n", name, labels, value);
}

void counter(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  head(out, name, "counter", help);
  line(out, name, "", value);
}

}  // namespace

void Metrics::answered(std::string_view route, unsigned status, std::chrono::steady_clock::duration took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(route), status}];
  Durations& durations = durations_[std::string(route)];
  ++durations.buckets[static_cast<std::size_t>(bucket)];
  durations.seconds += seconds;
}

void Metrics::evaluated(std::string_view pack) {
  const std::lock_guard lock(mutex_);
  ++evaluations_[std::string(pack)];
}

void Metrics::count(Event event) {
  const std::lock_guard lock(mutex_);
  ++events_[static_cast<std::size_t>(event)];
}

void Metrics::count(Traffic traffic) {
  const std::lock_guard lock(mutex_);
  ++traffic_[static_cast<std::size_t>(traffic)];
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  const auto event = [&](Event each) { return events_[static_cast<std::size_t>(each)]; };
  const auto traffic = [&](Traffic each) { return traffic_[static_cast<std::size_t>(each)]; };
  std::string out;
  head(out, "caveat_build_info", "gauge", "The version that runs.");
  line(out, "caveat_build_info", "{version=\"" CAVEAT_VERSION "\"}", 1);
  head(out, "caveat_http_requests_total", "counter", "Requests answered.");
  for (const auto& [key, count] : requests_)
    line(out, "caveat_http_requests_total", fmt::format("{{route=\"{}\",status=\"{}\"}}", key.first, key.second),
         count);
  head(out, "caveat_http_request_seconds", "histogram", "From a request's last byte to its answer.");
  for (const auto& [route, durations] : durations_) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < durations.buckets.size(); ++i) {
      sum += durations.buckets[i];
      const std::string bound = i < kBounds.size() ? fmt::format("{}", kBounds[i]) : "+Inf";
      line(out, "caveat_http_request_seconds_bucket", fmt::format("{{route=\"{}\",le=\"{}\"}}", route, bound), sum);
    }
    out += fmt::format("caveat_http_request_seconds_sum{{route=\"{}\"}} {}\n", route, durations.seconds);
    line(out, "caveat_http_request_seconds_count", fmt::format("{{route=\"{}\"}}", route), sum);
  }
  head(out, "caveat_http_connections", "gauge", "Connections that are open.");
  line(out, "caveat_http_connections", "", traffic(Traffic::kOpened) - traffic(Traffic::kClosed));
  counter(out, "caveat_http_connections_total", "Connections taken.", traffic(Traffic::kOpened));
  counter(out, "caveat_http_turned_away_total", "Connections over the limit.", traffic(Traffic::kTurnedAway));
  counter(out, "caveat_http_refused_total", "Requests refused before they were read.", traffic(Traffic::kRefused));
  counter(out, "caveat_http_cut_off_total", "Clients that were too slow.", traffic(Traffic::kCutOff));
  head(out, "caveat_evaluations_total", "counter", "Evaluations, by subject pack.");
  for (const auto& [pack, count] : evaluations_)
    line(out, "caveat_evaluations_total", fmt::format("{{pack=\"{}\"}}", pack), count);
  counter(out, "caveat_unrecorded_total", "Evaluations that were not shown, because they could not be recorded.",
          event(Event::kUnrecorded));
  counter(out, "caveat_reloads_total", "Packs and plugins loaded again.", event(Event::kReloaded));
  counter(out, "caveat_failed_reloads_total", "Reloads that left what was in force.", event(Event::kNotReloaded));
  counter(out, "caveat_fetches_total", "Calls for which missing data were fetched.", event(Event::kFetched));
  counter(out, "caveat_failed_fetches_total", "Calls that ended because data could not be fetched.",
          event(Event::kNotFetched));
  return out;
}

}  // namespace caveat::server
