// Program: the conditions of one pack, compiled. What the rooms below this one see of the language.
//
// A condition is a tree of Boolean operators over atoms. An atom is the smallest part that yields true, false or
// unknown: `pregnant`, `age < 18`, `skin_type in {'IV', 'V'}`. Equal atoms are shared by all conditions of the program,
// so each is evaluated once a profile. What an atom does inside is the scalar interpreter's affair (interpreter.hpp).
#pragma once

#include "base/diagnostics.hpp"
#include "base/tri.hpp"
#include "facts/facts.hpp"
#include "values/value.hpp"
#include "vocabulary/vocabulary.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

using NodeId = std::uint32_t;
using AtomId = std::uint32_t;
using ConditionId = std::uint32_t;

/// An expression as written, and how to find a place in it (inside a TOML string, on a command line).
struct ExpressionSource {
  std::string text;
  std::function<Place(std::size_t offset)> place;
};

/// Everything an evaluation may depend on.
struct EvaluationContext {
  const Facts& facts;
  const DateTime& at;  ///< Now(); Today() is its date in its own offset
};

/// What an atom came to. `truth` is kUnknown for all but a plain true or false.
struct AtomValue {
  enum class Kind : std::uint8_t {
    kUnknown = 0,  ///< a fact it needs has no value
    kTruth,        ///< true or false
    kNull,         ///< null for another reason than a missing fact: uncertain dates, units that cannot be compared
    kError,        ///< raised a run-time error
  };
  Kind kind = Kind::kUnknown;
  Tri truth = Tri::kUnknown;
};

/// A node of a condition's Boolean tree.
struct Node {
  enum class Op : std::uint8_t {
    kAtom,
    kAnd,      ///< two or more children: `a and b and c` is one node
    kOr,       ///< two or more children
    kXor,      ///< two children
    kImplies,  ///< two children
    kNot,      ///< one child
    kDefine,   ///< one child: a Boolean define, shown by its name
  };
  Op op = Op::kAtom;
  AtomId atom = 0;               ///< kAtom
  std::vector<NodeId> children;  ///< all else, in the order written
  std::string text;              ///< the expression as written, runs of white space folded
  Place place;
};

struct Atom {
  std::string text;
  std::vector<FactId> reads;  ///< every fact it names, defines included; ascending, without repeats
  bool may_raise = false;     ///< whether a run-time error is possible
};

/// The literals that an expression compares a fact with: where its outcome can turn. `exact` says that the fact is
/// compared with nothing else (only then are the literals all turning points).
struct FactBoundaries {
  std::vector<FactValue> literals;
  bool exact = true;
};

class Program {
 public:
  [[nodiscard]] NodeId root(ConditionId condition) const;
  [[nodiscard]] const Node& node(NodeId id) const;
  [[nodiscard]] std::span<const Atom> atoms() const;
  [[nodiscard]] std::size_t condition_count() const;
  /// Every fact the condition reads, ascending.
  [[nodiscard]] std::span<const FactId> reads(ConditionId condition) const;
  /// The condition's atoms, ascending, without repeats.
  [[nodiscard]] std::span<const AtomId> atoms_of(ConditionId condition) const;
  /// Atoms that read `fact`.
  [[nodiscard]] std::span<const AtomId> atoms_reading(FactId fact) const;
  [[nodiscard]] FactBoundaries boundaries(ConditionId condition, FactId fact) const;

  /// Evaluates one atom. Never throws for an expression's own errors.
  [[nodiscard]] AtomValue evaluate(AtomId atom, const EvaluationContext& context) const;
  /// Evaluates all atoms; `out` has atoms().size() elements.
  void evaluate_all(const EvaluationContext& context, std::span<AtomValue> out) const;
  /// Why an atom came out null or raised: one sentence in English, lower case, without any fact's value.
  [[nodiscard]] std::string reason(AtomId atom, const EvaluationContext& context) const;

  /// Kleene's value of a node over evaluated atoms; kNull and kError count as unknown here.
  [[nodiscard]] Tri truth(NodeId id, std::span<const AtomValue> atoms) const;
  /// The atoms still in force after Kleene reduction with the known ones: empty when the node is true or false.
  void residual(NodeId id, std::span<const AtomValue> atoms, std::vector<AtomId>& out) const;

  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

 private:
  friend class ProgramBuilder;
  struct Impl;
  explicit Program(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Builds a program: first all defines, in any order among themselves, then the conditions.
class ProgramBuilder {
 public:
  /// Both outlive the builder; `vocabulary` also outlives the program.
  ProgramBuilder(const Vocabulary& vocabulary, Diagnostics& diagnostics);
  ~ProgramBuilder();

  /// A named expression of any type. Syntax errors are reported at once, type errors and cycles when all are there.
  /// `report_unused`: warn (`unused-define`) when nothing of the program refers to it.
  void define(std::string name, ExpressionSource source, Place name_place, bool report_unused);

  struct ConditionOptions {
    bool allow_known = true;  ///< `Known(fact)` is an error in a rule whose role is `bars`
  };
  /// A rule's `when`. Reports syntax and type errors, unknown names with the nearest, a type that is not Boolean, a
  /// comparison that can never hold a value (`always-null`), and conditions that are constant (`unreachable-rule` as a
  /// warning when always false). Nothing when an error was reported.
  std::optional<ConditionId> condition(const ExpressionSource& source, const ConditionOptions& options);

  /// Ends building; reports unused defines.
  Program finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Evaluates one expression of any type: `caveat eval`. Diagnostics are kInput errors; a run-time error is one too
/// (code `run-time-error`).
Result<Value> evaluate_expression(const ExpressionSource& source, const Vocabulary& vocabulary,
                                  const EvaluationContext& context);

}  // namespace caveat
