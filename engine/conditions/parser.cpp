#include "conditions/parser_state.hpp"

#include <algorithm>
#include <array>

namespace caveat {

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 52> kReserved = {
      "after",    "and",        "as",       "before",  "between",  "case",    "cast",    "collapse", "contains",
      "convert",  "difference", "distinct", "div",     "duration", "during",  "else",    "end",      "ends",
      "except",   "exists",     "expand",   "false",   "flatten",  "if",      "implies", "in",       "included",
      "includes", "intersect",  "is",       "maximum", "meets",    "minimum", "mod",     "not",      "null",
      "occurs",   "or",         "overlaps", "per",     "properly", "return",  "same",    "sort",     "starts",
      "then",     "true",       "union",    "when",    "where",    "within",  "xor"};
  return std::binary_search(kReserved.begin(), kReserved.end(), word);
}

std::optional<Precision> precision_word(std::string_view word) { return calendar_unit(word); }

Parsed parse_expression(std::string_view text) {
  Tokens tokens = tokenize(text);
  if (tokens.error) return Parsed{nullptr, std::move(tokens.error)};
  return Parser(text, std::move(tokens)).run();
}

Parsed Parser::run() {
  if (token().kind == TokenKind::kEnd) fail(0, "the expression is empty");
  SyntaxPtr tree = expression();
  if (!failed() && token().kind != TokenKind::kEnd) fail_expected("the end of the expression or an operator");
  if (failed()) return Parsed{nullptr, std::move(error_)};
  return Parsed{std::move(tree), std::nullopt};
}

// ---- Cursor
// ----------------------------------------------------------------------------------------------------------

const Token& Parser::token(std::size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  return token(ahead).kind == TokenKind::kWord && token(ahead).text == word;
}

bool Parser::at_symbol(std::string_view symbol, std::size_t ahead) const {
  return token(ahead).kind == TokenKind::kSymbol && token(ahead).text == symbol;
}

bool Parser::at_number(std::size_t ahead) const {
  const auto kind = token(ahead).kind;
  return kind == TokenKind::kInteger || kind == TokenKind::kDecimal || kind == TokenKind::kLong;
}

bool Parser::take_word(std::string_view word) {
  const bool taken = at_word(word);
  if (taken) ++at_;
  return taken;
}

bool Parser::take_symbol(std::string_view symbol) {
  const bool taken = at_symbol(symbol);
  if (taken) ++at_;
  return taken;
}

void Parser::expect_word(std::string_view word) {
  if (!take_word(word)) fail_expected("`" + std::string(word) + "`");
}

void Parser::expect_symbol(std::string_view symbol) {
  if (!take_symbol(symbol)) fail_expected("`" + std::string(symbol) + "`");
}

void Parser::fail(std::size_t offset, std::string message, std::string help) {
  if (failed()) return;
  error_ = SyntaxError{offset, std::move(message), std::move(help)};
  at_ = tokens_.size() - 1;
}

std::string Parser::describe_token() const {
  if (token().kind == TokenKind::kEnd) return "the expression ends";
  return "`" + std::string(text_.substr(token().begin, token().end - token().begin)) + "` stands";
}

void Parser::fail_expected(std::string_view what) {
  fail(token().begin, "expected " + std::string(what) + ", but " + describe_token() + " here");
}

// ---- Nodes
// -----------------------------------------------------------------------------------------------------------

SyntaxPtr Parser::node(Syntax::Kind kind, std::size_t begin) {
  auto made = std::make_unique<Syntax>();
  made->kind = kind;
  made->begin = begin;
  made->name_at = begin;
  return made;
}

SyntaxPtr Parser::finish(SyntaxPtr made) {
  made->end = at_ > 0 ? tokens_[at_ - 1].end : made->begin;
  for (const auto& operand : made->operands) made->depth = std::max(made->depth, operand->depth + 1);
  if (made->depth > kTreeDepthMax) fail(made->begin, "the expression is nested too deeply", "split it into defines");
  return made;
}

