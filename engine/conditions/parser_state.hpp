// The parser's own declaration, shared by its four files: expressions (parser.cpp), terms (parser_terms.cpp),
// literals (parser_literals.cpp), and timing phrases and queries (parser_phrases.cpp).
//
// A mistake is recorded once and moves the cursor to the end: every loop then stops by itself, and what has been built
// is thrown away. So no function here needs to hand errors up.
#pragma once

#include "conditions/parser.hpp"

#include <initializer_list>

namespace caveat {

/// From loose to tight. Operators further up in CQL's grammar bind tighter.
enum class PhraseBinding : std::uint8_t {
  kSet = 1,  ///< union, intersect, except
  kImplies,
  kOr,
  kAnd,
  kMembership,
  kEquality,
  kTiming,
  kInequality,
  kBetween,
  kNot,
  kType,
  kTest,
};

enum class TermBinding : std::uint8_t { kAddition = 1, kMultiplication, kPower, kPrefix };

class Parser {
 public:
  Parser(std::string_view text, Tokens tokens) : text_(text), tokens_(std::move(tokens.tokens)) {}
  Parsed run();

 private:
  // Cursor.
  [[nodiscard]] const Token& token(std::size_t ahead = 0) const;
  [[nodiscard]] bool at_word(std::string_view word, std::size_t ahead = 0) const;
  [[nodiscard]] bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const;
  [[nodiscard]] bool at_number(std::size_t ahead = 0) const;
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  bool take_word(std::string_view word);
  bool take_symbol(std::string_view symbol);
  void expect_word(std::string_view word);
  void expect_symbol(std::string_view symbol);
  void fail(std::size_t offset, std::string message, std::string help = {});
  void fail_expected(std::string_view what);
  [[nodiscard]] std::string describe_token() const;

  // Nodes.
  SyntaxPtr node(Syntax::Kind kind, std::size_t begin);
  SyntaxPtr finish(SyntaxPtr made);
  SyntaxPtr make_call(std::string name, std::vector<SyntaxPtr> operands, std::size_t begin, std::size_t name_at);
  template <class... Operands>
  SyntaxPtr call(std::string name, std::size_t begin, std::size_t name_at, Operands... operands) {
    std::vector<SyntaxPtr> list;
    (list.push_back(std::move(operands)), ...);
    return make_call(std::move(name), std::move(list), begin, name_at);
  }

  // Expressions (parser.cpp).
  SyntaxPtr expression(PhraseBinding loosest = PhraseBinding::kSet);
  SyntaxPtr expression_operand();
  SyntaxPtr infix(SyntaxPtr left, PhraseBinding loosest, bool& more);
  SyntaxPtr test_or_type(SyntaxPtr left);
  SyntaxPtr between(SyntaxPtr left);
  SyntaxPtr membership(SyntaxPtr left);
  SyntaxPtr logical_chain(SyntaxPtr left, std::string_view word, PhraseBinding binding);
  SyntaxPtr binary(SyntaxPtr left, std::string name, PhraseBinding binding);
  SyntaxPtr set_operator(SyntaxPtr left);
  SyntaxPtr elapsed_between(std::string name, std::size_t begin, bool with_in);

  // Terms (parser_terms.cpp).
  SyntaxPtr term(TermBinding loosest = TermBinding::kAddition);
  SyntaxPtr prefix_term();
  SyntaxPtr postfix_term();
  SyntaxPtr primary();
  SyntaxPtr word_term();
  SyntaxPtr of_term(std::string name, std::size_t words);
  SyntaxPtr elapsed_of(std::string name);
  SyntaxPtr polarity();
  SyntaxPtr name_or_call();
  SyntaxPtr arguments(SyntaxPtr made);
  SyntaxPtr list(std::size_t begin);
  SyntaxPtr braces();
  SyntaxPtr tuple(std::size_t begin);
  SyntaxPtr interval();
  SyntaxPtr if_term();
  SyntaxPtr case_term();
  SyntaxPtr convert_term();
  SyntaxPtr cast_expression();
  SyntaxPtr extent();
  SyntaxPtr expand_or_collapse();
  SyntaxPtr quantity_instance(std::size_t begin);
  Type type_specifier();
  Type tuple_type();
  std::string element_name();

  // Literals (parser_literals.cpp).
  [[nodiscard]] bool at_unit(std::size_t ahead) const;
  SyntaxPtr literal();
  SyntaxPtr number(bool negative);
  SyntaxPtr whole_number(std::size_t begin, bool negative);
  SyntaxPtr quantity(std::size_t begin, Decimal value);
  SyntaxPtr ratio_or(SyntaxPtr quantity);
  SyntaxPtr date_or_time();
  std::optional<Decimal> decimal_token();
  SyntaxPtr literal_node(std::size_t begin, Value value, Type type);

  // Phrases and queries (parser_phrases.cpp).
  [[nodiscard]] bool at_timing() const;
  SyntaxPtr timing(SyntaxPtr left);
  SyntaxPtr same_phrase(SyntaxPtr left, std::size_t at);
  SyntaxPtr relative_phrase(SyntaxPtr left, std::size_t at);
  SyntaxPtr within_phrase(SyntaxPtr left, std::size_t at, bool properly);
  SyntaxPtr offset_phrase(SyntaxPtr left, SyntaxPtr amount, Offset offset, std::size_t at);
  SyntaxPtr interval_phrase(SyntaxPtr left, std::string name, std::size_t at);
  SyntaxPtr right_operand(std::string_view boundary);
  std::string boundary_word();
  SyntaxPtr quantity_amount();
  std::optional<Precision> precision_specifier();
  [[nodiscard]] bool at_alias() const;
  SyntaxPtr query(SyntaxPtr source, std::size_t begin);
  SyntaxPtr from_query();
  void query_clauses(QuerySyntax& query);
  void aggregate_clause(QuerySyntax& query);
  void sort_clause(QuerySyntax& query);

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  std::optional<SyntaxError> error_;
};

/// Words that cannot name a fact or a define without quotes.
bool is_reserved(std::string_view word);

}  // namespace caveat
