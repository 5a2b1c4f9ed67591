// Advisory: one thing said about a profile, with its whole reason. docs/formats/evaluation.md.
#pragma once

#include "advisory/reasons.hpp"
#include "plugin_host/plugin_host.hpp"
#include "rules/rule.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A rule of a pack, or a plugin's check in code: what can have an outcome. Exactly one of the two is set.
struct Subject {
  const Rule* rule = nullptr;
  const CheckSchema* check = nullptr;

  [[nodiscard]] std::string_view id() const { return rule != nullptr ? rule->full_id : check->full_id; }
  [[nodiscard]] std::string_view kind() const { return rule != nullptr ? std::string_view(rule->kind->name) : "check"; }
  [[nodiscard]] Role role() const { return rule != nullptr ? rule->kind->role : check->role; }
  [[nodiscard]] Severity severity() const { return rule != nullptr ? rule->severity : check->severity; }
  [[nodiscard]] bool speaks_when(RuleStatus status) const;
  /// Whether it has no condition, so that nothing is checked: it is always met.
  [[nodiscard]] bool always() const { return rule != nullptr && !rule->condition; }
};

/// Texts are views into packs and manifests, or into the evaluation's own store of formatted and free texts.
struct Advisory {
  Subject subject;
  std::size_t place = 0;  ///< the subject's position among its pack's: file name, then place
  RuleStatus status = RuleStatus::kUndetermined;
  Severity severity = Severity::kInfo;
  std::string_view title;
  std::string_view statement;
  std::vector<std::string_view> details;
  Reasons reasons;
  CheckReport report;              ///< a check's own explanation
  std::vector<std::string> notes;  ///< `plugin-failed: …`, why a condition came out null
};

/// Reading order: role, status (met, failed, undetermined), severity, rules that a conflicting or stale answer would
/// make met, place.
bool reads_before(const Advisory& a, const Advisory& b);

/// Owns the texts that an evaluation had to make. Views stay valid while it grows and when it is moved.
class TextStore {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

 private:
  std::deque<std::string> texts_;
};

/// A text with `{label}` and `{value}` replaced by what the subject fact is called and has: its value, or why it has
/// none. Texts without placeholders come back as they are.
std::string_view fill_placeholders(std::string_view text, std::optional<FactId> subject, const Vocabulary& vocabulary,
                                   const Facts& facts, std::string_view language, TextStore& store);

/// A fact's value as a person reads it, or why it has none.
std::string display_state(const FactDeclaration& fact, const FactState& state, std::string_view language);

}  // namespace caveat
