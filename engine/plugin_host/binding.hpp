// The inside of a Binding. Internal to plugin_host.
#pragma once

#include "plugin_host/runner.hpp"

#include <chrono>

namespace caveat {

struct Binding::Impl {
  std::unique_ptr<Briefing> bound;  ///< outlives the runner, which points into it
  std::unique_ptr<Runner> runner;
  std::chrono::milliseconds allowed;  ///< time for one batch when the caller sets no deadline
};

}  // namespace caveat
