// The typed tree: what the checker makes of the syntax, and what the interpreter evaluates. Immutable once made;
// defines are shared by all who name them.
#pragma once

#include "conditions/ast.hpp"
#include "conditions/program.hpp"
#include "conditions/signatures.hpp"

#include <memory>

namespace caveat {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct Query {
  std::size_t first_slot = 0;  ///< sources, then lets, then the accumulator
  std::size_t sources = 0;     ///< the first operands of the node
  std::vector<bool> source_is_list;
  std::vector<ExpressionPtr> lets;
  ExpressionPtr where;
  ExpressionPtr result;
  bool distinct = true;
  bool aggregate = false;
  ExpressionPtr starting;
  struct Sort {
    bool descending = false;
    ExpressionPtr by;  ///< absent: the element itself
  };
  std::vector<Sort> sort;
  std::size_t sort_slot = 0;
};

struct Expression {
  enum class Kind : std::uint8_t {
    kLiteral,
    kLocalDateTime,  ///< a date-time literal that takes the evaluation's offset
    kFact,
    kKnown,
    kCall,
    kAnd,
    kOr,
    kImplies,
    kList,
    kTuple,
    kInterval,
    kIf,
    kCase,
    kProperty,
    kConvert,  ///< implicit conversion of a value to `type`
    kAs,       ///< the value if it is of `type`, else null; with `strict` (cast) an error
    kIs,
    kDefine,  ///< one operand: the define's own tree
    kQuery,
    kAlias,  ///< the value in `slot`
  };

  Kind kind = Kind::kLiteral;
  Type type;
  std::vector<ExpressionPtr> operands;
  const Signature* signature = nullptr;
  Value value;
  FactId fact = 0;
  std::optional<Precision> precision;
  std::optional<Offset> offset;
  std::vector<std::string> keys;
  std::string name;  ///< kDefine, kProperty
  bool low_closed = true, high_closed = true;
  bool has_comparand = false;
  bool strict = false;
  Type tested;  ///< kIs
  std::size_t slot = 0;
  std::shared_ptr<const Query> query;

  const ExpressionSource* source = nullptr;  ///< kept by the program
  std::size_t begin = 0, end = 0, name_at = 0;
  bool parenthesized = false;

  // Found when the node is made, for the whole tree under it.
  bool reads_facts = false;
  bool reads_clock = false;
  bool reads_alias = false;
  bool may_raise = false;
  std::size_t size = 1;
};

/// The text of a node as written, runs of white space folded.
std::string text_of(const Expression& expression);
Place place_of(const Expression& expression);
/// Every fact the tree names, defines included; ascending, without repeats.
std::vector<FactId> facts_of(const Expression& expression);
/// Equal for trees that always have the same value.
std::string canonical(const Expression& expression);
/// Calls `visit` for the node and everything under it, defines included, parents first.
template <class Visit>
void for_each_node(const Expression& expression, const Visit& visit);
/// What a query holds besides its operands.
std::vector<ExpressionPtr> query_parts(const Query& query);

template <class Visit>
void for_each_node(const Expression& expression, const Visit& visit) {
  visit(expression);
  for (const auto& operand : expression.operands) for_each_node(*operand, visit);
  if (!expression.query) return;
  for (const auto& part : query_parts(*expression.query)) for_each_node(*part, visit);
}

}  // namespace caveat
