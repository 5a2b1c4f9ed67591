// A plugin in the host's own process: for what came with the engine, and for what the site trusts by its signature, its
// digest and its name. Internal to plugin_host.
#pragma once

#include "plugin_host/library_image.hpp"
#include "plugin_host/runner.hpp"

#include <memory>
#include <mutex>

namespace caveat {

/// A plugin as the host holds it. The library stays mapped until the process ends (docs/decisions).
struct InProcessPlugin {
  caveat_plugin table{};
  bool serial = false;
  std::mutex one_at_a_time;  ///< taken for every call when `serial`, by all instances of all packs

  /// Held during a call.
  [[nodiscard]] std::unique_lock<std::mutex> turn() {
    return serial ? std::unique_lock(one_at_a_time) : std::unique_lock<std::mutex>();
  }
};

/// Loads the library from the image's own bytes, and demands that what it says of itself is what its section said.
Result<std::shared_ptr<InProcessPlugin>> load_in_process(const PluginInfo& plugin, const LibraryImage& image,
                                                         std::string_view manifest_bytes);

/// An instance for the rules that `bound` tells of, or (kLoad) why the plugin does not want. `bound` outlives it.
Result<std::unique_ptr<Runner>> bind_in_process(const PluginInfo& plugin, std::shared_ptr<InProcessPlugin> loaded,
                                                const Briefing& bound);

/// "the plugin `id` message", at its path.
Failure refuse_plugin(const Manifest& manifest, const std::filesystem::path& path, std::string message,
                      std::string help = {});

/// The functions that a manifest calls for.
NeededCalls needed_calls(const Manifest& manifest);

}  // namespace caveat
