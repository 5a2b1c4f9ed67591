// Rule packs: a folder of TOML files becomes a Pack, whole or not at all. docs/formats/rule-pack.md.
//
// Loading has two halves, because facts are global in an engine and conditions refer to them: read_pack() reads headers
// and facts of every pack into one vocabulary; compile_pack() then reads the rules.
#pragma once

#include "base/source_file.hpp"
#include "base/table_reader.hpp"
#include "rules/hook_service.hpp"
#include "rules/rule.hpp"
#include "trust/trust.hpp"
#include "wording/guard.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caveat {

enum class PackStatus : std::uint8_t { kDraft, kActive, kRetired };

std::string_view to_string(PackStatus status);

struct Pack {
  std::filesystem::path folder;
  std::string id;
  std::string version;
  PackStatus status = PackStatus::kDraft;
  std::string first_language = "en";  ///< of texts written as plain strings
  Text title;
  std::vector<std::string> authors;
  std::string approved_by, approved_on;
  std::optional<Date> review_by;
  std::string defer_to;
  Text deferral;
  std::vector<std::string> uses;
  std::vector<std::string> required_plugins;  ///< ids
  std::string default_at;                     ///< the time of cases that give none; may be empty
  Place place;                                ///< of `[pack]`

  std::vector<Source> sources;
  std::vector<FactId> facts;          ///< declared here, in the order written
  std::vector<Rule> rules;            ///< by file name, then place
  std::vector<HookService> services;  ///< likewise
  std::optional<Program> program;
  std::vector<std::optional<Period>> valid_for;  ///< by FactId
  std::vector<SourceFile> files;                 ///< by name, cases left out
  std::string digest;                            ///< of their listing
  Origin origin;                                 ///< who vouches for it; set by whoever asks trust/

  /// A place as results show it: relative to the pack's folder, so that bytes do not depend on where it lies.
  [[nodiscard]] Place relative(const Place& absolute) const;
  /// The same of its file alone; a view into `absolute`.
  [[nodiscard]] std::string_view relative_file(const Place& absolute) const;
};

/// A pack between the two halves of loading.
struct PackDraft {
  Pack pack;
  std::vector<TomlDocument> documents;  ///< by file name
  struct FactValidity {
    FactId fact = 0;
    std::optional<Period> valid_for;
  };
  std::vector<FactValidity> validities;
  std::vector<std::string> refused_facts;  ///< declared with a mistake, which has been reported
};

/// What a pack is checked against.
struct PackSurroundings {
  const Vocabulary& vocabulary;
  std::vector<const KindSchema*> kinds;
  std::vector<std::string> plugins;          ///< ids of the plugins that are loaded
  std::vector<std::string> plugin_versions;  ///< of the same
  const Guard& guard;
  std::vector<const PackDraft*> used;  ///< the closure of `uses`, nearest first
};

/// Reads header, sources and facts; declares the facts. Reports the first syntax error of every file and all semantic
/// ones. Nothing when there is no readable pack at all. Of a retired pack only the header is read, unless
/// `keep_retired`: what is out of force declares nothing.
std::unique_ptr<PackDraft> read_pack(const std::filesystem::path& folder, Vocabulary& vocabulary, bool keep_retired,
                                     Diagnostics& diagnostics);

/// Reads defines and rules into `draft.pack` and checks everything that needs the whole vocabulary. The pack is usable
/// only when no error was added.
void compile_pack(PackDraft& draft, const PackSurroundings& surroundings, Diagnostics& diagnostics);

/// The folders of packs in a folder: itself when it has a pack.toml, else its subfolders that have one, by name.
Result<std::vector<std::filesystem::path>> find_packs(const std::filesystem::path& folder);

}  // namespace caveat
