// Reasons: why a rule's outcome is what it is, what is missing, and what would turn it. evaluation.md, "Advisory".
#pragma once

#include "conditions/program.hpp"
#include "rules/kinds.hpp"

#include <optional>
#include <vector>

namespace caveat {

/// A single-fact change that would turn the outcome. Without `to`, only says that the list is not whole for the fact.
struct Change {
  FactId fact = 0;
  std::optional<FactValue> to;
  RuleStatus outcome = RuleStatus::kUndetermined;
  bool partial = false;  ///< other values of this fact may turn it too
};

/// What the outcome would be if stale answers still held.
struct LastKnown {
  RuleStatus outcome = RuleStatus::kUndetermined;
  std::vector<FactId> facts;  ///< the stale facts that decide it, at their last known values
};

struct Reasons {
  std::vector<FactId> because;  ///< met, not met: irreducible and sufficient, in declaration order
  std::vector<FactId> missing;  ///< undetermined: never too narrow, in declaration order
  std::vector<Change> would_change;
  bool met_on_conflict = false;  ///< one of the disagreeing answers would make it met
  bool in_doubt = false;         ///< a stale or conflicting answer may decide it, in a way that was not tried out
  std::optional<LastKnown> last_known;
};

/// How much to work out: `missing` decides questions and is always needed.
struct ReasonsWanted {
  bool because = true;
  bool would_change = true;
};

/// Works on one profile's facts and atoms. It changes both while it tries alternatives and restores them: not for two
/// threads at a time.
class Reasoner {
 public:
  /// All outlive the reasoner. `atoms` are evaluated.
  Reasoner(const Program& program, const Vocabulary& vocabulary, Facts& facts, const DateTime& at,
           std::vector<AtomValue>& atoms);

  /// A rule's outcome by its condition. An error raised anywhere in it makes it failed; so does an unknown that hangs
  /// on a derived fact whose plugin failed.
  [[nodiscard]] RuleStatus outcome(ConditionId condition) const;
  [[nodiscard]] Reasons reasons(ConditionId condition, RuleStatus status, ReasonsWanted wanted);
  /// The unknown facts that could decide the condition, derived ones resolved to their inputs. Ascending.
  [[nodiscard]] std::vector<FactId> missing(ConditionId condition) const;
  /// Adds what has to be asked for an unknown fact to be known. Keeps `out` ascending.
  void add_missing(FactId fact, std::vector<FactId>& out) const;
  /// Whether an unknown fact, or what it is derived from, could not be derived because a plugin failed.
  [[nodiscard]] bool check_failed(FactId fact) const;

 private:
  std::vector<FactId> because(ConditionId condition);
  std::vector<Change> would_change(ConditionId condition, RuleStatus status);
  void change_listed(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out);
  void change_set(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out);
  void change_ordered(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out);
  void try_conflicts(ConditionId condition, Reasons& out);
  std::optional<LastKnown> last_known(ConditionId condition);

  /// The outcome with one fact at another value.
  RuleStatus outcome_with(ConditionId condition, FactId fact, const FactValue& value);
  void set(FactId fact, FactState state);
  void reevaluate(FactId fact);
  [[nodiscard]] bool derived_in_doubt(FactId fact) const;

  const Program& program_;
  const Vocabulary& vocabulary_;
  Facts& facts_;
  const DateTime& at_;
  std::vector<AtomValue>& atoms_;
  mutable std::vector<AtomId> residual_;
};

}  // namespace caveat
