#include "conditions/checker.hpp"
#include "conditions/comparisons.hpp"
#include "conditions/interpreter.hpp"
#include "conditions/parser.hpp"
#include "conditions/program_impl.hpp"

#include <algorithm>
#include <map>

namespace caveat {
namespace {

Place place_at(const ExpressionSource& source, std::size_t offset) {
  return source.place ? source.place(offset) : Place{};
}

SyntaxPtr parse(const ExpressionSource& source, Diagnostics& diagnostics) {
  Parsed parsed = parse_expression(source.text);
  if (!parsed.error) return std::move(parsed.tree);
  diagnostics.error("syntax-error", place_at(source, parsed.error->offset), std::move(parsed.error->message),
                    std::move(parsed.error->help));
  return nullptr;
}

struct Define {
  enum class State : std::uint8_t { kWaiting, kVisiting, kDone };
  std::string name;
  const ExpressionSource* source = nullptr;
  Place place;
  bool report_unused = false;
  bool used = false;
  State state = State::kWaiting;
  SyntaxPtr syntax;
  ExpressionPtr tree;
};

std::string and_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "`" : " → `") + name + "`";
  return text;
}

}  // namespace

struct ProgramBuilder::Impl {
  Impl(const Vocabulary& declared, Diagnostics& to)
      : vocabulary(declared), diagnostics(to), made(std::make_unique<Program::Impl>(declared)) {}

  // ---- Defines ----
  void add_define(std::string name, ExpressionSource source, Place place, bool report_unused) {
    made->sources.push_back(std::move(source));
    const ExpressionSource& kept = made->sources.back();
    if (vocabulary.find(name)) {
      diagnostics.error("name-clash", place, "the define `" + name + "` has the name of a fact",
                        "give one of them another name");
    }
    const bool twice = by_name.count(name) > 0;
    if (twice) diagnostics.error("duplicate-define", place, "the define `" + name + "` stands twice");
    Define define;
    define.name = name;
    define.source = &kept;
    define.place = std::move(place);
    define.report_unused = report_unused;
    define.syntax = parse(kept, diagnostics);
    if (!twice) by_name.emplace(std::move(name), defines.size());
    defines.push_back(std::move(define));
    define_names.push_back(defines.back().name);
  }

  void resolve_all() {
    if (resolved) return;
    resolved = true;
    for (std::size_t i = 0; i < defines.size(); ++i) resolve(i);
  }

  ExpressionPtr resolve(std::size_t index) {
    Define& define = defines[index];
    if (define.state != Define::State::kWaiting) return define.tree;
    define.state = Define::State::kVisiting;
    path.push_back(index);
    if (define.syntax) {
      define.tree = check(*define.syntax, *define.source, inputs());
      if (define.tree) check_fact_comparisons(*define.tree, vocabulary, diagnostics);
    }
    path.pop_back();
    define.state = Define::State::kDone;
    define.syntax.reset();
    return define.tree;
  }

  std::optional<ExpressionPtr> look_up(const std::string& name) {
    const auto found = by_name.find(name);
    if (found == by_name.end()) return std::nullopt;
    defines[found->second].used = true;
    if (defines[found->second].state == Define::State::kVisiting) {
      report_cycle(found->second);
      return ExpressionPtr();
    }
    return resolve(found->second);
  }

  void report_cycle(std::size_t index) {
    std::vector<std::string> names;
    const auto start = std::find(path.begin(), path.end(), index);
    for (auto at = start; at != path.end(); ++at) names.push_back(defines[*at].name);
    names.push_back(defines[index].name);
    diagnostics.error("cyclic-define", defines[index].place,
                      "defines refer to each other in a circle: " + and_list(names),
                      "a define may only build on others that do not need it");
  }

  CheckerInputs inputs() {
    return CheckerInputs{vocabulary, diagnostics,
                         [this](const std::string& name, std::size_t) { return look_up(name); }, define_names};
  }

