// Runner: where a plugin runs that was bound to one pack's rules. Internal to plugin_host.
#pragma once

#include "plugin_abi/calls.hpp"
#include "plugin_host/accept.hpp"

namespace caveat {

class Runner {
 public:
  virtual ~Runner() = default;

  /// Calls one of the plugin's functions with a batch, once. What it says is handed to `acceptor`. What made the batch
  /// as a whole fail, in readable words, or empty: failures of single profiles are the acceptor's. Any thread may call.
  virtual std::string call(Call call, const caveat_batch& batch, Acceptor& acceptor, const CallLimits& limits) = 0;

  /// The most profiles that it takes in one call.
  [[nodiscard]] virtual std::size_t rows_max() const = 0;

  /// Whether a call that does not come back is ended at its deadline. One in the host's process can only be asked.
  [[nodiscard]] virtual bool enforces_deadline() const = 0;
};

}  // namespace caveat
