// Literals: numbers, quantities, ratios, strings, dates and times.
#include "conditions/parser_state.hpp"

#include <charconv>
#include <limits>

namespace caveat {

SyntaxPtr Parser::literal_node(std::size_t begin, Value value, Type type) {
  auto made = node(Syntax::Kind::kLiteral, begin);
  made->value = std::move(value);
  made->type = std::move(type);
  return finish(std::move(made));
}

SyntaxPtr Parser::literal() {
  const auto begin = token().begin;
  if (token().kind == TokenKind::kDateOrTime) return date_or_time();
  if (token().kind != TokenKind::kString) return number(false);
  std::string text = token().text;
  ++at_;
  return literal_node(begin, Value(std::move(text)), TypeKind::kString);
}

std::optional<Decimal> Parser::decimal_token() {
  const auto value = Decimal::parse(token().text);
  if (!value) {
    fail(token().begin, "the number `" + token().text + "` is out of range",
         "decimals have up to 28 digits before the point and 8 after it");
    return std::nullopt;
  }
  ++at_;
  return value;
}

bool Parser::at_unit(std::size_t ahead) const {
  if (token(ahead).kind == TokenKind::kString) return true;
  return token(ahead).kind == TokenKind::kWord && precision_word(token(ahead).text) && !at_word("between", ahead + 1) &&
         !at_word("from", ahead + 1);
}

// `negative` when the sign before the number belongs to it: the least Integer and Long.
SyntaxPtr Parser::number(bool negative) {
  const auto begin = negative ? tokens_[at_ - 1].begin : token().begin;
  const bool whole = token().kind == TokenKind::kInteger;
  const bool in_ratio = at_symbol(":", 1) && at_number(2);
  if (token().kind == TokenKind::kDecimal || (whole && (at_unit(1) || in_ratio))) {
    auto value = decimal_token();
    if (!value) return node(Syntax::Kind::kLiteral, begin);
    if (negative) value = negate(*value);
    if (at_unit(0)) return ratio_or(quantity(begin, *value));
    if (in_ratio) return ratio_or(literal_node(begin, Value(Quantity{*value, "1"}), TypeKind::kQuantity));
    return literal_node(begin, Value(*value), TypeKind::kDecimal);
  }
  return whole_number(begin, negative);
}

SyntaxPtr Parser::whole_number(std::size_t begin, bool negative) {
  const bool is_long = token().kind == TokenKind::kLong;
  const std::string digits = (negative ? "-" : "") + token().text;
  std::int64_t value = 0;
  const auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool fits = problem == std::errc{} && rest == digits.data() + digits.size() &&
                    (is_long || (value >= std::numeric_limits<std::int32_t>::min() &&
                                 value <= std::numeric_limits<std::int32_t>::max()));
  if (!fits) {
    fail(begin, "the number `" + digits + (is_long ? "L" : "") + "` is out of range",
         is_long ? "a Long lies between -2^63 and 2^63-1"
                 : "an Integer lies between -2147483648 and 2147483647; write `" + digits + "L` or `" + digits + ".0`");
    return node(Syntax::Kind::kLiteral, begin);
  }
  ++at_;
  if (is_long) return literal_node(begin, Value(value), TypeKind::kLong);
  return literal_node(begin, Value(static_cast<std::int32_t>(value)), TypeKind::kInteger);
}

SyntaxPtr Parser::quantity(std::size_t begin, Decimal value) {
  const Token& unit = token();
  std::string code;
  if (unit.kind == TokenKind::kString) {
    code = unit.text;
    if (!is_unit(code)) {
      fail(unit.begin, "`" + code + "` is not a unit", "units are UCUM codes such as 'kg', 'mg/dL' or 'mm[Hg]'");
      return node(Syntax::Kind::kLiteral, begin);
    }
  } else {
    code = std::string(to_string(*precision_word(unit.text)));
  }
  ++at_;
  return literal_node(begin, Value(Quantity{value, std::move(code)}), TypeKind::kQuantity);
}

SyntaxPtr Parser::ratio_or(SyntaxPtr numerator) {
  if (failed() || !at_symbol(":") || !at_number(1)) return numerator;
  ++at_;
  const auto value = decimal_token();
  if (!value) return numerator;
  SyntaxPtr denominator;
  if (at_unit(0)) {
    denominator = quantity(token().begin, *value);
  } else {
    denominator = literal_node(token().begin, Value(Quantity{*value, "1"}), TypeKind::kQuantity);
  }
  if (failed()) return numerator;
  return literal_node(numerator->begin,
                      Value(Ratio{*numerator->value.get<Quantity>(), *denominator->value.get<Quantity>()}),
                      TypeKind::kRatio);
}

SyntaxPtr Parser::date_or_time() {
  const Token written = token();
  const auto& text = written.text;
  ++at_;
  if (text.starts_with("T")) {
    if (const auto time = parse_time(std::string_view(text).substr(1))) {
      return literal_node(written.begin, Value(*time), TypeKind::kTime);
    }
  } else if (text.find('T') == std::string::npos) {
    if (const auto date = parse_date(text)) return literal_node(written.begin, Value(*date), TypeKind::kDate);
  } else if (const auto date_time = parse_date_time(text, 0)) {
    auto made = literal_node(written.begin, Value(*date_time), TypeKind::kDateTime);
    const auto clock = text.substr(text.find('T'));
    made->local_offset = clock.find_first_of("Z+-") == std::string::npos;
    return made;
  }
  fail(written.begin, "`@" + text + "` is no date or time",
       "dates are @2012-04-30, times @T10:30, both together @2012-04-30T10:30Z; parts may be left out at the end");
  return node(Syntax::Kind::kLiteral, written.begin);
}

}  // namespace caveat
