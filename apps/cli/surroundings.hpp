// Where rules, plugins and lexicons are found: by option, by environment, by the configuration, beside the command, in
// this order.
#pragma once

#include "arguments.hpp"

#include <caveat/caveat.hpp>

#include "configuration/configuration.hpp"
#include "plugin_host/plugin_host.hpp"
#include "wording/guard.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace caveat::cli {

struct Surroundings {
  std::vector<std::filesystem::path> rules, plugins;
  std::filesystem::path wording;  ///< empty when none was found
  bool rules_chosen = false;      ///< by option, environment or configuration
  bool plugins_chosen = false;
  EngineOptions configured;  ///< everything else of the configuration
};

/// What the file says that is named, or every default. `server` reads the table of that name; without it, it is
/// checked.
Result<Configuration> read_configured(const Arguments& arguments, const ServerTable& server);
Result<Configuration> read_configured(const Arguments& arguments);

Surroundings find_surroundings(const Arguments& arguments);

/// The same, for one folder of rules that the user names (`rules check DIR`): the folder, the packs that its packs use,
/// and the lexicons nearest to it. Whoever looks at a pack sees all of it: rules that a site switched off are on.
Surroundings surroundings_of(const std::filesystem::path& folder, const Arguments& arguments);

/// Where the SDK's templates lie; empty when they are not installed beside the command.
std::filesystem::path template_folder();

/// What an engine is loaded for.
struct Purpose {
  bool retired = false;  ///< also packs that are no longer in force
  bool lasting = false;  ///< it serves for long, so that a process for plugins is kept at hand
};

/// What was found, and what the configuration says.
EngineOptions engine_options(const Surroundings& surroundings, Purpose purpose = {});

Result<Guard> load_guard(const Surroundings& surroundings);
Result<PluginHost> load_plugins(const Surroundings& surroundings, const Guard& guard);
/// Warnings of loading are left in the engine.
Result<Engine> load_engine(const Surroundings& surroundings, Purpose purpose = {});

}  // namespace caveat::cli
