// Evaluator: one profile through one pack. Each step fills a part of the EvaluationData and needs only the parts
// before.
#pragma once

#include "evaluation/evaluation_data.hpp"

#include <vector>

namespace caveat {

class Evaluator {
 public:
  explicit Evaluator(EvaluationData& data);

  /// Facts at the evaluation's time; false, with the error set, when the profile cannot be evaluated at it.
  bool resolve();
  /// Plugins compute the facts they declare; a plugin that fails leaves them unknown (`check-failed`).
  void derive();
  /// Every rule's outcome, by its condition alone.
  void decide();
  /// Plugins draft; the host speaks for those that fail or leave out a rule that must speak.
  void consult();
  /// Order, withholding, questions, disposition, summary.
  void settle();

 private:
  struct Speech;  // what was said for one subject

  void derive_with(const PackPlugin& bound, PluginStatus& status);
  void set_derived(FactId fact, const std::optional<FactValue>& value, bool failed);
  void consult_one(const PackPlugin& bound, PluginStatus& status);
  void accept_checks(const Manifest& manifest, std::vector<CheckReport>& reports, const std::string& failure);
  void accept_drafts(const PackPlugin& bound, const std::vector<Draft>& drafts, PluginStatus& status);
  void advise(const Rule& rule, std::size_t place, const Draft* draft, const std::string& failure);
  void advise_check(const SubjectOutcome& outcome, std::size_t place, CheckReport report, const std::string& failure);
  void speak_for(Advisory& advisory, const Text& says, std::optional<FactId> subject);
  [[nodiscard]] std::string_view fill(std::string_view text, std::optional<FactId> subject);
  [[nodiscard]] bool hangs_on_failure(const CheckSchema& check) const;
  void fill_texts(Advisory& advisory, const Draft& draft, const Rule& rule);
  [[nodiscard]] std::string_view text_of(const DraftText& text);
  [[nodiscard]] std::string null_reason(ConditionId condition) const;
  [[nodiscard]] std::string failure_reason(ConditionId condition) const;

  void withhold();
  void explain();
  void ask_questions();
  void find_disposition();
  void note_remarks();

  EvaluationData& data_;
  const Pack& pack_;
  Reasoner reasoner_;
  std::vector<std::size_t> outcome_of_rule_;  // index into outcomes; kNone for disabled rules
};

}  // namespace caveat
