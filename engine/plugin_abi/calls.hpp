// Calls into a plugin, wherever it runs: in the host's process or in a worker. No exception comes out of any of them.
#pragma once

#include <caveat/plugin.h>
#include <cstdint>
#include <string>
#include <string_view>

namespace caveat {

/// Which of a plugin's functions is called. Each sees the facts that it declared to read, and no others.
enum class Call : std::uint8_t { kAdvise, kCheck, kDerive };

/// The functions that a manifest calls for, beside bind() and unbind().
struct NeededCalls {
  bool advise = false;  ///< it owns a kind
  bool check = false;
  bool derive = false;
};

/// Calls the exported function, and demands of its table what every host relies on: this major version, the manifest
/// that the library's section holds, and the functions that are needed. What is wrong ("refuses this engine: …"), or
/// empty: then `table` is complete, and null where the plugin's does not reach.
std::string call_entry(caveat_plugin_entry_fn entry, std::string_view manifest, NeededCalls needed,
                       caveat_plugin& table);

/// Makes an instance. What went wrong, with the plugin's own words on it, or empty: then `instance` is set.
std::string call_bind(const caveat_plugin& plugin, const caveat_host& host, const caveat_binding& binding,
                      caveat_instance*& instance);
void call_unbind(const caveat_plugin& plugin, caveat_instance* instance);

/// Calls advise(), check() or derive(). An exception is CAVEAT_EXCEPTION.
caveat_status call_batch(const caveat_plugin& plugin, caveat_instance* instance, Call call, const caveat_batch& batch,
                         const caveat_sink& sink);

/// "it ran out of memory"; empty for CAVEAT_OK.
std::string describe(caveat_status status);

/// A host that offers no extension. `version` is the engine's, and outlives it.
caveat_host plain_host(std::string_view version);

}  // namespace caveat
