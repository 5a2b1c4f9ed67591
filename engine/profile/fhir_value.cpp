#include "profile/fhir_value.hpp"

#include "base/quote.hpp"
#include "profile/value_reader.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

constexpr std::string_view kUcum = "http://unitsofmeasure.org";

FhirReading invalid(std::string problem, std::string help = {}) {
  return {UnknownReason::kInvalid, std::move(problem), std::move(help)};
}

// http://terminology.hl7.org/CodeSystem/data-absent-reason. What is not listed says that something went wrong.
FhirReading absent(const FhirView& reason) {
  constexpr std::array kDeclined = std::to_array<std::string_view>({"asked-declined"});
  constexpr std::array kNotAsked = std::to_array<std::string_view>({"not-asked", "not-performed"});
  constexpr std::array kNotKnown = std::to_array<std::string_view>(
      {"unknown", "asked-unknown", "temp-unknown", "masked", "not-permitted", "not-applicable"});
  FhirReading out;
  for_each_coding(reason, [&](std::string_view, std::string_view code) {
    const auto is_in = [&](const auto& list) { return std::find(list.begin(), list.end(), code) != list.end(); };
    if (is_in(kDeclined)) out.content = UnknownReason::kDeclined;
    if (is_in(kNotAsked)) out.content = UnknownReason::kNotAsked;
    if (is_in(kNotKnown)) out.content = UnknownReason::kNotKnown;
  });
  return out.content ? out : invalid("has no value, for a reason that is not understood");
}

bool is_number_type(FactType type) {
  return type == FactType::kInteger || type == FactType::kDecimal || type == FactType::kQuantity;
}

// `value` and what follows: FHIR writes the type into the key.
FhirView value_of(const FhirView& holder) {
  FhirView found;
  holder.for_each([&](const FhirView& member) {
    const std::string_view key = member.node().key;
    if (key.size() > 5 && key.starts_with("value") && key[5] >= 'A' && key[5] <= 'Z') found = member;
  });
  return found;
}

}  // namespace

FhirReading FhirValueReader::read(const FhirView& holder) const {
  const FhirView value = value_of(holder);
  if (!value) {
    if (const FhirView reason = holder["dataAbsentReason"]) return absent(reason);
    return invalid("has no value");
  }
  const std::string_view key = value.node().key;
  if (key == "valueCodeableConcept" || key == "valueCoding") return read_coded(value);
  const FactType type = fact_.type;
  if (key == "valueBoolean" && type == FactType::kBoolean) return read_truth(value);
  if (key == "valueQuantity" && is_number_type(type)) return read_quantity(value);
  const bool whole = key == "valueInteger", number = whole || key == "valueDecimal";
  if (number && (type == FactType::kInteger || type == FactType::kDecimal) && value.is(InputKind::kNumber))
    return check(InputKind::kNumber, value.node().text);
  const bool dated = key == "valueDate" || key == "valueDateTime";
  if (dated && type == FactType::kDate && value.is(InputKind::kString))
    return check(InputKind::kString, value.text().substr(0, std::string_view("2026-11-01").size()));
  return invalid("has " + in_backticks(key) + ", from which fact " + in_backticks(fact_.name) + " is not read");
}

FhirReading FhirValueReader::read_truth(const FhirView& value) const {
  if (!value.is(InputKind::kBoolean)) return invalid("has a `valueBoolean` that is neither true nor false");
  for (const BindingRef ref : bindings_) {
    const FhirBinding& binding = vocabulary_[ref];
    if (!binding.value.empty() || !binding.meaning) continue;
    return {FactValue(std::get<bool>(*binding.meaning) == value.node().truth), {}, {}};
  }
  return invalid("has a `valueBoolean`, and no binding reads one");
}

std::optional<BindingRef> FhirValueReader::answer_of(std::string_view system, std::string_view code) const {
  const std::string key = std::string(system) + '|' + std::string(code);
  for (const BindingRef ref : bindings_) {
    if (vocabulary_[ref].value == key) return ref;
  }
  return std::nullopt;
}

