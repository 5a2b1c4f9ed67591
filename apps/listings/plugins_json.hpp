// Plugins as JSON: `caveat.plugins/1`. docs/formats/command.md, 9.
#pragma once

#include "base/json_writer.hpp"
#include "plugin_host/plugin_host.hpp"

#include <string>
#include <vector>

namespace caveat::listings {

/// One plugin. `path` where it may be told, else empty; `standing` is null for one that is not loaded.
void write_plugin(JsonWriter& json, const Manifest& manifest, const std::string& path, const Standing* standing);

/// `"key": ["word", …]`
void write_list(JsonWriter& json, const char* key, const std::vector<std::string>& words);

/// Every plugin of a host, in its order, without paths. One line.
std::string plugins_json(const PluginHost& host);

}  // namespace caveat::listings
