// The static types of the language, what converts into what, and which type two have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caveat {

enum class TypeKind : std::uint8_t {
  kError,  ///< a mistake was reported; everything agrees with it, so that it is reported once
  kNull,   ///< the literal `null` and what consists of it alone: System.Any that can become anything
  kAny,    ///< a mixture: nothing converts out of it implicitly
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio,
  kList,
  kInterval,
  kTuple,
  kVariable,  ///< in the signature table only
};

struct Type;
using TypeFields = std::vector<std::pair<std::string, Type>>;

struct Type {
  TypeKind kind = TypeKind::kError;
  char variable = 0;                         ///< kVariable: its letter
  std::shared_ptr<const Type> element;       ///< kList, kInterval
  std::shared_ptr<const TypeFields> fields;  ///< kTuple

  Type() = default;
  Type(TypeKind of) : kind(of) {}  // NOLINT: scalar types convert on purpose
  [[nodiscard]] bool is(TypeKind of) const { return kind == of; }
};

bool operator==(const Type& a, const Type& b);

Type list_of(Type element);
Type interval_of(Type point);
Type tuple_of(TypeFields fields);

std::string to_string(const Type& type);  ///< `Integer`, `List<String>`, `Tuple { a Integer }`
/// The scalar type of that name, with or without `System.`.
std::optional<Type> parse_scalar_type(std::string_view name);
/// Names of the scalar types, for help.
const std::vector<std::string>& scalar_type_names();

/// What an implicit conversion costs; 0 for the same type; nothing where there is none. Overloads with the lowest sum
/// win.
std::optional<int> conversion_cost(const Type& from, const Type& to);
/// The narrowest type that both convert to.
std::optional<Type> common_type(const Type& a, const Type& b);

bool is_ordered(const Type& type);   ///< has `<`
bool is_point(const Type& type);     ///< may bound an interval
bool is_temporal(const Type& type);  ///< Date, DateTime, Time

}  // namespace caveat