// A concept may be coded several times. Codes that no binding names are other words for the same.
FhirReading FhirValueReader::read_coded(const FhirView& value) const {
  FhirReading out;
  std::string codes;
  const auto read_one = [&](std::string_view system, std::string_view code) {
    codes += (codes.empty() ? "" : ", ") + in_backticks(std::string(system) + "|" + std::string(code));
    const auto ref = answer_of(system, code);
    if (!ref || (out.content && !out.problem.empty())) return;
    const FhirBinding& binding = vocabulary_[*ref];
    std::variant<UnknownReason, FactValue> content = UnknownReason::kNotKnown;
    if (!binding.means_unknown) content = *binding.meaning;
    if (out.content && *out.content != content) {
      out = invalid("has a coded value that means two things");
    } else {
      out.content = std::move(content);
    }
  };
  if (value.node().key == "valueCoding") {
    read_one(value.text("system"), value.text("code"));
  } else {
    for_each_coding(value, read_one);
  }
  if (out.content) return out;
  return codes.empty() ? invalid("has a coded value without a code")
                       : invalid("has the coded value " + codes + ", which no binding of fact " +
                                 in_backticks(fact_.name) + " names");
}

const std::string* FhirValueReader::binding_unit() const {
  for (const BindingRef ref : bindings_) {
    if (!vocabulary_[ref].unit.empty()) return &vocabulary_[ref].unit;
  }
  return nullptr;
}

FhirReading FhirValueReader::read_quantity(const FhirView& value) const {
  const FhirView number = value["value"];
  if (!number.is(InputKind::kNumber)) return invalid("has a quantity without a number");
  if (value["comparator"]) return invalid("has a quantity that is only known to be less or more than a number");
  const std::string* wanted = binding_unit();
  std::string unit(value.text("system") == kUcum ? value.text("code") : std::string_view());
  const bool bare = !value["code"] && (!value["unit"] || (wanted != nullptr && value.text("unit") == *wanted));
  if (unit.empty() && bare && wanted != nullptr) unit = *wanted;
  if (fact_.type == FactType::kQuantity) {
    if (unit.empty())
      return invalid("has a quantity without a UCUM unit", "its `system` must be " + std::string(kUcum));
    return check(InputKind::kNumber, number.node().text, &unit);
  }
  const bool no_unit = unit.empty() ? bare : unit == "1" || unit.front() == '{';
  if (wanted == nullptr) {
    if (no_unit) return check(InputKind::kNumber, number.node().text);
    return invalid("has a quantity with a unit, and the binding says none", "the binding needs `unit`");
  }
  const auto amount = Decimal::parse(number.node().text);
  const auto converted = amount && !unit.empty() ? convert(*amount, unit, *wanted) : std::nullopt;
  if (!converted) return invalid("has a quantity that cannot be taken in " + in_backticks(*wanted));
  return check(InputKind::kNumber, tree_.owned.emplace_back(converted->to_canonical()));
}

FhirReading FhirValueReader::read_set(std::span<const FhirView> answers) const {
  ChoiceSet set;
  for (const FhirView& answer : answers) {
    FhirReading one = read(answer);
    const auto* value = one.content ? std::get_if<FactValue>(&*one.content) : nullptr;
    if (value == nullptr) return one;
    set.bits |= std::uint64_t{1} << std::get<Choice>(*value).index;
  }
  return {FactValue(set), {}, {}};
}

// The rules for values are those of profiles; what they refuse is not usable here.
FhirReading FhirValueReader::check(InputKind kind, std::string_view text, const std::string* unit) const {
  static const std::string file;
  InputReport report({}, file);
  InputNode value, in;
  value.kind = kind;
  value.text = text;
  in.kind = InputKind::kString;
  if (unit != nullptr) in.text = *unit;
  const auto read = ValueReader(tree_, true, report).read(fact_, value, unit == nullptr ? nullptr : &in);
  if (read) return {*read, {}, {}};
  const std::vector<Diagnostic> why = report.take();
  return invalid("is not usable: " + (why.empty() ? std::string("its value does not fit") : why.front().message));
}

}  // namespace caveat
