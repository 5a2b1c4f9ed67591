// A folder of rules that the user names: `caveat rules … DIR`.
#pragma once

#include "surroundings.hpp"

#include "evaluation/snapshot.hpp"

#include <optional>

namespace caveat::cli {

struct RulesFolder {
  Surroundings surroundings;
  std::vector<std::filesystem::path> packs;  ///< the folders of its packs
};

/// kLoad when there is no such folder, or no pack in it.
Result<RulesFolder> find_rules(const std::string& folder, const Arguments& arguments);

/// Loads the folder's packs, retired ones too, and those that they use.
Result<Engine> load_rules(const RulesFolder& rules);

/// The folder's own packs, without those they use, by id.
std::vector<const LoadedPack*> packs_of(const RulesFolder& rules, const Snapshot& snapshot);

/// When rules do not load: what is wrong with the lexicons or the plugins, if that is why.
std::optional<Error> trouble_outside(const RulesFolder& rules);

}  // namespace caveat::cli
