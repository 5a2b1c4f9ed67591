// EvaluationData: what an Evaluation holds. Immutable once made; renderings read it.
#pragma once

#include "advisory/advisory.hpp"
#include "evaluation/snapshot.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caveat {

/// What one rule or check came to.
struct SubjectOutcome {
  Subject subject;
  RuleStatus status = RuleStatus::kUndetermined;
  std::string reason;  ///< failed, or undetermined for another reason than a missing fact
};

struct Withheld {
  std::string_view kind;
  std::vector<std::string_view> rules;  ///< ids of those that would have spoken
};

struct Question {
  FactId fact = 0;
  std::vector<std::string_view> decides;  ///< ids of rules and checks
};

struct PluginStatus {
  std::size_t plugin = 0;
  std::string failure;  ///< empty: ok
};

struct EvaluationData {
  std::shared_ptr<const Snapshot> snapshot;
  std::shared_ptr<const ProfileData> given;    ///< as it was read
  std::shared_ptr<const ProfileData> profile;  ///< the same at the evaluation's time (facts' at_time())
  const LoadedPack* loaded = nullptr;  ///< null when there is an error
  std::optional<Error> error;

  std::string at_text;  ///< as given
  DateTime at;
  std::string language;

  Facts facts;
  std::vector<AtomValue> atoms;
  TextStore texts;
  std::vector<SubjectOutcome> outcomes;  ///< of rules by place, then of checks; disabled rules left out
  std::vector<Advisory> advisories;      ///< in reading order
  std::vector<Withheld> withheld;
  std::vector<Question> questions;
  std::vector<PluginStatus> plugins;
  std::vector<Diagnostic> diagnostics;

  Disposition disposition = Disposition::kIncomplete;
  bool complete = false;
  std::string summary;

  [[nodiscard]] const Pack& pack() const { return loaded->pack; }
  [[nodiscard]] const Vocabulary& vocabulary() const { return snapshot->vocabulary; }
  [[nodiscard]] std::string_view text(const Text& t) const { return t.in(language); }
  /// A hash of the inputs: engine, packs, plugins, profile, time, language.
  [[nodiscard]] std::string id() const;
};

/// Evaluates a profile. Never fails outright: see EvaluationData::error.
std::shared_ptr<const EvaluationData> evaluate(std::shared_ptr<const Snapshot> snapshot,
                                               std::shared_ptr<const ProfileData> profile,
                                               const EvaluateOptions& options);

}  // namespace caveat
