// When a plugin is not called for a while: it lost its process many times in a row. Internal to plugin_host.
#pragma once

#include <caveat/options.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace caveat {

/// Not thread-safe. It looks at the monotonic clock: when a failing plugin is tried again depends on it, no outcome
/// does.
class Quarantine {
 public:
  explicit Quarantine(const IsolationOptions& options)
      : first_(options.quarantine_ms), longest_(options.quarantine_max_ms) {}

  /// The plugin has answered.
  void well() {
    losses_ = 0;
    wait_ = {};
    until_ = {};
  }

  /// It lost its process. From the fifth time in a row on, it is left alone: first for a short time, then longer.
  void lost() {
    if (++losses_ < kLossesMax) return;
    wait_ = wait_.count() == 0 ? first_ : std::min(wait_ * 2, longest_);
    until_ = Clock::now() + wait_;
  }

  /// Why it is not to be called now, or nothing.
  [[nodiscard]] std::optional<std::string> holds() const {
    if (losses_ < kLossesMax || Clock::now() >= until_) return std::nullopt;
    return "it failed " + std::to_string(losses_) + " times in a row and is not called for a while";
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kLossesMax = 5;
  std::chrono::milliseconds first_, longest_, wait_{};
  int losses_ = 0;
  Clock::time_point until_{};
};

}  // namespace caveat
