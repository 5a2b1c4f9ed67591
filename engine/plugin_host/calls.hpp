// The boundary to plugins' code, both ways: every call into a plugin and every call that a plugin makes goes through
// this one translation unit. No exception passes it in either direction. Internal to plugin_host.
#pragma once

#include "plugin_host/accept.hpp"

namespace caveat {

/// Calls the exported function with this host's version. Null when the plugin refuses it or throws.
const caveat_plugin* call_entry(caveat_plugin_entry_fn entry);

/// Makes an instance. What went wrong, or empty; then `instance` is set.
std::string call_bind(const caveat_plugin& plugin, const caveat_binding& binding, caveat_instance*& instance);
void call_unbind(const caveat_plugin& plugin, caveat_instance* instance);

/// Calls advise(), check() or derive() with a sink that hands everything to `acceptor`. What made the whole batch fail,
/// or empty: failures of single profiles are the acceptor's.
std::string call_batch(const caveat_plugin& plugin, caveat_instance* instance, Call call, const caveat_batch& batch,
                       Acceptor& acceptor, const CallLimits& limits);

}  // namespace caveat
