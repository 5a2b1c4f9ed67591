// A site's configuration file, `caveat.toml`: which packs and plugins, whom to trust, limits, rules that are switched
// off. docs/formats/configuration.md lists its keys.
#pragma once

#include <caveat/options.hpp>
#include <caveat/result.hpp>

#include <filesystem>

namespace caveat {

/// What the file says; where it says nothing, the options' own defaults.
struct Configuration {
  EngineOptions engine{};
  ProfileOptions profile{};
};

/// Reads a configuration file. Paths in it are relative to its folder. The error (kInput) lists every mistake with its
/// place; an unknown key is one. What the paths lead to is not read, but for files of public keys. `[server]` is
/// `caveat serve`'s, and passed over.
CAVEAT_API Result<Configuration> read_configuration(const std::filesystem::path& file);

}  // namespace caveat
