// Manifest: what a plugin declares of itself, read without loading it. docs/formats/plugin-manifest.md.
#pragma once

#include "plugin_host/expectation.hpp"
#include "rules/kinds.hpp"
#include "wording/guard.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A check in code: a rule whose condition is the plugin's own.
struct CheckSchema {
  std::string id;       ///< `dose-interval`
  std::string full_id;  ///< `org.example.doses/dose-interval`
  std::string plugin;
  Role role = Role::kInforms;
  Severity severity = Severity::kInfo;
  std::array<bool, 4> speaks{};
  std::vector<std::string> reads;
  Text title;
  Text says;
  std::string source_title, source_section, source_url;  ///< what it cites
  Place place;
};

struct Manifest {
  std::string id;
  std::string version;
  std::string license;  ///< SPDX expression
  std::string vendor;
  enum class Threading : std::uint8_t {
    kAny,
    kSerial
  } threading = Threading::kSerial;  ///< kSerial: one call at a time
  bool pure = true;                  ///< same input, same output
  std::vector<std::string> reads;    ///< facts its kinds' code sees
  std::vector<ExpectedFact> expects;
  std::vector<KindSchema> kinds;
  std::vector<FactDeclaration> derives;
  std::vector<CheckSchema> checks;
  std::vector<std::pair<std::string, Text>> texts;  ///< by id, in file order: a text's handle is its index
};

/// Reads a manifest's TOML. All mistakes at once, kLoad. Every text is put to the guard.
Result<Manifest> read_manifest(std::string text, const std::string& file, const Guard& guard);

/// The manifest's bytes from the ELF section of a library, without loading the library (loading is already execution).
/// Says apart: not an ELF shared library, of another architecture, without a Caveat manifest. `path` stands in
/// messages.
Result<std::string> extract_manifest(std::string_view library, const std::filesystem::path& path);
/// The same of a file, which may not be there.
Result<std::string> extract_manifest(const std::filesystem::path& path);

}  // namespace caveat