SyntaxPtr Parser::make_call(std::string name, std::vector<SyntaxPtr> operands, std::size_t begin, std::size_t name_at) {
  auto made = node(Syntax::Kind::kCall, begin);
  made->name = std::move(name);
  made->name_at = name_at;
  made->operands = std::move(operands);
  return finish(std::move(made));
}

// ---- Expressions
// -----------------------------------------------------------------------------------------------------

SyntaxPtr Parser::expression(PhraseBinding loosest) {
  if (++nesting_ > kNestingMax) fail(token().begin, "the expression is nested too deeply", "split it into defines");
  SyntaxPtr left = expression_operand();
  for (bool more = true; more && !failed();) left = infix(std::move(left), loosest, more);
  --nesting_;
  return left;
}

SyntaxPtr Parser::expression_operand() {
  const auto begin = token().begin;
  if (take_word("not")) return call("not", begin, begin, expression(PhraseBinding::kNot));
  if (take_word("exists")) return call("exists", begin, begin, expression(PhraseBinding::kNot));
  if (at_word("cast")) return cast_expression();
  if (at_word("from")) return from_query();
  const bool duration = at_word("duration") && at_word("in", 1) && at_word("between", 3);
  const bool difference = at_word("difference") && at_word("in", 1) && at_word("between", 3);
  if (duration || difference) {
    at_ += 1;
    return elapsed_between(duration ? "duration between" : "difference between", begin, true);
  }
  if (token().kind == TokenKind::kWord && at_word("between", 1) && precision_word(token().text)) {
    return elapsed_between("duration between", begin, false);
  }
  return term();
}

SyntaxPtr Parser::elapsed_between(std::string name, std::size_t begin, bool with_in) {
  if (with_in) expect_word("in");
  const auto unit = precision_word(token().text);
  if (!unit) fail_expected("a unit such as `years` or `days`");
  if (!failed()) ++at_;
  expect_word("between");
  SyntaxPtr low = term();
  expect_word("and");
  SyntaxPtr made = call(std::move(name), begin, begin, std::move(low), term());
  made->precision = unit;
  return made;
}

SyntaxPtr Parser::binary(SyntaxPtr left, std::string name, PhraseBinding binding) {
  const auto begin = left->begin;
  const auto name_at = token().begin;
  ++at_;
  auto right = expression(static_cast<PhraseBinding>(static_cast<int>(binding) + 1));
  return call(std::move(name), begin, name_at, std::move(left), std::move(right));
}

SyntaxPtr Parser::infix(SyntaxPtr left, PhraseBinding loosest, bool& more) {
  const auto allows = [loosest](PhraseBinding binding) { return binding >= loosest; };
  const Token& next = token();
  if (next.kind == TokenKind::kWord) {
    const auto& word = next.text;
    if (word == "is" && allows(PhraseBinding::kType)) return test_or_type(std::move(left));
    if (word == "as" && allows(PhraseBinding::kType)) return test_or_type(std::move(left));
    const bool properly_between = word == "properly" && at_word("between", 1);
    if ((word == "between" || properly_between) && allows(PhraseBinding::kBetween)) return between(std::move(left));
    if ((word == "in" || word == "contains") && allows(PhraseBinding::kMembership)) return membership(std::move(left));
    if (word == "and" && allows(PhraseBinding::kAnd)) return logical_chain(std::move(left), word, PhraseBinding::kAnd);
    if (word == "or" && allows(PhraseBinding::kOr)) return logical_chain(std::move(left), word, PhraseBinding::kOr);
    if (word == "xor" && allows(PhraseBinding::kOr)) return binary(std::move(left), "xor", PhraseBinding::kOr);
    if (word == "implies" && allows(PhraseBinding::kImplies))
      return binary(std::move(left), "implies", PhraseBinding::kImplies);
    const bool set = word == "union" || word == "intersect" || word == "except";
    if (set && allows(PhraseBinding::kSet)) return set_operator(std::move(left));
  }
  if (next.kind == TokenKind::kSymbol) {
    const auto& symbol = next.text;
    const bool inequality = symbol == "<" || symbol == "<=" || symbol == ">" || symbol == ">=";
    if (inequality && allows(PhraseBinding::kInequality))
      return binary(std::move(left), symbol, PhraseBinding::kInequality);
    const bool equality = symbol == "=" || symbol == "!=" || symbol == "~" || symbol == "!~";
    if (equality && allows(PhraseBinding::kEquality)) return binary(std::move(left), symbol, PhraseBinding::kEquality);
    if (symbol == "|" && allows(PhraseBinding::kSet)) return set_operator(std::move(left));
  }
  if (allows(PhraseBinding::kTiming) && at_timing()) return timing(std::move(left));
  more = false;
  return left;
}

