// What the service counts, for Prometheus. Labels name routes, statuses and packs: never a patient, never an answer,
// and no disposition, because who reads twice within a minute would learn a single one. docs/formats/http.md, 6.
#pragma once

#include "server/handler.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace caveat::server {

/// Counters without labels.
enum class Event : std::uint8_t { kUnrecorded, kReloaded, kNotReloaded, kFetched, kNotFetched };

class Metrics {
 public:
  /// A request was answered. `route` is a name of the routes' table, or `none`.
  void answered(std::string_view route, unsigned status, std::chrono::steady_clock::duration took);
  void evaluated(std::string_view pack);
  void count(Event event);
  void count(Traffic traffic);

  /// Prometheus' text format, version 0.0.4. The same order every time.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::array kBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                         0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
  struct Durations {
    std::array<std::uint64_t, kBounds.size() + 1> buckets{};
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, unsigned>, std::uint64_t, std::less<>> requests_;
  std::map<std::string, Durations, std::less<>> durations_;
  std::map<std::string, std::uint64_t, std::less<>> evaluations_;
  std::array<std::uint64_t, 5> events_{};
  std::array<std::uint64_t, 5> traffic_{};
};

}  // namespace caveat::server
