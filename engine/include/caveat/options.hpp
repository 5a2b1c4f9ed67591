// Options of loading, reading and evaluating. Every field says its default and unit.
#pragma once

#include <caveat/diagnostic.hpp>
#include <caveat/instant.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caveat {

/// One folder or several.
struct Folders {
  Folders() = default;
  Folders(const char* path) : paths{path} {}                                          // NOLINT: converts on purpose
  Folders(std::filesystem::path path) : paths{std::move(path)} {}                     // NOLINT
  Folders(std::vector<std::filesystem::path> several) : paths(std::move(several)) {}  // NOLINT
  std::vector<std::filesystem::path> paths;
};

/// A rule that the site does not want to hear. Every evaluation lists it; without a rule that bars, no evaluation is
/// complete.
struct DisabledRule {
  std::string rule;    ///< `pack/rule`
  std::string reason;  ///< required
  std::string person;  ///< who answers for it; required
  std::string date;    ///< ISO 8601 date; required
  Place place{};       ///< where it was written, for messages
};

/// Somebody whose signatures count. Ids stand for themselves; with a `*` at its end, one stands for all that begin so.
struct TrustedKey {
  std::string key;   ///< a minisign public key, `RW…`; required
  std::string name;  ///< whose it is, for people; required
  /// Ids of the plugins and of the rule packs that it may sign: `org.example.*`. At least one of either.
  std::vector<std::string> plugins{}, packs{};
  Place place{};  ///< where it was written, for messages
};

/// What is never loaded, whoever vouches for it. Exactly one of `digest`, `key` and `id` is given.
struct Denial {
  std::string digest{};   ///< of a plugin's file or of a pack, `sha256:…`
  std::string key{};      ///< a public key, or its 16 digits: nothing that is signed with it is loaded
  std::string id{};       ///< of a plugin or a pack
  std::string version{};  ///< beside `id`: of which versions, `< 1.2.3`. Empty: of all
  std::string reason{};   ///< required; stands in the message
  Place place{};          ///< where it was written, for messages
};

/// Whose plugins and rule packs are loaded, and which plugins may run inside the process (docs/formats/trust.md).
struct TrustOptions {
  std::vector<TrustedKey> keys{};
  /// The lock file: what is pinned. Empty: nothing is. One that is named and cannot be read is an error.
  std::filesystem::path lock{};
  /// Load what nobody vouches for. A plugin among it runs isolated all the same. False: only what is part of Caveat, or
  /// validly signed with a trusted key, is loaded.
  bool allow_unsigned = true;
  /// Ids of plugins that run inside the process once they are pinned and signed with a trusted key. Code there can do
  /// all that the process can.
  std::vector<std::string> in_process{};
  std::vector<Denial> deny{};
};

/// What a plugin gets that does not run in the engine's own process (docs/formats/plugin-abi.md): every plugin that is
/// neither part of Caveat nor explicitly trusted.
struct IsolationOptions {
  /// The worker program. Empty: `caveat/caveat-plugin-worker` beside the library.
  std::filesystem::path worker{};
  /// Milliseconds for one call with a batch of profiles (one profile in Engine::evaluate, for which a plugin is called
  /// up to three times: what it derives, its checks, its advisories). A plugin that takes longer is ended, and has
  /// failed for the profiles that it left. One in the engine's process is told the same and cannot be ended.
  std::uint32_t deadline_ms = 1000;
  /// MiB of address space of one plugin's process.
  std::uint32_t memory_mib = 512;
  /// Seconds of processor time that a plugin's process may use at most; it is replaced before it has.
  std::uint32_t cpu_s = 60;
  /// A plugin that loses its process in five calls in a row is not called for so many milliseconds, then for twice as
  /// many, up to the longest. Calls of one kind count together: one that can derive may be lost in its checks.
  std::uint32_t quarantine_ms = 1000;
  std::uint32_t quarantine_max_ms = 300'000;
  /// Keep one started process at hand. False suits a program that evaluates once and ends.
  bool warm_spare = true;
};

struct EngineOptions {
  /// Folders of packs: each is a pack (it has a pack.toml) or holds packs as subfolders.
  Folders rules{};
  /// Folders of plugins: every `*.so` in them is loaded; or single `*.so` files. An empty list loads none.
  Folders plugins{};
  /// The wording guard's lexicons. Empty: `wording` in the first folder of `rules`.
  std::filesystem::path wording{};
  /// Load retired packs too. They may be evaluated only to replay what was said when they were in force.
  bool retired = false;
  std::vector<DisabledRule> disabled{};
  TrustOptions trust{};
  IsolationOptions isolation{};
};

struct ProfileOptions {
  /// What the text is called in diagnostics.
  std::string file = "profile";
  /// Facts that no vocabulary declares become warnings instead of errors.
  bool lenient = false;
  std::size_t bytes_max = std::size_t{16} << 20;
  std::size_t depth_max = 32;
  std::size_t facts_max = 10'000;
  /// FHIR: the id of the patient that the profile is of. Empty: the only one that the record speaks of.
  std::string patient{};
};

/// A part of a health record, as it was got: a FHIR R4 Bundle, a list of resources, or one resource.
struct FhirSource {
  /// What it is called in diagnostics: a file, a prefetch key.
  std::string name = "record";
  /// JSON. Three things are told apart: no text, so nothing was asked or given; `null`, so there is no such data; an
  /// OperationOutcome, so asking failed. Borrowed while it is read.
  std::optional<std::string_view> text{};
  /// The search that it answers, such as `Condition?patient=1&code=…`. Empty: not known, or all of the record.
  std::string query{};
};

struct EvaluateOptions {
  /// The evaluation's time. Required: there is no default, so that no clock is hidden.
  Instant at{};
  /// The subject pack's id. Empty: the engine's only one.
  std::string pack{};
  /// ISO 639-1 code of the language that texts are wanted in.
  std::string language = "en";
};

/// How much of the reasons a rendering shows.
enum class Explain { kNone, kBrief, kFull };

struct RenderOptions {
  Explain explain = Explain::kFull;
  /// JSON: indent. Text: use colour.
  bool pretty = false;
  /// Text: columns.
  std::size_t width = 80;
};

}  // namespace caveat