SyntaxPtr Parser::logical_chain(SyntaxPtr left, std::string_view word, PhraseBinding binding) {
  const std::string name(word);
  const auto begin = left->begin;
  const auto name_at = token().begin;
  std::vector<SyntaxPtr> operands;
  if (left->kind == Syntax::Kind::kCall && left->name == name && !left->parenthesized && !left->is_function) {
    operands = std::move(left->operands);
  } else {
    operands.push_back(std::move(left));
  }
  while (take_word(name)) operands.push_back(expression(static_cast<PhraseBinding>(static_cast<int>(binding) + 1)));
  return make_call(name, std::move(operands), begin, name_at);
}

SyntaxPtr Parser::set_operator(SyntaxPtr left) {
  const auto name = at_symbol("|") ? std::string("union") : token().text;
  return binary(std::move(left), name, PhraseBinding::kSet);
}

SyntaxPtr Parser::test_or_type(SyntaxPtr left) {
  const auto begin = left->begin;
  const auto name_at = token().begin;
  const std::string word = token().text;
  ++at_;
  const bool negated = word == "is" && take_word("not");
  for (const auto& [test, plain, inverse] : {std::array<std::string_view, 3>{"null", "IsNull", "IsNotNull"},
                                             {"true", "IsTrue", "IsNotTrue"},
                                             {"false", "IsFalse", "IsNotFalse"}}) {
    if (word == "is" && take_word(test)) {
      return call(std::string(negated ? inverse : plain), begin, name_at, std::move(left));
    }
  }
  if (negated) fail_expected("`null`, `true` or `false`");
  auto made = node(Syntax::Kind::kTypeOperator, begin);
  made->name = word;
  made->name_at = name_at;
  made->type = type_specifier();
  made->operands.push_back(std::move(left));
  return finish(std::move(made));
}

SyntaxPtr Parser::between(SyntaxPtr left) {
  const auto begin = left->begin;
  const auto name_at = token().begin;
  const bool properly = take_word("properly");
  expect_word("between");
  SyntaxPtr low = term();
  expect_word("and");
  SyntaxPtr high = term();
  return call(properly ? "properly between" : "between", begin, name_at, std::move(left), std::move(low),
              std::move(high));
}

SyntaxPtr Parser::membership(SyntaxPtr left) {
  const auto begin = left->begin;
  const auto name_at = token().begin;
  const std::string word = token().text;
  ++at_;
  const auto precision = precision_specifier();
  auto right = expression(PhraseBinding::kEquality);
  auto made = call(word, begin, name_at, std::move(left), std::move(right));
  made->precision = precision;
  return made;
}

SyntaxPtr Parser::cast_expression() {
  const auto begin = token().begin;
  ++at_;
  auto made = node(Syntax::Kind::kTypeOperator, begin);
  made->name = "cast";
  made->operands.push_back(expression(PhraseBinding::kTest));
  expect_word("as");
  made->type = type_specifier();
  return finish(std::move(made));
}

}  // namespace caveat
