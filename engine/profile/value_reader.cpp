#include "profile/value_reader.hpp"

#include "base/quote.hpp"

#include <charconv>

namespace caveat {

namespace {

std::string bounds(const std::string& low, const std::string& high) {
  if (!low.empty() && !high.empty()) return "allowed: " + low + " to " + high;
  if (!low.empty()) return "allowed: at least " + low;
  return high.empty() ? "" : "allowed: at most " + high;
}

std::string with_unit(const std::optional<Decimal>& number, const std::string& unit) {
  if (!number) return {};
  return unit.empty() || unit == "1" ? number->to_canonical() : number->to_canonical() + " " + unit;
}

std::string naming(const FactDeclaration& fact) { return "fact " + in_backticks(fact.name); }

std::string allowed_values(const FactDeclaration& fact, std::string_view given) {
  const std::string near = did_you_mean(given, fact.values);
  return (near.empty() ? "" : near + " ") + "allowed: " + backticked_list(fact.values);
}

// What a value of the wrong type looks like in a message: scalars by their text.
std::string shown(const InputNode& value) {
  if (value.kind == InputKind::kString) return "the string " + in_backticks(value.text);
  if (value.text.empty()) return std::string(describe(value.kind));
  return in_backticks(value.text);
}

}  // namespace

std::string allowed_range(const FactDeclaration& fact) {
  if (fact.type == FactType::kDate) {
    return bounds(fact.earliest ? to_string(*fact.earliest) : "", fact.latest ? to_string(*fact.latest) : "");
  }
  return bounds(with_unit(fact.min, fact.unit), with_unit(fact.max, fact.unit));
}

bool ValueReader::says_unknown(const FactDeclaration& fact, const InputNode& value) {
  if (value.kind == InputKind::kNull) return true;
  if (value.kind != InputKind::kString || value.text != "unknown") return false;
  return fact.type != FactType::kChoice || !fact.value_index("unknown");
}

std::optional<FactValue> ValueReader::read(const FactDeclaration& fact, const InputNode& value, const InputNode* unit) {
  if (unit != nullptr && fact.type != FactType::kQuantity) {
    report_.error("misplaced-key", unit->key_offset, naming(fact) + " has no unit",
                  "it is of type `" + std::string(to_string(fact.type)) + "`: remove `unit`");
    return std::nullopt;
  }
  switch (fact.type) {
    case FactType::kBoolean: return read_boolean(fact, value);
    case FactType::kInteger: return read_integer(fact, value);
    case FactType::kDecimal: return read_decimal(fact, value);
    case FactType::kQuantity: return read_quantity(fact, value, unit);
    case FactType::kChoice: return read_choice(fact, value);
    case FactType::kChoices: return read_choices(fact, value);
    case FactType::kDate: break;
  }
  return read_date(fact, value);
}

std::nullopt_t ValueReader::wrong_type(const FactDeclaration& fact, const InputNode& value, std::string_view expected,
                                       std::string help) {
  report_.error("wrong-type", value.offset,
                naming(fact) + " must be " + std::string(expected) + ", not " + shown(value), std::move(help));
  return std::nullopt;
}

std::optional<FactValue> ValueReader::read_boolean(const FactDeclaration& fact, const InputNode& value) {
  if (value.kind == InputKind::kBoolean) return value.truth;
  const bool is_quoted = value.text == "true" || value.text == "false";
  return wrong_type(fact, value, "true or false",
                    is_quoted ? "write it without quotes" : "allowed: true, false, or \"unknown\"");
}

std::optional<Decimal> ValueReader::read_number(const FactDeclaration& fact, const InputNode& value) {
  const std::string range = allowed_range(fact);
  if (value.kind != InputKind::kNumber) {
    const bool is_quoted = value.kind == InputKind::kString && Decimal::parse(value.text);
    return wrong_type(fact, value, "a number", is_quoted ? "write it without quotes" : range);
  }
  const auto number = Decimal::parse(value.text);
  if (number) return number;
  const bool has_exponent = value.text.find_first_of("eE") != std::string_view::npos;
  report_.error("bad-number", value.offset, in_backticks(value.text) + " cannot be taken exactly for " + naming(fact),
                has_exponent ? "write it without an exponent" : "at most 28 digits before the point and 8 after it");
  return std::nullopt;
}

bool ValueReader::in_range(const FactDeclaration& fact, Decimal number, const InputNode& value,
                           std::string_view as_given) {
  if ((!fact.min || number >= *fact.min) && (!fact.max || number <= *fact.max)) return true;
  report_.error("out-of-range", value.offset, naming(fact) + " cannot be " + in_backticks(as_given),
                allowed_range(fact));
  return false;
}

std::optional<FactValue> ValueReader::read_integer(const FactDeclaration& fact, const InputNode& value) {
  if (value.kind != InputKind::kNumber) return read_number(fact, value), std::nullopt;
  std::string_view digits = value.text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.find_first_not_of("-0123456789") != std::string_view::npos) {
    const auto number = Decimal::parse(value.text);
    const auto whole = number ? number->whole() : std::nullopt;
    return wrong_type(fact, value, "a whole number", whole ? "write " + std::to_string(*whole) : allowed_range(fact));
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    report_.error("out-of-range", value.offset, naming(fact) + " cannot be " + in_backticks(value.text),
                  allowed_range(fact));
    return std::nullopt;
  }
  if (!in_range(fact, Decimal(number), value, value.text)) return std::nullopt;
  return number;
}

std::optional<FactValue> ValueReader::read_decimal(const FactDeclaration& fact, const InputNode& value) {
  const auto number = read_number(fact, value);
  if (!number || !in_range(fact, *number, value, value.text)) return std::nullopt;
  return *number;
}

