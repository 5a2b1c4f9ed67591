// Snapshot: everything that an engine has loaded, checked and bound. Immutable once made.
#pragma once

#include <caveat/caveat.hpp>

#include "plugin_host/plugin_host.hpp"
#include "rules/pack.hpp"
#include "wording/guard.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A plugin's part in one pack.
struct PackPlugin {
  std::size_t plugin = 0;  ///< index into the host's plugins
  Binding binding;
  std::vector<std::uint32_t> rules;  ///< the pack's rule for each rule of the binding
};

struct LoadedPack {
  Pack pack;
  std::vector<const LoadedPack*> used;  ///< the closure of `uses`, nearest first
  std::vector<PackPlugin> plugins;      ///< those that own its kinds or that it requires; derivers in dependency order
  std::vector<const DisabledRule*> disabled;
  std::vector<bool> rule_disabled;  ///< by rule
  std::string inputs;               ///< what of an evaluation's id follows from what is loaded
};

struct Snapshot {
  Snapshot(Guard vetted_by, PluginHost plugin_host) : guard(std::move(vetted_by)), host(std::move(plugin_host)) {}

  Guard guard;
  PluginHost host;
  Vocabulary vocabulary;
  std::vector<std::unique_ptr<LoadedPack>> packs;  ///< by id
  std::vector<DisabledRule> disabled;
  std::vector<Diagnostic> diagnostics;  ///< warnings and notes

  [[nodiscard]] const LoadedPack* find(std::string_view id) const;
};

/// Where packs come from: a site's folders, where trust is asked for them; or an audit log, whose chain vouches for
/// them, whatever the site pins or denies by now.
enum class PackSource : std::uint8_t { kSite, kRecord };

/// All or nothing: every mistake of every pack and plugin is in the error.
Result<std::shared_ptr<const Snapshot>> load_snapshot(const EngineOptions& options,
                                                      PackSource source = PackSource::kSite);

}  // namespace caveat
