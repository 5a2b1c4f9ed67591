// A plugin in a process of its own, which can do nothing but compute: what every plugin gets that is neither the
// engine's own nor explicitly trusted. Internal to plugin_host; docs/decisions/isolated-workers.md says why it is as it
// is.
#pragma once

#include "plugin_host/library_image.hpp"
#include "plugin_host/runner.hpp"
#include "plugin_host/worker.hpp"

#include <memory>

namespace caveat {

/// A plugin whose library a worker can load. Any thread may call.
class IsolatedPlugin {
 public:
  /// Loads the library in a worker. An error (kLoad) when it is refused in an orderly way: it is no plugin, it does not
  /// work with this engine, it needs a library that a worker does not have. One that crashes, hangs or does what it may
  /// not is an isolated plugin all the same, whose every call fails until it comes to its senses: it costs its own
  /// words, not the engine. `plugin` and `workers` outlive it.
  static Result<std::shared_ptr<IsolatedPlugin>> load(const PluginInfo& plugin, const LibraryImage& image,
                                                      std::string manifest_bytes, Workers& workers);

  /// A worker with the library loaded. What went wrong is in `failure` (the process is lost) or in `refusal` (the
  /// plugin does not want); then it is null.
  std::unique_ptr<Worker> worker(Deadline deadline, std::string& failure, std::string& refusal);

  [[nodiscard]] const PluginInfo& info() const { return plugin_; }
  [[nodiscard]] Workers& workers() const { return workers_; }

 private:
  IsolatedPlugin(const PluginInfo& plugin, LibraryImage image, std::string manifest_bytes, Workers& workers,
                 std::uint32_t runtime)
      : plugin_(plugin),
        image_(std::move(image)),
        manifest_(std::move(manifest_bytes)),
        workers_(workers),
        runtime_(runtime) {}

  const PluginInfo& plugin_;
  LibraryImage image_;
  std::string manifest_;
  Workers& workers_;
  std::uint32_t runtime_;
  std::mutex mutex_;
  std::unique_ptr<Worker> ready_;  ///< from load(), for whoever asks first
};

/// Binds the rules that `bound` tells of, in a process of their own. An error (kLoad) when the plugin refuses them in
/// an orderly way. `bound` outlives it.
Result<std::unique_ptr<Runner>> bind_isolated(std::shared_ptr<IsolatedPlugin> plugin, const Briefing& bound);

/// Locks a process in without a plugin.
Result<IsolationSupport> probe_isolation(Workers& workers);

}  // namespace caveat
