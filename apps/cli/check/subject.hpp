// The plugin under check, as one check's process has it. What is asked of it is done then and only then, because
// loading is already execution.
#pragma once

#include "check/checks.hpp"
#include "check/world.hpp"
#include "plugin_host/plugin_host.hpp"
#include "wording/guard.hpp"

#include <caveat/plugin.h>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caveat::cli {

struct SubjectOptions {
  std::filesystem::path file;
  std::uint64_t seed = 1;
  std::vector<std::filesystem::path> rules;    ///< real packs to bind it to, beside those that are made up
  std::vector<std::filesystem::path> plugins;  ///< which those packs may need
  std::filesystem::path wording;
  std::function<void(const std::string&)> note;  ///< told what is being done, for when the process does not come back
  std::function<void(const Finding&)> end;       ///< tells a finding and ends the process
};

class Subject {
 public:
  /// Nothing of the plugin is read yet. `guard` outlives it.
  Subject(SubjectOptions options, const Guard& guard) : options_(std::move(options)), guard_(guard) {}

  [[nodiscard]] const std::filesystem::path& file() const { return options_.file; }
  [[nodiscard]] std::uint64_t seed() const { return options_.seed; }
  [[nodiscard]] const Guard& guard() const { return guard_; }
  void note(const std::string& what) const { options_.note(what); }
  /// Ends the process with a finding: for when the plugin still runs and cannot be stopped.
  [[noreturn]] void end_with(const Finding& finding) const {
    options_.end(finding);
    std::abort();
  }

  /// The manifest and the bytes that it was read from; an error when it has mistakes.
  Result<const PluginInfo*> info();
  [[nodiscard]] const std::string& manifest_bytes() const { return manifest_bytes_; }

  /// Loads the library, by its path, and finds its entry function.
  Result<caveat_plugin_entry_fn> entry();
  /// What the entry function gives to a host of this version.
  Result<const caveat_plugin*> table();

  /// What it can be bound to: rules made up from its manifest, and those of the packs that were given. Made once.
  Result<const std::vector<std::unique_ptr<World>>*> worlds();
  /// The vocabulary of the packs that were given; null without any, and before worlds().
  [[nodiscard]] const Vocabulary* known_facts() const { return packs_ == nullptr ? nullptr : &packs_->vocabulary; }

 private:
  Result<std::shared_ptr<const Snapshot>> load_packs(const PluginInfo& plugin) const;

  SubjectOptions options_;
  const Guard& guard_;
  std::string manifest_bytes_;
  std::optional<PluginInfo> info_;
  std::optional<caveat_plugin> table_;
  std::shared_ptr<const Snapshot> packs_;
  std::vector<std::unique_ptr<World>> worlds_;
};

/// All that is wrong, in one text.
std::string words_of(const Error& error);

}  // namespace caveat::cli
