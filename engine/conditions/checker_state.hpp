// The checker's own declaration, shared by checker.cpp (names, structure) and checker_calls.cpp (overloads).
#pragma once

#include "conditions/checker.hpp"

namespace caveat {

class Checker {
 public:
  Checker(const ExpressionSource& source, const CheckerInputs& inputs) : source_(source), inputs_(inputs) {}
  ExpressionPtr check(const Syntax& node);
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  using Made = std::shared_ptr<Expression>;
  struct Alias {
    std::string name;
    Type type;
    std::size_t slot = 0;
  };

  Made make(const Syntax& node, Expression::Kind kind, Type type);
  ExpressionPtr finish(Made made);
  ExpressionPtr error(std::size_t at, std::string_view code, std::string message, std::string help = {});
  ExpressionPtr wrong() { return std::make_shared<const Expression>(); }

  ExpressionPtr literal(const Syntax& node);
  ExpressionPtr name(const Syntax& node);
  ExpressionPtr fact(const Syntax& node, FactId id);
  ExpressionPtr logical(const Syntax& node);
  ExpressionPtr list(const Syntax& node);
  ExpressionPtr tuple(const Syntax& node);
  ExpressionPtr interval(const Syntax& node);
  ExpressionPtr if_term(const Syntax& node);
  ExpressionPtr case_term(const Syntax& node);
  ExpressionPtr property(const Syntax& node);
  ExpressionPtr type_operator(const Syntax& node);
  ExpressionPtr extent(const Syntax& node);
  ExpressionPtr query(const Syntax& node);
  ExpressionPtr sorted_field(const Syntax& node);
  void query_sort(const Syntax& node, Query& query, const Type& element);
  ExpressionPtr same_type(const Syntax& node, std::vector<ExpressionPtr> parts, Expression::Kind kind,
                          std::string_view what);

  ExpressionPtr call(const Syntax& node);
  ExpressionPtr known(const Syntax& node);
  ExpressionPtr age(const Syntax& node);
  ExpressionPtr resolve(const Syntax& node, std::string_view name, std::vector<ExpressionPtr> operands);
  ExpressionPtr no_overload(const Syntax& node, std::string_view name, const std::vector<ExpressionPtr>& operands);
  ExpressionPtr unknown_function(const Syntax& node);

  ExpressionPtr convert(const ExpressionPtr& from, const Type& to);
  ExpressionPtr boolean(const Syntax& node, std::string_view what);
  std::optional<Type> shared_type(const std::vector<ExpressionPtr>& parts);

  const ExpressionSource& source_;
  const CheckerInputs& inputs_;
  std::vector<Alias> aliases_;
  std::size_t slots_ = 0;
  std::size_t nodes_ = 0;
  bool failed_ = false;
};

/// The type of a fact's values.
Type type_of_fact(const FactDeclaration& declaration);

/// A row that fits, with the types its variables took.
struct Match {
  const Signature* signature = nullptr;
  std::vector<Type> parameters;
  Type result;
  int cost = 0;
};
/// The cheapest row of that name for operands of these types; the earlier row on equal cost.
std::optional<Match> match_signature(std::string_view name, const std::vector<Type>& operands);

}  // namespace caveat
