// A plugin's library: loaded, negotiated with, and kept until the process ends. Internal to plugin_host.
#pragma once

#include "plugin_host/plugin_host.hpp"

#include <caveat/plugin.h>

namespace caveat {

/// Loads the library and demands that what it says of itself is what its section said: `manifest_bytes`. The table is
/// complete: what its size does not reach is null, and every function that the manifest calls for is there.
Result<caveat_plugin> load_library(const PluginInfo& plugin, std::string_view manifest_bytes);

}  // namespace caveat
