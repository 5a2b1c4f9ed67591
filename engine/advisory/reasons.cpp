#include "advisory/reasons.hpp"

#include <algorithm>

namespace caveat {

namespace {

constexpr std::size_t kListedChangesMax = 16;
constexpr std::size_t kConflictTrialsMax = 64;

FactState known_state(const FactValue& value) {
  FactState state;
  state.known = true;
  state.value = value;
  return state;
}

bool ordered(FactType type) {
  return type == FactType::kInteger || type == FactType::kDecimal || type == FactType::kQuantity ||
         type == FactType::kDate;
}

std::optional<std::strong_ordering> order(const FactValue& a, const FactValue& b) {
  if (const auto* left = std::get_if<std::int64_t>(&a)) return *left <=> std::get<std::int64_t>(b);
  if (const auto* left = std::get_if<Decimal>(&a)) return *left <=> std::get<Decimal>(b);
  if (const auto* left = std::get_if<Quantity>(&a)) return left->value <=> std::get<Quantity>(b).value;
  if (const auto* left = std::get_if<Date>(&a)) return compare(earliest(*left), earliest(std::get<Date>(b)));
  return std::nullopt;
}

std::optional<FactValue> step(const FactValue& value, int direction) {
  const auto decimal_step = [&](const Decimal& d) { return Decimal::from_units(d.units() + direction); };
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    std::int64_t next = 0;
    if (__builtin_add_overflow(*whole, std::int64_t{direction}, &next)) return std::nullopt;
    return FactValue(next);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value)) {
    if (const auto next = decimal_step(*decimal)) return FactValue(*next);
  }
  if (const auto* quantity = std::get_if<Quantity>(&value)) {
    if (const auto next = decimal_step(quantity->value)) return FactValue(Quantity{*next, quantity->unit});
  }
  if (const auto* date = std::get_if<Date>(&value)) {
    if (const auto next = add(*date, direction, Precision::kDay)) return FactValue(*next);
  }
  return std::nullopt;
}

bool in_range(const FactDeclaration& fact, const FactValue& value) {
  std::optional<Decimal> number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) number = Decimal(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value)) number = *decimal;
  if (const auto* quantity = std::get_if<Quantity>(&value)) number = quantity->value;
  if (number) return (!fact.min || *number >= *fact.min) && (!fact.max || *number <= *fact.max);
  const Date& date = std::get<Date>(value);
  return (!fact.earliest || compare(date, *fact.earliest) != std::strong_ordering::less) &&
         (!fact.latest || compare(date, *fact.latest) != std::strong_ordering::greater);
}

// Where an outcome can turn: at each literal, one step below it and one above it.
std::vector<FactValue> turning_points(const FactDeclaration& fact, const std::vector<FactValue>& literals) {
  std::vector<FactValue> points;
  for (const FactValue& literal : literals) {
    points.push_back(literal);
    for (const int direction : {-1, 1}) {
      if (auto next = step(literal, direction)) points.push_back(std::move(*next));
    }
  }
  std::erase_if(points, [&](const FactValue& point) { return !in_range(fact, point); });
  std::stable_sort(points.begin(), points.end(),
                   [](const FactValue& x, const FactValue& y) { return order(x, y) == std::strong_ordering::less; });
  return points;
}

void insert_sorted(std::vector<FactId>& out, FactId fact) {
  const auto at = std::lower_bound(out.begin(), out.end(), fact);
  if (at == out.end() || *at != fact) out.insert(at, fact);
}

}  // namespace

Reasoner::Reasoner(const Program& program, const Vocabulary& vocabulary, Facts& facts, const DateTime& at,
                   std::vector<AtomValue>& atoms)
    : program_(program), vocabulary_(vocabulary), facts_(facts), at_(at), atoms_(atoms) {}

RuleStatus Reasoner::outcome(ConditionId condition) const {
  for (const AtomId atom : program_.atoms_of(condition)) {
    if (atoms_[atom].kind == AtomValue::Kind::kError) return RuleStatus::kFailed;
  }
  const NodeId root = program_.root(condition);
  const Tri truth = program_.truth(root, atoms_);
  if (known(truth)) return truth == Tri::kTrue ? RuleStatus::kMet : RuleStatus::kNotMet;
  residual_.clear();
  program_.residual(root, atoms_, residual_);
  for (const AtomId atom : residual_) {
    for (const FactId fact : program_.atoms()[atom].reads) {
      if (check_failed(fact)) return RuleStatus::kFailed;
    }
  }
  return RuleStatus::kUndetermined;
}

