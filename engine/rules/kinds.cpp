#include "rules/kinds.hpp"

#include <array>

namespace caveat {

namespace {

constexpr std::array<std::string_view, 3> kRoles = {"bars", "suggests", "informs"};
constexpr std::array<std::string_view, 4> kStatuses = {"undetermined", "not-met", "met", "failed"};
constexpr std::array<std::string_view, 3> kSeverities = {"critical", "warning", "info"};
constexpr std::array<std::string_view, 7> kFieldTypes = {"text",    "string", "integer", "decimal",
                                                         "boolean", "choice", "fact"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Role role) { return kRoles[static_cast<std::size_t>(role)]; }
std::string_view to_string(RuleStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }
std::string_view to_string(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }
std::string_view to_string(FieldType type) { return kFieldTypes[static_cast<std::size_t>(type)]; }

std::optional<Role> parse_role(std::string_view name) { return parse<Role>(kRoles, name); }
std::optional<RuleStatus> parse_rule_status(std::string_view name) { return parse<RuleStatus>(kStatuses, name); }
std::optional<Severity> parse_severity(std::string_view name) { return parse<Severity>(kSeverities, name); }

std::optional<std::pair<FieldType, bool>> parse_field_type(std::string_view name) {
  constexpr std::string_view kList = "list of ";
  const bool list = name.starts_with(kList);
  if (list) name.remove_prefix(kList.size());
  const auto type = parse<FieldType>(kFieldTypes, name);
  if (!type) return std::nullopt;
  return std::pair(*type, list);
}

}  // namespace caveat
