#include "conditions/fast_path.hpp"

#include <limits>

namespace caveat {
namespace {

using Op = FactComparison::Op;
constexpr AtomValue kUnknownAtom{AtomValue::Kind::kUnknown, Tri::kUnknown};

AtomValue truth(bool value) { return {AtomValue::Kind::kTruth, tri(value)}; }

bool holds(std::strong_ordering ordering, Op op) {
  switch (op) {
    case Op::kEqual: return ordering == 0;
    case Op::kNotEqual: return ordering != 0;
    case Op::kLess: return ordering < 0;
    case Op::kLessOrEqual: return ordering <= 0;
    case Op::kGreater: return ordering > 0;
    case Op::kGreaterOrEqual: return ordering >= 0;
    default: return false;
  }
}

bool is_ordering(Op op) { return op != Op::kIn && op != Op::kContains; }

std::optional<Int128> units_of(const Value& literal) {
  if (const auto* integer = literal.get<std::int32_t>()) return Decimal(*integer).units();
  if (const auto* wide = literal.get<std::int64_t>()) return Decimal(*wide).units();
  if (const auto* decimal = literal.get<Decimal>()) return decimal->units();
  return std::nullopt;
}

FastAtom number(FastAtom atom, const FactComparison& comparison, bool integer) {
  const auto units = units_of(*comparison.literal);
  if (!units || !is_ordering(comparison.op)) return {};
  atom.kind = FastAtom::Kind::kNumber;
  atom.integer = integer;
  atom.units = *units;
  return atom;
}

FastAtom amount(FastAtom atom, const FactComparison& comparison, const FactDeclaration& fact) {
  const auto* quantity = comparison.literal->get<Quantity>();
  if (!quantity || !is_ordering(comparison.op) || quantity->unit != fact.unit) return {};
  atom.kind = FastAtom::Kind::kAmount;
  atom.units = quantity->value.units();
  return atom;
}

FastAtom date(FastAtom atom, const FactComparison& comparison) {
  const auto* literal = comparison.literal->get<Date>();
  if (!literal || comparison.converted || !is_ordering(comparison.op)) return {};
  atom.kind = FastAtom::Kind::kDate;
  atom.date = *literal;
  return atom;
}

std::optional<std::uint64_t> bit_of(const FactDeclaration& fact, const Value& value) {
  const auto* text = value.get<std::string>();
  if (!text) return std::nullopt;
  const auto index = fact.value_index(*text);
  return index ? std::uint64_t{1} << *index : std::uint64_t{0};
}

std::optional<std::uint64_t> bits_of(const FactDeclaration& fact, const List& list) {
  std::uint64_t bits = 0;
  for (const auto& element : list.elements) {
    const auto bit = bit_of(fact, element);
    if (!bit) return std::nullopt;
    bits |= *bit;
  }
  return bits;
}

FastAtom choice(FastAtom atom, const FactComparison& comparison, const FactDeclaration& fact) {
  if (fact.values.size() > 64) return {};
  const auto* list = comparison.literal->get<List>();
  const bool equality = comparison.op == Op::kEqual || comparison.op == Op::kNotEqual;
  std::optional<std::uint64_t> bits;
  if (comparison.op == Op::kIn && list) bits = bits_of(fact, *list);
  if (equality) bits = bit_of(fact, *comparison.literal);
  if (!bits) return {};
  atom.kind = FastAtom::Kind::kChoice;
  atom.mask = comparison.op == Op::kNotEqual ? ~*bits : *bits;
  return atom;
}

FastAtom choices(FastAtom atom, const FactComparison& comparison, const FactDeclaration& fact) {
  const auto bit = bit_of(fact, *comparison.literal);
  if (comparison.op != Op::kContains || !bit) return {};
  atom.kind = FastAtom::Kind::kChoicesContain;
  atom.mask = *bit;
  return atom;
}

AtomValue number_value(const FastAtom& atom, const FactValue& value) {
  if (!atom.integer) return truth(holds(std::get<Decimal>(value).units() <=> atom.units, atom.op));
  const auto integer = std::get<std::int64_t>(value);
  if (integer != static_cast<std::int32_t>(integer)) return {AtomValue::Kind::kError, Tri::kUnknown};
  return truth(holds(Decimal(integer).units() <=> atom.units, atom.op));
}

AtomValue date_value(const FastAtom& atom, const Date& date) {
  const auto ordering = compare(date, atom.date);
  if (!ordering) return {AtomValue::Kind::kNull, Tri::kUnknown};
  return truth(holds(*ordering, atom.op));
}

}  // namespace

FastAtom fast_path(const Expression& outer, const Vocabulary& vocabulary) {
  const Expression& node = without_defines(outer);
  FastAtom atom;
  if (const Value* literal = literal_of(node)) {
    const auto* value = literal->get<bool>();
    if (!value) return {};
    atom.kind = FastAtom::Kind::kConstant;
    atom.constant = tri(*value);
    return atom;
  }
  if (node.kind == Expression::Kind::kFact) {
    atom.kind = FastAtom::Kind::kBoolean;
    atom.fact = node.fact;
    return atom;
  }
  const auto comparison = fact_comparison(node);
  if (!comparison) return {};
  const FactDeclaration& fact = vocabulary[comparison->fact];
  atom.fact = comparison->fact;
  atom.op = comparison->op;
  switch (fact.type) {
    case FactType::kInteger: return number(atom, *comparison, true);
    case FactType::kDecimal: return number(atom, *comparison, false);
    case FactType::kQuantity: return amount(atom, *comparison, fact);
    case FactType::kDate: return date(atom, *comparison);
    case FactType::kChoice: return choice(atom, *comparison, fact);
    case FactType::kChoices: return choices(atom, *comparison, fact);
    case FactType::kBoolean: break;
  }
  return {};
}

AtomValue evaluate(const FastAtom& atom, const Facts& facts) {
  if (atom.kind == FastAtom::Kind::kConstant) return {AtomValue::Kind::kTruth, atom.constant};
  const FactState& state = facts[atom.fact];
  if (!state.known) return kUnknownAtom;
  switch (atom.kind) {
    case FastAtom::Kind::kBoolean: return truth(std::get<bool>(state.value));
    case FastAtom::Kind::kNumber: return number_value(atom, state.value);
    case FastAtom::Kind::kAmount:
      return truth(holds(std::get<Quantity>(state.value).value.units() <=> atom.units, atom.op));
    case FastAtom::Kind::kDate: return date_value(atom, std::get<Date>(state.value));
    case FastAtom::Kind::kChoice: return truth(((atom.mask >> std::get<Choice>(state.value).index) & 1U) != 0);
    case FastAtom::Kind::kChoicesContain: return truth((std::get<ChoiceSet>(state.value).bits & atom.mask) != 0);
    case FastAtom::Kind::kNone:
    case FastAtom::Kind::kConstant: break;
  }
  return kUnknownAtom;
}

}  // namespace caveat