std::string ValueReader::quantity_help(const FactDeclaration& fact) const {
  if (json_) return "write `{ \"value\": …, \"unit\": \"" + fact.unit + "\" }`";
  return "write `{ value = …, unit = \"" + fact.unit + "\" }`";
}

std::optional<FactValue> ValueReader::read_quantity(const FactDeclaration& fact, const InputNode& value,
                                                    const InputNode* unit) {
  if (unit == nullptr && value.kind == InputKind::kNumber) {
    report_.error(
        "missing-unit", value.offset,
        naming(fact) + " is a quantity: the bare number " + in_backticks(value.text) + " does not say in which unit",
        quantity_help(fact));
    return std::nullopt;
  }
  if (value.kind != InputKind::kNumber) return wrong_type(fact, value, "a number with its unit", quantity_help(fact));
  const auto number = read_number(fact, value);
  if (!number || unit == nullptr) return std::nullopt;
  const auto amount = in_declared_unit(fact, *number, value, *unit);
  const std::string as_given = std::string(value.text) + " " + std::string(unit->text);
  if (!amount || !in_range(fact, *amount, value, as_given)) return std::nullopt;
  return Quantity{*amount, fact.unit};
}

std::optional<Decimal> ValueReader::in_declared_unit(const FactDeclaration& fact, Decimal number,
                                                     const InputNode& value, const InputNode& unit) {
  if (unit.kind != InputKind::kString) {
    report_.error("wrong-type", unit.offset, "`unit` must be a string, not " + shown(unit), quantity_help(fact));
    return std::nullopt;
  }
  if (unit.text == fact.unit) return number;
  if (!is_unit(unit.text) && !calendar_unit(unit.text)) {
    report_.error("unknown-unit", unit.offset, in_backticks(unit.text) + " is not a unit",
                  "use a UCUM code that can be converted to " + in_backticks(fact.unit));
    return std::nullopt;
  }
  if (!comparable(unit.text, fact.unit)) {
    report_.error("inconvertible-unit", unit.offset,
                  in_backticks(unit.text) + " cannot be converted to " + in_backticks(fact.unit) + ", the unit of " +
                      naming(fact),
                  quantity_help(fact));
    return std::nullopt;
  }
  const auto amount = convert(number, unit.text, fact.unit);
  if (!amount) {
    report_.error("out-of-range", value.offset,
                  in_backticks(value.text) + " " + in_backticks(unit.text) + " is too much to be converted to " +
                      in_backticks(fact.unit),
                  allowed_range(fact));
  } else if (*amount == Decimal() && number != Decimal()) {
    report_.error("out-of-range", value.offset,
                  in_backticks(value.text) + " " + in_backticks(unit.text) + " is too little to be told from zero in " +
                      in_backticks(fact.unit),
                  "8 digits after the point are kept");
    return std::nullopt;
  }
  return amount;
}

std::optional<std::uint32_t> ValueReader::read_value_name(const FactDeclaration& fact, const InputNode& value) {
  if (value.kind != InputKind::kString) {
    return wrong_type(fact, value, fact.type == FactType::kChoices ? "a list of strings" : "a string",
                      allowed_values(fact, value.text));
  }
  const auto index = fact.value_index(value.text);
  if (!index) {
    report_.error("unknown-value", value.offset, in_backticks(value.text) + " is not a value of " + naming(fact),
                  allowed_values(fact, value.text));
  }
  return index;
}

std::optional<FactValue> ValueReader::read_choice(const FactDeclaration& fact, const InputNode& value) {
  const auto index = read_value_name(fact, value);
  if (!index) return std::nullopt;
  return Choice{*index};
}

std::optional<FactValue> ValueReader::read_choices(const FactDeclaration& fact, const InputNode& value) {
  if (value.kind != InputKind::kList) return wrong_type(fact, value, "a list of strings", allowed_values(fact, {}));
  ChoiceSet set;
  const std::size_t errors_before = report_.errors();
  for (InputId id = value.child; id != 0; id = tree_.nodes[id].next) {
    const InputNode& element = tree_.nodes[id];
    const auto index = read_value_name(fact, element);
    if (!index) continue;
    const std::uint64_t bit = std::uint64_t{1} << *index;
    if ((set.bits & bit) != 0) {
      report_.error("duplicate-value", element.offset, in_backticks(element.text) + " is listed a second time",
                    "list each value once");
    }
    set.bits |= bit;
  }
  if (report_.errors() != errors_before) return std::nullopt;
  return set;
}

std::optional<FactValue> ValueReader::read_date(const FactDeclaration& fact, const InputNode& value) {
  constexpr std::string_view kForm = "write the whole date as YYYY-MM-DD";
  if (value.kind != InputKind::kDate && value.kind != InputKind::kString) {
    return wrong_type(fact, value, "a date", std::string(kForm));
  }
  const auto date = parse_date(value.text);
  if (!date || date->precision != Precision::kDay) {
    report_.error("bad-date", value.offset, in_backticks(value.text) + " is not a date for " + naming(fact),
                  std::string(kForm));
    return std::nullopt;
  }
  const std::int64_t day = days_from_civil(*date);
  if ((fact.earliest && day < days_from_civil(*fact.earliest)) ||
      (fact.latest && day > days_from_civil(*fact.latest))) {
    report_.error("out-of-range", value.offset, naming(fact) + " cannot be " + in_backticks(value.text),
                  allowed_range(fact));
    return std::nullopt;
  }
  return *date;
}

}  // namespace caveat
