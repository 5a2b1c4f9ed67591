#include "conditions/program.hpp"

#include "conditions/interpreter.hpp"
#include "conditions/program_impl.hpp"

#include <algorithm>
#include <cassert>

namespace caveat {
namespace {

AtomValue interpret(const Expression& expression, const EvaluationContext& context, const Vocabulary& vocabulary) {
  Runtime run(context, vocabulary);
  const Value value = evaluate(expression, run);
  if (run.raised()) return {AtomValue::Kind::kError, Tri::kUnknown};
  if (const auto* truth = value.get<bool>()) return {AtomValue::Kind::kTruth, tri(*truth)};
  if (value.is_unknown()) return {AtomValue::Kind::kUnknown, Tri::kUnknown};
  return {AtomValue::Kind::kNull, Tri::kUnknown};
}

}  // namespace

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

NodeId Program::root(ConditionId condition) const { return impl_->conditions[condition].root; }
const Node& Program::node(NodeId id) const { return impl_->nodes[id]; }
std::span<const Atom> Program::atoms() const { return impl_->atoms; }
std::size_t Program::condition_count() const { return impl_->conditions.size(); }
std::span<const FactId> Program::reads(ConditionId condition) const { return impl_->conditions[condition].reads; }
std::span<const AtomId> Program::atoms_of(ConditionId condition) const { return impl_->conditions[condition].atoms; }

std::span<const AtomId> Program::atoms_reading(FactId fact) const {
  if (fact >= impl_->atoms_by_fact.size()) return {};
  return impl_->atoms_by_fact[fact];
}

FactBoundaries Program::boundaries(ConditionId condition, FactId fact) const {
  FactBoundaries boundaries;
  for (const AtomId atom : atoms_of(condition)) {
    collect_boundaries(*impl_->expressions[atom], fact, *impl_->vocabulary, boundaries);
  }
  return boundaries;
}

AtomValue Program::evaluate(AtomId atom, const EvaluationContext& context) const {
  const FastAtom& fast = impl_->fast[atom];
  if (fast.kind != FastAtom::Kind::kNone) return caveat::evaluate(fast, context.facts);
  return interpret(*impl_->expressions[atom], context, *impl_->vocabulary);
}

void Program::evaluate_all(const EvaluationContext& context, std::span<AtomValue> out) const {
  assert(out.size() == impl_->atoms.size());
  for (AtomId atom = 0; atom < out.size(); ++atom) out[atom] = evaluate(atom, context);
}

std::string Program::reason(AtomId atom, const EvaluationContext& context) const {
  Runtime run(context, *impl_->vocabulary);
  run.trace = true;
  const Value value = caveat::evaluate(*impl_->expressions[atom], run);
  if (run.raised()) return run.error();
  if (!value.is_null()) return {};
  if (!run.null_reason.empty()) return run.null_reason;
  return "`" + impl_->atoms[atom].text + "` has no value: the answers are not precise enough to tell";
}

Tri truth_of(const std::vector<Node>& nodes, NodeId id, std::span<const AtomValue> atoms) {
  const Node& at = nodes[id];
  const auto child = [&](std::size_t index) { return truth_of(nodes, at.children[index], atoms); };
  switch (at.op) {
    case Node::Op::kAtom: return atoms[at.atom].truth;
    case Node::Op::kDefine: return child(0);
    case Node::Op::kNot: return tri_not(child(0));
    case Node::Op::kXor: return tri_xor(child(0), child(1));
    case Node::Op::kImplies: return tri_implies(child(0), child(1));
    case Node::Op::kAnd:
    case Node::Op::kOr: break;
  }
  const bool all_of = at.op == Node::Op::kAnd;
  Tri result = tri(all_of);
  for (std::size_t i = 0; i < at.children.size(); ++i) {
    result = all_of ? tri_and(result, child(i)) : tri_or(result, child(i));
  }
  return result;
}

Tri Program::truth(NodeId id, std::span<const AtomValue> atoms) const { return truth_of(impl_->nodes, id, atoms); }

void Program::residual(NodeId id, std::span<const AtomValue> atoms, std::vector<AtomId>& out) const {
  if (known(truth(id, atoms))) return;
  const Node& at = impl_->nodes[id];
  if (at.op == Node::Op::kAtom) {
    const auto place = std::lower_bound(out.begin(), out.end(), at.atom);
    if (place == out.end() || *place != at.atom) out.insert(place, at.atom);
    return;
  }
  for (const NodeId child : at.children) residual(child, atoms, out);
}

}  // namespace caveat
