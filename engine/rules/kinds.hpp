// Kinds of rules: what a plugin declares of `[[contraindication]]` and the like. docs/formats/plugin-manifest.md.
#pragma once

#include "vocabulary/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// What a met rule does to the evaluation. The order is the order of advisories.
enum class Role : std::uint8_t { kBars, kSuggests, kInforms };
/// A rule's outcome. Zero is undetermined: forgotten memory never reads as "not met".
enum class RuleStatus : std::uint8_t { kUndetermined = 0, kNotMet, kMet, kFailed };
/// CDS Hooks' indicators, gravest first.
enum class Severity : std::uint8_t { kCritical, kWarning, kInfo };

std::string_view to_string(Role role);
std::string_view to_string(RuleStatus status);
std::string_view to_string(Severity severity);
std::optional<Role> parse_role(std::string_view name);
std::optional<RuleStatus> parse_rule_status(std::string_view name);
std::optional<Severity> parse_severity(std::string_view name);

enum class FieldType : std::uint8_t { kText, kString, kInteger, kDecimal, kBoolean, kChoice, kFact };

std::string_view to_string(FieldType type);
/// `text`, …, or `list of text`: the type and whether it is a list.
std::optional<std::pair<FieldType, bool>> parse_field_type(std::string_view name);

struct FieldSchema {
  static constexpr std::size_t kElementsMax =
      50;  ///< of a list: a plugin may say 64 paragraphs, and has some of its own

  std::string name;
  FieldType type = FieldType::kText;
  bool list = false;
  bool required = false;
  std::vector<std::string> choices;  ///< kChoice
  std::string documentation;
};

/// One value of a field. A text is a Text; string and choice are strings; a fact is its FactId.
using FieldScalar = std::variant<Text, std::string, std::int64_t, Decimal, bool, FactId>;

/// A field of one rule: absent (no elements), one element, or a list's elements.
struct FieldValue {
  bool present = false;
  std::vector<FieldScalar> elements;
};

struct KindSchema {
  std::string name;    ///< the TOML table's name: `contraindication`
  std::string plugin;  ///< the owner's id
  Role role = Role::kInforms;
  Severity severity = Severity::kInfo;  ///< where a rule gives none
  std::array<bool, 4> speaks{};         ///< by RuleStatus: outcomes that must give an advisory
  bool when_required = true;            ///< otherwise an absent `when` is true
  std::vector<FieldSchema> fields;      ///< beside the fields every rule has
  [[nodiscard]] bool speaks_when(RuleStatus status) const { return speaks[static_cast<std::size_t>(status)]; }
};

}  // namespace caveat
