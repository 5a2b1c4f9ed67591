// Caveat: clinical decision support that explains itself and defers.
//
//   auto engine = caveat::Engine::load({.rules = "rules", .plugins = "plugins"});
//   auto profile = caveat::Profile::from_json(text, engine->vocabulary());
//   caveat::Evaluation e = engine->evaluate(*profile, {.at = caveat::now()});
//
// An Engine, a Profile and an Evaluation are immutable values: copying is cheap, and any thread may use any of them at
// any time. Nothing here throws but std::bad_alloc. Texts are UTF-8. Recording: audit.hpp.
#pragma once

#include <caveat/configuration.hpp>
#include <caveat/export.hpp>
#include <caveat/instant.hpp>
#include <caveat/options.hpp>
#include <caveat/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class Vocabulary;
struct ProfileData;
struct EvaluationData;
struct Snapshot;

/// What is known of one patient, validated against an engine's vocabulary.
class CAVEAT_API Profile {
 public:
  /// Reads a profile (docs/formats/profile.md). The error lists every mistake of the text with its place; a value is
  /// never clamped, guessed or dropped.
  static Result<Profile> from_json(std::string_view text, const Vocabulary& vocabulary,
                                   const ProfileOptions& options = {});
  static Result<Profile> from_toml(std::string_view text, const Vocabulary& vocabulary,
                                   const ProfileOptions& options = {});
  /// Reads a FHIR R4 record (docs/formats/fhir.md): a Bundle of any type, a list of resources, or one resource. Absence
  /// is unknown; what is there and not usable makes its fact unknown, with a warning. It is an error only when the
  /// record as a whole cannot be read, or speaks of several patients.
  static Result<Profile> from_fhir(std::string_view text, const Vocabulary& vocabulary,
                                   const ProfileOptions& options = {});
  /// The same from several sources, such as the parts of a prefetch.
  static Result<Profile> from_fhir(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary,
                                   const ProfileOptions& options = {});
  /// Tells TOML, JSON and FHIR apart by content.
  static Result<Profile> from_text(std::string_view text, const Vocabulary& vocabulary,
                                   const ProfileOptions& options = {});

  [[nodiscard]] const std::string& id() const;
  /// `sha256:…` over the canonical form of the facts: the same for TOML and JSON. It does not depend on the time, nor
  /// does a profile: ages are counted from birth dates when it is evaluated.
  [[nodiscard]] const std::string& digest() const;
  /// Warnings found while reading.
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const;

  [[nodiscard]] const ProfileData& data() const { return *data_; }

 private:
  explicit Profile(std::shared_ptr<const ProfileData> data) : data_(std::move(data)) {}
  friend class Engine;
  static Result<Profile> wrap(Result<ProfileData> data);
  std::shared_ptr<const ProfileData> data_;
};

/// Of all rules and checks that bar. There is no "approved", "safe" or "suitable".
enum class Disposition : std::uint8_t { kRefer, kIncomplete, kInsufficientInformation, kNoContraindicationFound };

CAVEAT_API std::string_view to_string(Disposition disposition);  ///< `refer`, `insufficient-information`, …
CAVEAT_API std::optional<Disposition> parse_disposition(std::string_view name);

/// One advisory, as a view: valid as long as its Evaluation.
struct AdvisoryView {
  std::string_view id;        ///< `pack/rule`
  std::string_view kind;      ///< `contraindication`, …
  std::string_view role;      ///< `bars`, `suggests`, `informs`
  std::string_view status;    ///< `met`, `undetermined`, `failed`
  std::string_view severity;  ///< `critical`, `warning`, `info`
  std::string_view title;
  std::string_view statement;
};

/// One rule's outcome, whether it speaks or not.
struct OutcomeView {
  std::string_view rule;  ///< `pack/rule`
  std::string_view kind;
  std::string_view status;  ///< `met`, `not-met`, `undetermined`, `failed`
};

/// The answer: an immutable value that holds all it refers to.
class CAVEAT_API Evaluation {
 public:
  /// Not null when the inputs could not be evaluated (no such pack, an answer dated after the evaluation). Such an
  /// evaluation is `incomplete` and has no advisories: nothing may be concluded from it.
  [[nodiscard]] const Error* error() const;

