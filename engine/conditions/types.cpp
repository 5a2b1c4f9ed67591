#include "conditions/types.hpp"

#include <algorithm>
#include <array>

namespace caveat {
namespace {

struct NamedType {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array<NamedType, 11> kScalars = {{{"Any", TypeKind::kAny},
                                                 {"Boolean", TypeKind::kBoolean},
                                                 {"Integer", TypeKind::kInteger},
                                                 {"Long", TypeKind::kLong},
                                                 {"Decimal", TypeKind::kDecimal},
                                                 {"String", TypeKind::kString},
                                                 {"Date", TypeKind::kDate},
                                                 {"DateTime", TypeKind::kDateTime},
                                                 {"Time", TypeKind::kTime},
                                                 {"Quantity", TypeKind::kQuantity},
                                                 {"Ratio", TypeKind::kRatio}}};

std::string fields_to_string(const TypeFields& fields) {
  std::string text = "Tuple {";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    text += (i == 0 ? " " : ", ") + fields[i].first + " " + to_string(fields[i].second);
  }
  return text + " }";
}

const Type* find_field(const TypeFields& fields, const std::string& name) {
  for (const auto& [key, type] : fields) {
    if (key == name) return &type;
  }
  return nullptr;
}

// Integer → Long → Decimal → Quantity: each step costs more than any mixture of cheaper ones in one signature.
std::optional<int> scalar_cost(TypeKind from, TypeKind to) {
  const auto rank = [](TypeKind kind) {
    switch (kind) {
      case TypeKind::kInteger: return 1;
      case TypeKind::kLong: return 2;
      case TypeKind::kDecimal: return 3;
      case TypeKind::kQuantity: return 5;
      default: return 0;
    }
  };
  if (rank(from) > 0 && rank(to) > rank(from)) return 10 * (rank(to) - rank(from));
  if (from == TypeKind::kDate && to == TypeKind::kDateTime) return 10;
  return std::nullopt;
}

std::optional<int> fields_cost(const TypeFields& from, const TypeFields& to) {
  if (from.size() != to.size()) return std::nullopt;
  int sum = 0;
  for (const auto& [name, type] : from) {
    const Type* target = find_field(to, name);
    const auto cost = target ? conversion_cost(type, *target) : std::nullopt;
    if (!cost) return std::nullopt;
    sum += *cost;
  }
  return sum;
}

std::optional<Type> common_fields(const TypeFields& a, const TypeFields& b) {
  if (a.size() != b.size()) return std::nullopt;
  TypeFields fields;
  for (const auto& [name, type] : a) {
    const Type* other = find_field(b, name);
    const auto shared = other ? common_type(type, *other) : std::nullopt;
    if (!shared) return std::nullopt;
    fields.emplace_back(name, *shared);
  }
  return tuple_of(std::move(fields));
}

}  // namespace

bool operator==(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.variable != b.variable) return false;
  if (a.element && b.element) return *a.element == *b.element;
  if (!a.fields || !b.fields) return a.fields == b.fields;
  return std::equal(a.fields->begin(), a.fields->end(), b.fields->begin(), b.fields->end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && x.second == y.second; });
}

Type list_of(Type element) {
  Type type(TypeKind::kList);
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type interval_of(Type point) {
  Type type(TypeKind::kInterval);
  type.element = std::make_shared<const Type>(std::move(point));
  return type;
}

Type tuple_of(TypeFields fields) {
  Type type(TypeKind::kTuple);
  type.fields = std::make_shared<const TypeFields>(std::move(fields));
  return type;
}

std::string to_string(const Type& type) {
  switch (type.kind) {
    case TypeKind::kList: return "List<" + to_string(*type.element) + ">";
    case TypeKind::kInterval: return "Interval<" + to_string(*type.element) + ">";
    case TypeKind::kTuple: return fields_to_string(*type.fields);
    case TypeKind::kVariable: return std::string(1, type.variable);
    case TypeKind::kError: return "?";
    case TypeKind::kNull: return "Any";
    default: break;
  }
  const auto* named = std::find_if(kScalars.begin(), kScalars.end(),
                                   [&](const NamedType& candidate) { return candidate.kind == type.kind; });
  return std::string(named->name);
}

std::optional<Type> parse_scalar_type(std::string_view name) {
  if (name.starts_with("System.")) name.remove_prefix(7);
  for (const auto& scalar : kScalars) {
    if (scalar.name == name) return Type(scalar.kind);
  }
  return std::nullopt;
}

const std::vector<std::string>& scalar_type_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& scalar : kScalars) all.emplace_back(scalar.name);
    all.emplace_back("List");
    all.emplace_back("Interval");
    all.emplace_back("Tuple");
    return all;
  }();
  return names;
}

std::optional<int> conversion_cost(const Type& from, const Type& to) {
  if (from == to || from.is(TypeKind::kError) || to.is(TypeKind::kError)) return 0;
  if (from.is(TypeKind::kNull)) return 1;
  if (to.is(TypeKind::kAny)) return 100;
  if (from.kind != to.kind) return scalar_cost(from.kind, to.kind);
  if (from.element && to.element) return conversion_cost(*from.element, *to.element);
  if (from.fields && to.fields) return fields_cost(*from.fields, *to.fields);
  return std::nullopt;
}

std::optional<Type> common_type(const Type& a, const Type& b) {
  if (a.fields && b.fields) return common_fields(*a.fields, *b.fields);
  if (a.kind == b.kind && a.element && b.element) {
    auto element = common_type(*a.element, *b.element);
    if (!element) return std::nullopt;
    return a.is(TypeKind::kList) ? list_of(*std::move(element)) : interval_of(*std::move(element));
  }
  if (conversion_cost(a, b)) return b;
  if (conversion_cost(b, a)) return a;
  return std::nullopt;
}

bool is_temporal(const Type& type) {
  return type.is(TypeKind::kDate) || type.is(TypeKind::kDateTime) || type.is(TypeKind::kTime);
}

bool is_point(const Type& type) {
  return is_temporal(type) || type.is(TypeKind::kInteger) || type.is(TypeKind::kLong) || type.is(TypeKind::kDecimal) ||
         type.is(TypeKind::kQuantity);
}

bool is_ordered(const Type& type) { return is_point(type) || type.is(TypeKind::kString); }

}  // namespace caveat
