// Terms and literals.
#include "base/diagnostics.hpp"
#include "conditions/parser_state.hpp"

#include <algorithm>
#include <array>

namespace caveat {

SyntaxPtr Parser::term(TermBinding loosest) {
  SyntaxPtr left = prefix_term();
  while (!failed()) {
    const auto allows = [loosest](TermBinding binding) { return binding >= loosest; };
    const bool power = at_symbol("^");
    const bool multiplication = at_symbol("*") || at_symbol("/") || at_word("div") || at_word("mod");
    const bool addition = at_symbol("+") || at_symbol("-") || at_symbol("&");
    TermBinding right = TermBinding::kPrefix;
    if (power && allows(TermBinding::kPower)) {
      right = TermBinding::kPrefix;
    } else if (multiplication && allows(TermBinding::kMultiplication)) {
      right = TermBinding::kPower;
    } else if (addition && allows(TermBinding::kAddition)) {
      right = TermBinding::kMultiplication;
    } else {
      break;
    }
    const auto begin = left->begin;
    const auto name_at = token().begin;
    std::string name = token().text;
    ++at_;
    auto operand = term(right);
    left = call(std::move(name), begin, name_at, std::move(left), std::move(operand));
  }
  return left;
}

SyntaxPtr Parser::prefix_term() {
  if (++nesting_ > kNestingMax) fail(token().begin, "the expression is nested too deeply", "split it into defines");
  SyntaxPtr made = (at_symbol("+") || at_symbol("-")) ? polarity() : postfix_term();
  --nesting_;
  return made;
}

SyntaxPtr Parser::polarity() {
  const auto begin = token().begin;
  const bool negative = at_symbol("-");
  ++at_;
  // The least Integer and Long can only be written with their sign.
  const bool least = token().text == "2147483648" || token().text == "9223372036854775808";
  if (negative && at_number() && least) return number(true);
  return call(negative ? "negate" : "positive", begin, begin, prefix_term());
}

SyntaxPtr Parser::postfix_term() {
  SyntaxPtr made = primary();
  while (!failed()) {
    const auto begin = made->begin;
    const auto name_at = token().begin;
    if (take_symbol("[")) {
      auto index = expression();
      expect_symbol("]");
      made = call("[]", begin, name_at, std::move(made), std::move(index));
    } else if (take_symbol(".")) {
      auto property = node(Syntax::Kind::kProperty, begin);
      property->name_at = token().begin;
      property->name = element_name();
      property->operands.push_back(std::move(made));
      made = finish(std::move(property));
    } else {
      break;
    }
  }
  return made;
}

SyntaxPtr Parser::primary() {
  const auto begin = token().begin;
  switch (token().kind) {
    case TokenKind::kWord: return word_term();
    case TokenKind::kQuotedName: return name_or_call();
    case TokenKind::kString:
    case TokenKind::kInteger:
    case TokenKind::kLong:
    case TokenKind::kDecimal:
    case TokenKind::kDateOrTime: return literal();
    case TokenKind::kSymbol:
    case TokenKind::kEnd: break;
  }
  if (at_symbol("{")) return braces();
  if (take_symbol("(")) {
    SyntaxPtr inner = expression();
    expect_symbol(")");
    if (failed()) return inner;
    inner->parenthesized = true;
    inner->begin = begin;
    inner->end = tokens_[at_ - 1].end;
    return at_alias() ? query(std::move(inner), begin) : std::move(inner);
  }
  fail_expected("a fact, a value or an expression");
  return node(Syntax::Kind::kLiteral, begin);
}

SyntaxPtr Parser::word_term() {
  const auto begin = token().begin;
  const std::string& word = token().text;
  const bool of = at_word("of", 1);
  const bool from = at_word("from", 1);
  if (word == "null") return ++at_, literal_node(begin, Value(), TypeKind::kNull);
  if (word == "true" || word == "false") {
    const bool value = word == "true";
    return ++at_, literal_node(begin, Value(value), TypeKind::kBoolean);
  }
  if (word == "if") return if_term();
  if (word == "case") return case_term();
  if (word == "convert") return convert_term();
  if (word == "minimum" || word == "maximum") return extent();
  if (word == "expand" || word == "collapse") return expand_or_collapse();
  if (word == "distinct" || word == "flatten") {
    std::string name = word;
    ++at_;
    return call(std::move(name), begin, begin, expression());
  }
  if ((word == "duration" || word == "difference") && at_word("in", 1) && at_word("of", 3)) return elapsed_of(word);
  for (const std::string_view prefix : {"start", "end", "width", "successor", "predecessor"}) {
    if (word == prefix && of) return of_term(word + " of", 2);
  }
  for (const std::string_view prefix : {"singleton", "point", "date", "time", "timezoneoffset"}) {
    if (word == prefix && from) return of_term(word + " from", 2);
  }
  if (from && precision_word(word)) return of_term(word + " from", 2);
  if (word == "Interval" && (at_symbol("[", 1) || at_symbol("(", 1))) return interval();
  if (word == "Tuple" && at_symbol("{", 1)) return ++at_, tuple(begin);
  if (word == "Quantity" && at_symbol("{", 1)) return ++at_, quantity_instance(begin);
  if (word == "List" && (at_symbol("{", 1) || at_symbol("<", 1))) return list(begin);
  return name_or_call();
}

SyntaxPtr Parser::of_term(std::string name, std::size_t words) {
  const auto begin = token().begin;
  at_ += words;
  return call(std::move(name), begin, begin, prefix_term());
}

// `duration in days of X` is the time between X's start and its end.
SyntaxPtr Parser::elapsed_of(std::string name) {
  const auto begin = token().begin;
  at_ += 2;
  const auto unit = precision_word(token().text);
  if (!unit) fail_expected("a unit such as `years` or `days`");
  if (!failed()) ++at_;
  expect_word("of");
  SyntaxPtr made = call(name + " of", begin, begin, prefix_term());
  made->precision = unit;
  return made;
}

// ---- Names and calls
// -------------------------------------------------------------------------------------------------

SyntaxPtr Parser::name_or_call() {
  const Token written = token();
  const bool quoted = written.kind == TokenKind::kQuotedName;
  if (!quoted && is_reserved(written.text)) {
    fail(written.begin, "expected a fact, a value or an expression, but `" + written.text + "` stands here",
         "to use a word of the language as a name, write it in double quotes");
  }
  auto made = node(Syntax::Kind::kName, written.begin);
  made->name = written.text;
  if (failed()) return made;
  ++at_;
  if (!quoted && made->name == "System" && at_symbol(".") && at_symbol("(", 2)) {
    ++at_;
    made->name = token().text;
    ++at_;
  }
  if (take_symbol("(")) return arguments(std::move(made));
  made = finish(std::move(made));
  if (at_alias()) {
    const auto begin = made->begin;
    return query(std::move(made), begin);
  }
  return made;
}

SyntaxPtr Parser::arguments(SyntaxPtr made) {
  made->kind = Syntax::Kind::kCall;
  made->is_function = true;
  while (!failed() && !at_symbol(")")) {
    made->operands.push_back(expression());
    if (!at_symbol(")")) expect_symbol(",");
  }
  expect_symbol(")");
  return finish(std::move(made));
}

std::string Parser::element_name() {
  if (token().kind != TokenKind::kWord && token().kind != TokenKind::kQuotedName) fail_expected("a name");
  std::string name = token().text;
  if (!failed()) ++at_;
  return name;
}

// ---- Lists, tuples, intervals
// ----------------------------------------------------------------------------------------

SyntaxPtr Parser::braces() {
  const auto begin = token().begin;
  const bool name = token(1).kind == TokenKind::kWord || token(1).kind == TokenKind::kQuotedName;
  if ((name && at_symbol(":", 2)) || (at_symbol(":", 1) && at_symbol("}", 2))) return tuple(begin);
  return list(begin);
}

SyntaxPtr Parser::list(std::size_t begin) {
  auto made = node(Syntax::Kind::kList, begin);
  if (take_word("List") && take_symbol("<")) {
    made->type = type_specifier();
    expect_symbol(">");
  }
  expect_symbol("{");
  while (!failed() && !at_symbol("}")) {
    made->operands.push_back(expression());
    if (!at_symbol("}")) expect_symbol(",");
  }
  expect_symbol("}");
  return finish(std::move(made));
}

SyntaxPtr Parser::tuple(std::size_t begin) {
  auto made = node(Syntax::Kind::kTuple, begin);
  expect_symbol("{");
  if (take_symbol(":")) {
    expect_symbol("}");
    return finish(std::move(made));
  }
  while (!failed() && !at_symbol("}")) {
    const auto at = token().begin;
    std::string name = element_name();
    expect_symbol(":");
    if (std::find(made->keys.begin(), made->keys.end(), name) != made->keys.end()) {
      fail(at, "the element `" + name + "` stands twice in the tuple");
    }
    made->keys.push_back(std::move(name));
    made->operands.push_back(expression());
    if (!at_symbol("}")) expect_symbol(",");
  }
  expect_symbol("}");
  return finish(std::move(made));
}

SyntaxPtr Parser::quantity_instance(std::size_t begin) {
  SyntaxPtr parts = tuple(begin);
  auto made = make_call("Quantity", {}, begin, begin);
  const std::array<std::string_view, 2> keys = {"value", "unit"};
  for (const auto key : keys) {
    const auto found = std::find(parts->keys.begin(), parts->keys.end(), key);
    if (found == parts->keys.end()) {
      fail(begin, "a Quantity needs `value` and `unit`");
      return made;
    }
    made->operands.push_back(std::move(parts->operands[static_cast<std::size_t>(found - parts->keys.begin())]));
  }
  if (parts->keys.size() != 2) fail(begin, "a Quantity has no other elements than `value` and `unit`");
  return finish(std::move(made));
}

SyntaxPtr Parser::interval() {
  auto made = node(Syntax::Kind::kInterval, token().begin);
  ++at_;
  made->low_closed = at_symbol("[");
  ++at_;
  made->operands.push_back(expression());
  expect_symbol(",");
  made->operands.push_back(expression());
  made->high_closed = at_symbol("]");
  if (!take_symbol("]") && !take_symbol(")")) fail_expected("`]` or `)`");
  return finish(std::move(made));
}

// ---- Conditionals, conversions, types
// --------------------------------------------------------------------------------

SyntaxPtr Parser::if_term() {
  auto made = node(Syntax::Kind::kIf, token().begin);
  ++at_;
  made->operands.push_back(expression());
  expect_word("then");
  made->operands.push_back(expression());
  expect_word("else");
  made->operands.push_back(expression());
  return finish(std::move(made));
}

SyntaxPtr Parser::case_term() {
  auto made = node(Syntax::Kind::kCase, token().begin);
  ++at_;
  made->has_comparand = !at_word("when");
  if (made->has_comparand) made->operands.push_back(expression());
  if (!at_word("when")) fail_expected("`when`");
  while (take_word("when")) {
    made->operands.push_back(expression());
    expect_word("then");
    made->operands.push_back(expression());
  }
  expect_word("else");
  made->operands.push_back(expression());
  expect_word("end");
  return finish(std::move(made));
}

SyntaxPtr Parser::convert_term() {
  const auto begin = token().begin;
  ++at_;
  SyntaxPtr operand = expression();
  expect_word("to");
  if (token().kind == TokenKind::kString || (token().kind == TokenKind::kWord && precision_word(token().text))) {
    const auto at = token().begin;
    std::string unit =
        token().kind == TokenKind::kString ? token().text : std::string(to_string(*precision_word(token().text)));
    ++at_;
    auto code = literal_node(at, Value(std::move(unit)), TypeKind::kString);
    return call("ConvertQuantity", begin, begin, std::move(operand), std::move(code));
  }
  auto made = node(Syntax::Kind::kTypeOperator, begin);
  made->name = "convert";
  made->operands.push_back(std::move(operand));
  made->type = type_specifier();
  return finish(std::move(made));
}

SyntaxPtr Parser::extent() {
  auto made = node(Syntax::Kind::kTypeOperator, token().begin);
  made->name = token().text;
  ++at_;
  made->type = type_specifier();
  return finish(std::move(made));
}

SyntaxPtr Parser::expand_or_collapse() {
  const auto begin = token().begin;
  const std::string name = token().text;
  ++at_;
  SyntaxPtr operand = expression();
  if (!take_word("per")) return call(name, begin, begin, std::move(operand));
  SyntaxPtr per;
  const auto at = token().begin;
  if (token().kind == TokenKind::kWord && precision_word(token().text)) {
    const auto unit = *precision_word(token().text);
    ++at_;
    per = literal_node(at, Value(Quantity{Decimal(1), std::string(to_string(unit))}), TypeKind::kQuantity);
  } else {
    per = expression();
  }
  return call(name, begin, begin, std::move(operand), std::move(per));
}

Type Parser::type_specifier() {
  const Token written = token();
  if (written.kind != TokenKind::kWord && written.kind != TokenKind::kQuotedName) fail_expected("a type");
  if (++nesting_ > kNestingMax) fail(written.begin, "the type is nested too deeply");
  if (failed()) return {};
  ++at_;
  std::string name = written.text;
  if (name == "System" && take_symbol(".")) name = element_name();
  Type type;
  if ((name == "List" || name == "Interval") && take_symbol("<")) {
    Type element = type_specifier();
    expect_symbol(">");
    if (!failed() && name == "Interval" && !is_point(element) && !element.is(TypeKind::kAny)) {
      fail(written.begin, "an Interval cannot be made of " + to_string(element));
    }
    type = name == "List" ? list_of(std::move(element)) : interval_of(std::move(element));
  } else if (name == "Tuple" && at_symbol("{")) {
    type = tuple_type();
  } else if (const auto scalar = parse_scalar_type(name)) {
    type = *scalar;
  } else {
    const auto help = did_you_mean(name, scalar_type_names());
    fail(written.begin, "the type `" + name + "` is unknown", help);
  }
  --nesting_;
  return type;
}

Type Parser::tuple_type() {
  TypeFields fields;
  expect_symbol("{");
  while (!failed() && !at_symbol("}")) {
    std::string name = element_name();
    take_symbol(":");
    fields.emplace_back(std::move(name), type_specifier());
    if (!at_symbol("}")) expect_symbol(",");
  }
  expect_symbol("}");
  return tuple_of(std::move(fields));
}

}  // namespace caveat