  [[nodiscard]] Disposition disposition() const;
  /// Whether every check of the pack was carried out. False beside `refer` means: this, and perhaps more.
  [[nodiscard]] bool complete() const;
  [[nodiscard]] std::string_view pack() const;
  [[nodiscard]] const std::string& summary() const;
  [[nodiscard]] std::string_view deferral() const;
  /// In the order in which they are to be read.
  [[nodiscard]] std::vector<AdvisoryView> advisories() const;
  [[nodiscard]] std::vector<OutcomeView> outcomes() const;
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const;

  /// `caveat.evaluation/1` (docs/formats/evaluation.md): the same bytes for the same inputs. One line, or indented.
  [[nodiscard]] std::string to_json(const RenderOptions& options = {}) const;
  /// For a terminal.
  [[nodiscard]] std::string to_text(const RenderOptions& options = {}) const;
  [[nodiscard]] std::string to_markdown(const RenderOptions& options = {}) const;
  /// A GuidanceResponse of FHIR R4 (docs/formats/fhir.md, 6), as JSON: one line, or indented.
  [[nodiscard]] std::string to_fhir(const RenderOptions& options = {}) const;
  /// A page that needs nothing beside it.
  [[nodiscard]] std::string to_html(const RenderOptions& options = {}) const;

  explicit Evaluation(std::shared_ptr<const EvaluationData> data) : data_(std::move(data)) {}
  [[nodiscard]] const EvaluationData& data() const { return *data_; }

 private:
  std::shared_ptr<const EvaluationData> data_;
};

/// Several evaluations as one page, in the order given.
CAVEAT_API std::string to_html(const std::vector<Evaluation>& evaluations, const RenderOptions& options = {});

/// A FHIR search or read that gets what facts are read from.
struct RecordQuery {
  std::string resource;             ///< `Condition`, …
  std::string query;                ///< `Condition?patient=ID&code=…`, `Patient/ID`
  std::vector<std::string> serves;  ///< names of the facts that are read from what it gets
};

/// Packs and plugins, loaded and checked: an immutable snapshot. EngineHandle puts another in its place while
/// evaluations in flight keep theirs.
class CAVEAT_API Engine {
 public:
  /// All or nothing: the error lists everything that is wrong in any pack or plugin.
  static Result<Engine> load(const EngineOptions& options);

  [[nodiscard]] const Vocabulary& vocabulary() const;
  /// Ids of the packs that can be evaluated, sorted.
  [[nodiscard]] std::vector<std::string> packs() const;
  /// Warnings found while loading.
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const;

  /// What to ask a FHIR server for, so that a pack's facts can be read, by their bindings. `patient` stands where the
  /// patient's id belongs: an id, or a token such as `{{context.patientId}}`. Empty for a pack that is not loaded. Give
  /// each answer to Profile::from_fhir() as a FhirSource with its query.
  [[nodiscard]] std::vector<RecordQuery> record_queries(std::string_view pack, std::string_view patient) const;

  /// Never fails outright: see Evaluation::error().
  [[nodiscard]] Evaluation evaluate(const Profile& profile, const EvaluateOptions& options) const;

  [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }

 private:
  explicit Engine(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}
  std::shared_ptr<const Snapshot> snapshot_;
};

/// An engine that can be replaced while it is in use. Any thread may call any of these at any time.
class CAVEAT_API EngineHandle {
 public:
  explicit EngineHandle(Engine engine);

  /// The engine that is in force. Take it once for each piece of work: a profile can only be evaluated with an engine
  /// of the vocabulary that it was read for, and whoever holds an engine keeps it as it is.
  [[nodiscard]] Engine get() const;
  /// Puts `engine` in force for every later get().
  void replace(Engine engine);
  /// Loads beside the engine that is in force, and then puts what was loaded in its place. On failure nothing changes.
  Result<void> reload(const EngineOptions& options);

  EngineHandle(EngineHandle&&) noexcept;
  EngineHandle& operator=(EngineHandle&&) noexcept;
  ~EngineHandle();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
