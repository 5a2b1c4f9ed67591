// A value that a plugin derived: of the declared type, in the declared range, or refused.
#include "plugin_host/accept.hpp"

namespace caveat {

namespace {

using Read = std::variant<FactValue, std::string>;

std::string out_of_range(const FactDeclaration& fact) {
  return "it derived a value of `" + fact.name + "` that is out of its declared range";
}

std::optional<Decimal> from_abi(caveat_decimal raw) {
  return Decimal::from_units(static_cast<Int128>(raw.high) * (static_cast<Int128>(1) << 64) +
                             static_cast<Int128>(raw.low));
}

bool in_range(const FactDeclaration& fact, Decimal value) {
  return !(fact.min && value < *fact.min) && !(fact.max && value > *fact.max);
}

Read boolean(const FactDeclaration& fact, const caveat_value& value) {
  if (value.number == CAVEAT_TRUE) return FactValue(true);
  if (value.number == CAVEAT_FALSE) return FactValue(false);
  return out_of_range(fact);
}

Read integer(const FactDeclaration& fact, const caveat_value& value) {
  if (!in_range(fact, Decimal(value.integer))) return out_of_range(fact);
  return FactValue(value.integer);
}

Read decimal(const FactDeclaration& fact, const caveat_value& value) {
  const auto read = from_abi(value.decimal);
  if (!read || !in_range(fact, *read)) return out_of_range(fact);
  if (fact.type == FactType::kQuantity) return FactValue(Quantity{*read, fact.unit});
  return FactValue(*read);
}

Read choice(const FactDeclaration& fact, const caveat_value& value) {
  if (value.number == 0 || value.number > fact.values.size()) return out_of_range(fact);
  return FactValue(Choice{value.number - 1});
}

Read choices(const FactDeclaration& fact, const caveat_value& value) {
  const std::size_t count = fact.values.size();
  if (count < 64 && (value.set >> count) != 0) return out_of_range(fact);
  return FactValue(ChoiceSet{value.set});
}

Read date(const FactDeclaration& fact, const caveat_value& value) {
  const std::int64_t first = days_from_civil(Date{1, 1, 1, Precision::kDay});
  const std::int64_t last = days_from_civil(Date{9999, 12, 31, Precision::kDay});
  if (value.integer < first || value.integer > last) return out_of_range(fact);
  const bool early = fact.earliest && value.integer < days_from_civil(*fact.earliest);
  const bool late = fact.latest && value.integer > days_from_civil(*fact.latest);
  if (early || late) return out_of_range(fact);
  return FactValue(civil_from_days(value.integer));
}

struct Reader {
  FactType type;
  caveat_type abi;
  Read (*read)(const FactDeclaration&, const caveat_value&);
};

constexpr Reader kReaders[] = {
    {FactType::kBoolean, CAVEAT_TYPE_BOOLEAN, &boolean}, {FactType::kInteger, CAVEAT_TYPE_INTEGER, &integer},
    {FactType::kDecimal, CAVEAT_TYPE_DECIMAL, &decimal}, {FactType::kQuantity, CAVEAT_TYPE_QUANTITY, &decimal},
    {FactType::kChoice, CAVEAT_TYPE_CHOICE, &choice},    {FactType::kChoices, CAVEAT_TYPE_CHOICES, &choices},
    {FactType::kDate, CAVEAT_TYPE_DATE, &date},
};

}  // namespace

std::variant<FactValue, std::string> read_value(const FactDeclaration& fact, const caveat_value& value) {
  for (const Reader& reader : kReaders) {
    if (reader.type != fact.type) continue;
    if (reader.abi == value.type) return reader.read(fact, value);
  }
  return "it derived a value of another type than `" + fact.name + "` has";
}

}  // namespace caveat
