// The answers to one fact: a bare value, a table with provenance, or a list of such tables.
#pragma once

#include "profile/value_reader.hpp"

namespace caveat {

class AnswerReader {
 public:
  AnswerReader(const InputTree& tree, bool json, InputReport& report)
      : tree_(tree), json_(json), report_(report), values_(tree, json, report) {}

  /// Every usable answer of the node; what is not usable is reported.
  std::vector<Answer> read(const FactDeclaration& fact, const InputNode& node);

 private:
  std::vector<Answer> read_sources(const FactDeclaration& fact, const InputNode& list);
  std::optional<Answer> read_one(const FactDeclaration& fact, const InputNode& node);
  std::optional<Answer> read_table(const FactDeclaration& fact, const InputNode& table);
  std::optional<std::variant<UnknownReason, FactValue>> read_content(const FactDeclaration& fact,
                                                                     const InputNode& table);
  std::optional<UnknownReason> read_reason(const FactDeclaration& fact, const InputNode& node);
  void refuse_other_keys(const FactDeclaration& fact, const InputNode& table);
  [[nodiscard]] bool lists_sources(const FactDeclaration& fact, const InputNode& list) const;
  [[nodiscard]] const InputNode* find(const InputNode& table, std::string_view key) const;

  const InputTree& tree_;
  bool json_;
  InputReport& report_;
  ValueReader values_;
};

/// The day of a date or RFC 3339 date-time, in its own offset. Nothing after reporting why.
std::optional<Date> read_recorded(const InputNode& node, InputReport& report);

/// A short text: `id`, `source`. Empty after reporting why it is none.
std::string read_short_text(const InputNode& node, InputReport& report);

}  // namespace caveat