Reasons Reasoner::reasons(ConditionId condition, RuleStatus status, ReasonsWanted wanted) {
  Reasons out;
  if (wanted.because && (status == RuleStatus::kMet || status == RuleStatus::kNotMet)) out.because = because(condition);
  if (status == RuleStatus::kUndetermined) {
    out.missing = missing(condition);
    try_conflicts(condition, out);
    for (const FactId fact : program_.reads(condition)) out.in_doubt = out.in_doubt || derived_in_doubt(fact);
    out.last_known = last_known(condition);
  }
  if (wanted.would_change) out.would_change = would_change(condition, status);
  return out;
}

std::vector<FactId> Reasoner::missing(ConditionId condition) const {
  residual_.clear();
  program_.residual(program_.root(condition), atoms_, residual_);
  std::vector<FactId> out;
  for (const AtomId atom : residual_) {
    for (const FactId fact : program_.atoms()[atom].reads) {
      if (!facts_[fact].known) add_missing(fact, out);
    }
  }
  return out;
}

// A derived fact is asked for through its inputs. One that is unknown although all its inputs are known stands for
// itself.
void Reasoner::add_missing(FactId fact, std::vector<FactId>& out) const {
  const std::size_t before = out.size();
  bool seen = false;
  if (vocabulary_[fact].derived) {
    for (const std::string& name : vocabulary_[fact].reads) {
      const auto input = vocabulary_.find(name);
      if (!input || facts_[*input].known) continue;
      seen = true;
      add_missing(*input, out);
    }
  }
  if (!seen && out.size() == before) insert_sorted(out, fact);
}

bool Reasoner::check_failed(FactId fact) const {
  return !facts_[fact].known && facts_[fact].reason == UnknownReason::kCheckFailed;
}

// Derived facts are not derived again for each alternative; it is only told that they hang on one.
bool Reasoner::derived_in_doubt(FactId fact) const {
  if (facts_[fact].known || !vocabulary_[fact].derived) return false;
  for (const std::string& name : vocabulary_[fact].reads) {
    const auto input = vocabulary_.find(name);
    if (input && (facts_[*input].stale() || facts_[*input].conflicting() || derived_in_doubt(*input))) return true;
  }
  return false;
}

// Drops known facts, last declared first, as long as the outcome holds without them.
std::vector<FactId> Reasoner::because(ConditionId condition) {
  const NodeId root = program_.root(condition);
  const Tri truth = program_.truth(root, atoms_);
  const std::span<const FactId> reads = program_.reads(condition);
  std::vector<std::pair<FactId, FactState>> dropped;
  std::vector<FactId> kept;
  for (auto fact = reads.rbegin(); fact != reads.rend(); ++fact) {
    if (!facts_[*fact].known) continue;
    FactState original = std::exchange(facts_[*fact], FactState{});
    reevaluate(*fact);
    if (program_.truth(root, atoms_) == truth) {
      dropped.emplace_back(*fact, std::move(original));
    } else {
      set(*fact, std::move(original));
      kept.push_back(*fact);
    }
  }
  for (auto& [fact, state] : dropped) set(fact, std::move(state));
  std::reverse(kept.begin(), kept.end());
  return kept;
}

std::vector<Change> Reasoner::would_change(ConditionId condition, RuleStatus status) {
  std::vector<Change> out;
  for (const FactId fact : program_.reads(condition)) {
    if (!facts_[fact].known) continue;
    if (vocabulary_[fact].derived) {  // no answer of the patient's, so no single change to offer
      out.push_back({fact, std::nullopt, RuleStatus::kUndetermined, true});
      continue;
    }
    const FactType type = vocabulary_[fact].type;
    if (ordered(type))
      change_ordered(condition, fact, status, out);
    else if (type == FactType::kChoices)
      change_set(condition, fact, status, out);
    else
      change_listed(condition, fact, status, out);
  }
  return out;
}

void Reasoner::change_listed(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out) {
  const auto consider = [&](const FactValue& value) {
    const RuleStatus turned = outcome_with(condition, fact, value);
    if (turned != status) out.push_back({fact, value, turned, false});
  };
  if (const bool* truth = std::get_if<bool>(&facts_[fact].value)) return consider(FactValue(!*truth));
  const Choice current = std::get<Choice>(facts_[fact].value);
  const std::size_t count = vocabulary_[fact].values.size();
  for (std::uint32_t i = 0; i < std::min(count, kListedChangesMax); ++i) {
    if (i != current.index) consider(FactValue(Choice{i}));
  }
  if (count > kListedChangesMax) out.push_back({fact, std::nullopt, RuleStatus::kUndetermined, true});
}

