// Where rules, plugins and lexicons are found: by option, by environment, beside the command, in this order.
#pragma once

#include "arguments.hpp"

#include <caveat/caveat.hpp>

#include "wording/guard.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace caveat::cli {

struct Surroundings {
  std::vector<std::filesystem::path> rules, plugins;
  std::filesystem::path wording;  ///< empty when none was found
  bool rules_chosen = false;      ///< by option or environment
  bool plugins_chosen = false;
};

Surroundings find_surroundings(const Arguments& arguments);

/// The same, for one folder of rules that the user names (`rules check DIR`): the folder, the packs that its packs use,
/// and the lexicons nearest to it.
Surroundings surroundings_of(const std::filesystem::path& folder, const Arguments& arguments);

Result<Guard> load_guard(const Surroundings& surroundings);
/// Warnings of loading are left in the engine. `retired`: also packs that are no longer in force.
Result<Engine> load_engine(const Surroundings& surroundings, bool retired = false);

}  // namespace caveat::cli