  // ---- Conditions ----
  std::optional<ConditionId> add_condition(const ExpressionSource& written, const ConditionOptions& options) {
    resolve_all();
    const auto errors = diagnostics.errors();
    made->sources.push_back(written);
    const ExpressionSource& source = made->sources.back();
    const SyntaxPtr syntax = parse(source, diagnostics);
    if (!syntax) return std::nullopt;
    ExpressionPtr tree = check(*syntax, source, inputs());
    tree = check_boolean(std::move(tree), diagnostics);
    if (!tree) return std::nullopt;
    check_fact_comparisons(*tree, vocabulary, diagnostics);
    if (!options.allow_known) refuse_known(*tree);
    CompiledCondition compiled;
    compiled.root = add_node(tree);
    compiled.reads = facts_of(*tree);
    atoms_under(compiled.root, compiled.atoms);
    for (const AtomId atom : compiled.atoms) check_atom(atom, source);
    if (diagnostics.errors() > errors) return std::nullopt;
    warn_if_constant(compiled, *tree);
    made->conditions.push_back(std::move(compiled));
    return static_cast<ConditionId>(made->conditions.size() - 1);
  }

  void refuse_known(const Expression& tree) {
    const Expression* found = nullptr;
    for_each_node(tree, [&found](const Expression& node) {
      if (!found && node.kind == Expression::Kind::kKnown) found = &node;
    });
    if (!found) return;
    diagnostics.error("known-in-bars", place_of(*found),
                      "`Known` cannot stand in a rule that bars: an answer could then take the warning back",
                      "test the fact itself; a missing answer is reported as undetermined");
  }

  NodeId add_node(const ExpressionPtr& tree) {
    using Kind = Expression::Kind;
    Node node;
    node.text = text_of(*tree);
    node.place = place_of(*tree);
    const auto name = tree->kind == Kind::kCall ? tree->signature->name : std::string_view();
    switch (tree->kind) {
      case Kind::kAnd: node.op = Node::Op::kAnd; break;
      case Kind::kOr: node.op = Node::Op::kOr; break;
      case Kind::kImplies: node.op = Node::Op::kImplies; break;
      case Kind::kDefine: return add_define_node(tree, std::move(node));
      default:
        if (name == "not") node.op = Node::Op::kNot;
        if (name == "xor") node.op = Node::Op::kXor;
    }
    if (node.op == Node::Op::kAtom) {
      node.atom = add_atom(tree);
    } else {
      for (const auto& operand : tree->operands) node.children.push_back(add_node(operand));
    }
    return push(std::move(node));
  }

  NodeId add_define_node(const ExpressionPtr& tree, Node node) {
    if (tree->operands[0]->type.is(TypeKind::kNull)) {
      node.atom = add_atom(tree);
      return push(std::move(node));
    }
    node.op = Node::Op::kDefine;
    const auto key = tree->operands[0].get();
    auto found = define_roots.find(key);
    if (found == define_roots.end()) found = define_roots.emplace(key, add_node(tree->operands[0])).first;
    node.children.push_back(found->second);
    return push(std::move(node));
  }

  NodeId push(Node node) {
    made->nodes.push_back(std::move(node));
    return static_cast<NodeId>(made->nodes.size() - 1);
  }

  AtomId add_atom(const ExpressionPtr& tree) {
    const auto next = static_cast<AtomId>(made->atoms.size());
    const auto [found, is_new] = atoms.emplace(canonical(*tree), next);
    if (!is_new) return found->second;
    made->atoms.push_back(Atom{text_of(*tree), facts_of(*tree), tree->may_raise});
    made->fast.push_back(fast_path(*tree, vocabulary));
    made->expressions.push_back(tree);
    made->atoms_by_fact.resize(vocabulary.size());
    for (const FactId fact : made->atoms.back().reads) made->atoms_by_fact[fact].push_back(next);
    return next;
  }

  // INVARIANT: NodeId of a child is less than its parent's, so that a walk down ends.
  void atoms_under(NodeId id, std::vector<AtomId>& out) const {
    const Node& node = made->nodes[id];
    if (node.op == Node::Op::kAtom) {
      const auto place = std::lower_bound(out.begin(), out.end(), node.atom);
      if (place == out.end() || *place != node.atom) out.insert(place, node.atom);
    }
    for (const NodeId child : node.children) atoms_under(child, out);
  }

  void check_atom(AtomId atom, const ExpressionSource& source) {
    const Expression& tree = *made->expressions[atom];
    if (const Expression* cause = always_null(tree, vocabulary)) {
      const std::string part = text_of(*cause);
      const bool units = cause->kind == Expression::Kind::kCall;
      const Place place = cause->source ? place_of(*cause) : place_at(source, 0);
      diagnostics.error(
          "always-null", place,
          "`" + part + "` is null whatever the answers are" + (units ? ": its units can never be compared" : ""),
          units ? "compare with a quantity such as 50 'kg' in a unit of the same kind" : "");
    } else if (!tree.reads_facts && !tree.reads_clock && tree.kind != Expression::Kind::kLiteral) {
      diagnostics.warning("always-fails", place_of(tree), "`" + text_of(tree) + "` fails whenever it is evaluated");
    }
  }