// One element more or one less; other sets may turn the outcome too, so the list is partial.
void Reasoner::change_set(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out) {
  const ChoiceSet current = std::get<ChoiceSet>(facts_[fact].value);
  for (std::size_t i = 0; i < vocabulary_[fact].values.size(); ++i) {
    const FactValue value(ChoiceSet{current.bits ^ (std::uint64_t{1} << i)});
    const RuleStatus turned = outcome_with(condition, fact, value);
    if (turned != status) out.push_back({fact, value, turned, true});
  }
}

// The nearest turning point on each side.
void Reasoner::change_ordered(ConditionId condition, FactId fact, RuleStatus status, std::vector<Change>& out) {
  const FactBoundaries boundaries = program_.boundaries(condition, fact);
  const std::vector<FactValue> points = turning_points(vocabulary_[fact], boundaries.literals);
  const FactValue current = facts_[fact].value;
  const std::size_t before = out.size();
  const auto first_turn = [&](auto begin, auto end, std::strong_ordering side) {
    for (auto point = begin; point != end; ++point) {
      if (order(*point, current) != side) continue;
      const RuleStatus turned = outcome_with(condition, fact, *point);
      if (turned == status) continue;
      out.push_back({fact, *point, turned, !boundaries.exact});
      return;
    }
  };
  first_turn(points.rbegin(), points.rend(), std::strong_ordering::less);
  first_turn(points.begin(), points.end(), std::strong_ordering::greater);
  if (out.size() == before && !boundaries.exact) out.push_back({fact, std::nullopt, RuleStatus::kUndetermined, true});
}

// Every combination of the disagreeing answers, as far as there are not too many.
void Reasoner::try_conflicts(ConditionId condition, Reasons& out) {
  std::vector<FactId> conflicting;
  std::size_t trials = 1;
  for (const FactId fact : program_.reads(condition)) {
    if (!facts_[fact].conflicting()) continue;
    conflicting.push_back(fact);
    trials *= facts_[fact].answers->answers.size();
    if (trials > kConflictTrialsMax) {
      out.in_doubt = true;
      return;
    }
  }
  if (conflicting.empty()) return;
  std::vector<FactState> originals;
  for (const FactId fact : conflicting) originals.push_back(facts_[fact]);
  for (std::size_t trial = 0; trial < trials && !out.met_on_conflict; ++trial) {
    std::size_t rest = trial;
    for (std::size_t i = 0; i < conflicting.size(); ++i) {
      const auto& answers = originals[i].answers->answers;
      const auto* value = std::get_if<FactValue>(&answers[rest % answers.size()].content);
      rest /= answers.size();
      set(conflicting[i], value == nullptr ? FactState{} : known_state(*value));
    }
    out.met_on_conflict = program_.truth(program_.root(condition), atoms_) == Tri::kTrue;
  }
  for (std::size_t i = 0; i < conflicting.size(); ++i) set(conflicting[i], originals[i]);
}

// First each stale fact alone, met before not met; then all of them together.
std::optional<LastKnown> Reasoner::last_known(ConditionId condition) {
  std::vector<FactId> stale;
  for (const FactId fact : program_.reads(condition)) {
    if (facts_[fact].stale()) stale.push_back(fact);
  }
  std::optional<LastKnown> found;
  for (const FactId fact : stale) {
    const RuleStatus outcome_then = outcome_with(condition, fact, facts_[fact].value);
    const bool decided = outcome_then == RuleStatus::kMet || outcome_then == RuleStatus::kNotMet;
    if (decided && (!found || outcome_then == RuleStatus::kMet)) found = LastKnown{outcome_then, {fact}};
    if (outcome_then == RuleStatus::kMet) return found;
  }
  if (found || stale.size() < 2) return found;
  std::vector<FactState> originals;
  for (const FactId fact : stale) originals.push_back(facts_[fact]);
  for (const FactId fact : stale) set(fact, known_state(facts_[fact].value));
  const RuleStatus outcome_then = outcome(condition);
  for (std::size_t i = 0; i < stale.size(); ++i) set(stale[i], originals[i]);
  if (outcome_then == RuleStatus::kMet || outcome_then == RuleStatus::kNotMet) return LastKnown{outcome_then, stale};
  return std::nullopt;
}

RuleStatus Reasoner::outcome_with(ConditionId condition, FactId fact, const FactValue& value) {
  FactState original = std::exchange(facts_[fact], known_state(value));
  reevaluate(fact);
  const RuleStatus status = outcome(condition);
  set(fact, std::move(original));
  return status;
}

void Reasoner::set(FactId fact, FactState state) {
  facts_[fact] = std::move(state);
  reevaluate(fact);
}

void Reasoner::reevaluate(FactId fact) {
  const EvaluationContext context{facts_, at_};
  for (const AtomId atom : program_.atoms_reading(fact)) atoms_[atom] = program_.evaluate(atom, context);
}

}  // namespace caveat
