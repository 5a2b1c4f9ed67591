// One answer's value as its fact declares it. Nothing is clamped, guessed or dropped: what does not fit is reported.
#pragma once

#include "profile/input_report.hpp"
#include "profile/input_tree.hpp"

#include <optional>

namespace caveat {

class ValueReader {
 public:
  /// All outlive the reader. `json`: help is written in JSON, else in TOML.
  ValueReader(const InputTree& tree, bool json, InputReport& report) : tree_(tree), json_(json), report_(report) {}

  /// `unit` is the node of the answer's `unit`, or nullptr. Nothing after reporting why.
  std::optional<FactValue> read(const FactDeclaration& fact, const InputNode& value, const InputNode* unit);

  /// Whether the value says that the answer is not known: null, or `"unknown"` where that is not one of the fact's
  /// values.
  static bool says_unknown(const FactDeclaration& fact, const InputNode& value);

 private:
  std::optional<FactValue> read_boolean(const FactDeclaration& fact, const InputNode& value);
  std::optional<FactValue> read_integer(const FactDeclaration& fact, const InputNode& value);
  std::optional<FactValue> read_decimal(const FactDeclaration& fact, const InputNode& value);
  std::optional<FactValue> read_quantity(const FactDeclaration& fact, const InputNode& value, const InputNode* unit);
  std::optional<FactValue> read_choice(const FactDeclaration& fact, const InputNode& value);
  std::optional<FactValue> read_choices(const FactDeclaration& fact, const InputNode& value);
  std::optional<FactValue> read_date(const FactDeclaration& fact, const InputNode& value);

  std::optional<Decimal> read_number(const FactDeclaration& fact, const InputNode& value);
  std::optional<std::uint32_t> read_value_name(const FactDeclaration& fact, const InputNode& value);
  std::optional<Decimal> in_declared_unit(const FactDeclaration& fact, Decimal number, const InputNode& value,
                                          const InputNode& unit);
  bool in_range(const FactDeclaration& fact, Decimal number, const InputNode& value, std::string_view as_given);
  std::nullopt_t wrong_type(const FactDeclaration& fact, const InputNode& value, std::string_view expected,
                            std::string help);
  [[nodiscard]] std::string quantity_help(const FactDeclaration& fact) const;

  const InputTree& tree_;
  bool json_;
  InputReport& report_;
};

/// "allowed: 0 to 130", "allowed: at least 0"; empty when the declaration sets no bounds.
std::string allowed_range(const FactDeclaration& fact);

}  // namespace caveat
