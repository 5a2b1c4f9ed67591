#include "rules_folder.hpp"

#include "plugin_host/plugin_host.hpp"
#include "rules/pack.hpp"

#include <algorithm>

namespace caveat::cli {

Result<RulesFolder> find_rules(const std::string& folder, const Arguments& arguments) {
  auto packs = find_packs(folder);
  if (!packs) return Failure(std::move(packs.error()));
  if (packs->empty()) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "no-pack",
                                   {folder},
                                   "the folder holds no pack",
                                   "a pack is a folder with a pack.toml"});
  }
  return RulesFolder{surroundings_of(folder, arguments), std::move(*packs)};
}

Result<Engine> load_rules(const RulesFolder& rules) { return load_engine(rules.surroundings, {.retired = true}); }

std::vector<const LoadedPack*> packs_of(const RulesFolder& rules, const Snapshot& snapshot) {
  std::vector<const LoadedPack*> out;
  for (const auto& loaded : snapshot.packs) {
    const auto found = std::find(rules.packs.begin(), rules.packs.end(), loaded->pack.folder);
    if (found != rules.packs.end()) out.push_back(loaded.get());
  }
  return out;
}

std::optional<Error> trouble_outside(const RulesFolder& rules) {
  const auto guard = load_guard(rules.surroundings);
  if (!guard) return guard.error();
  const auto host = load_plugins(rules.surroundings, *guard);
  if (!host) return host.error();
  return std::nullopt;
}

}  // namespace caveat::cli