  // Atoms stand for independent answers here: what is false for all their values is false for every patient.
  void warn_if_constant(const CompiledCondition& compiled, const Expression& tree) {
    std::vector<AtomId> open;
    auto& values = scratch;
    values.resize(made->atoms.size());
    const Facts none;
    for (const AtomId atom : compiled.atoms) {
      const FastAtom& fast = made->fast[atom];
      if (fast.kind == FastAtom::Kind::kConstant) {
        values[atom] = evaluate(fast, none);
      } else {
        open.push_back(atom);
      }
    }
    constexpr std::size_t kOpenMax = 8;
    if (open.size() > kOpenMax) return;
    bool can_hold = false;
    bool can_fail = false;
    for (std::size_t bits = 0; bits < (std::size_t{1} << open.size()); ++bits) {
      for (std::size_t i = 0; i < open.size(); ++i) {
        values[open[i]] = AtomValue{AtomValue::Kind::kTruth, tri(((bits >> i) & 1U) != 0)};
      }
      const Tri truth = truth_of(made->nodes, compiled.root, values);
      can_hold = can_hold || truth == Tri::kTrue;
      can_fail = can_fail || truth == Tri::kFalse;
    }
    if (!can_hold) {
      diagnostics.warning("unreachable-rule", place_of(tree), "`" + text_of(tree) + "` is always false",
                          "no answers can meet this rule");
    } else if (!can_fail) {
      diagnostics.warning("constant-condition", place_of(tree), "`" + text_of(tree) + "` is always true");
    }
  }

  const Vocabulary& vocabulary;
  Diagnostics& diagnostics;
  std::unique_ptr<Program::Impl> made;
  std::deque<Define> defines;
  std::map<std::string, std::size_t, std::less<>> by_name;
  std::vector<std::string> define_names;
  std::vector<std::size_t> path;
  std::map<std::string, AtomId> atoms;
  std::map<const Expression*, NodeId> define_roots;
  std::vector<AtomValue> scratch;  ///< by AtomId; a condition sets its own atoms before it looks
  bool resolved = false;
};

ProgramBuilder::ProgramBuilder(const Vocabulary& vocabulary, Diagnostics& diagnostics)
    : impl_(std::make_unique<Impl>(vocabulary, diagnostics)) {}
ProgramBuilder::~ProgramBuilder() = default;

void ProgramBuilder::define(std::string name, ExpressionSource source, Place name_place, bool report_unused) {
  impl_->add_define(std::move(name), std::move(source), std::move(name_place), report_unused);
}

std::optional<ConditionId> ProgramBuilder::condition(const ExpressionSource& source, const ConditionOptions& options) {
  return impl_->add_condition(source, options);
}

Program ProgramBuilder::finish() {
  impl_->resolve_all();
  impl_->made->atoms_by_fact.resize(impl_->vocabulary.size());
  for (const auto& define : impl_->defines) {
    if (define.used || !define.report_unused) continue;
    impl_->diagnostics.warning("unused-define", define.place, "nothing refers to the define `" + define.name + "`");
  }
  return Program(std::move(impl_->made));
}

Result<Value> evaluate_expression(const ExpressionSource& source, const Vocabulary& vocabulary,
                                  const EvaluationContext& context) {
  Diagnostics diagnostics;
  const std::vector<std::string> no_defines;
  const CheckerInputs inputs{vocabulary, diagnostics,
                             [](const std::string&, std::size_t) { return std::optional<ExpressionPtr>(); },
                             no_defines};
  const SyntaxPtr syntax = parse(source, diagnostics);
  const ExpressionPtr tree = syntax ? check(*syntax, source, inputs) : nullptr;
  if (tree) check_fact_comparisons(*tree, vocabulary, diagnostics);
  if (diagnostics.has_errors()) return fail(ErrorKind::kInput, diagnostics.take());
  Runtime run(context, vocabulary);
  Value value = evaluate(*tree, run);
  if (run.raised()) {
    return fail(ErrorKind::kInput,
                Diagnostic{DiagnosticLevel::kError, "run-time-error", place_at(source, 0), run.error(), {}});
  }
  return value;
}

}  // namespace caveat
