// Phrases that the text and the Markdown rendering share: each a line a person reads, without markup.
#pragma once

#include "advisory/messages.hpp"
#include "evaluation/evaluation_data.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class Phrases {
 public:
  explicit Phrases(const EvaluationData& data) : data_(data) {}

  [[nodiscard]] std::string_view say(Message which) const { return message(which, data_.language); }
  [[nodiscard]] std::string_view disposition() const;
  [[nodiscard]] std::string_view status(RuleStatus status) const;
  [[nodiscard]] std::string_view severity(Severity severity) const;
  [[nodiscard]] std::string_view heading(Role role) const;
  /// `Pregnancy: yes (recorded 2026-11-01, intake form)`; every answer where sources disagree.
  [[nodiscard]] std::string reading(FactId fact) const;
  /// `Pregnancy: no → does not apply`.
  [[nodiscard]] std::string change(const Change& change) const;
  /// `By the last known answer (Pregnancy: yes, recorded 2026-01-01): applies`.
  [[nodiscard]] std::string last_known(const LastKnown& last_known) const;
  /// `Pregnancy, Breastfeeding`.
  [[nodiscard]] std::string labels(const std::vector<FactId>& facts) const;
  [[nodiscard]] std::string label(FactId fact) const;
  [[nodiscard]] std::vector<std::string> sources(const Subject& subject) const;
  /// Who decides, when the rule names another than the pack; else empty.
  [[nodiscard]] std::string_view defer_to(const Subject& subject) const;
  [[nodiscard]] std::string_view title(const SubjectOutcome& outcome) const;
  /// Whether two advisories may be told together: equal kind, status, severity and statement.
  [[nodiscard]] static bool alike(const Advisory& a, const Advisory& b);

 private:
  [[nodiscard]] std::string value_with_provenance(FactId fact, const FactValue& value,
                                                  const std::optional<Date>& recorded, std::string_view source) const;
  const EvaluationData& data_;
};

/// One line of an explanation's tree.
struct ReasoningLine {
  std::size_t level = 0;
  std::string text;
};

/// The explanation of an advisory as indented lines: `expression: value`, and under each atom what it read.
std::vector<ReasoningLine> reasoning(const EvaluationData& data, const Advisory& advisory);

}  // namespace caveat
