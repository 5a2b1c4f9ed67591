// Timing phrases (`starts 1 day or less on or after day of …`) and queries.
#include "conditions/parser_state.hpp"

#include <algorithm>
#include <array>

namespace caveat {

bool Parser::at_timing() const {
  static constexpr std::array<std::string_view, 13> kStarts = {"starts",   "ends",   "occurs",   "same",   "properly",
                                                               "includes", "during", "included", "before", "after",
                                                               "within",   "meets",  "overlaps"};
  if (at_number()) return true;
  if (token().kind != TokenKind::kWord) return false;
  if (at_word("on")) return at_word("or", 1);
  if (at_word("less") || at_word("more")) return at_word("than", 1);
  return std::find(kStarts.begin(), kStarts.end(), token().text) != kStarts.end();
}

std::optional<Precision> Parser::precision_specifier() {
  if (token().kind != TokenKind::kWord || !at_word("of", 1)) return std::nullopt;
  const auto precision = precision_word(token().text);
  if (precision) at_ += 2;
  return precision;
}

// `start` and `end` after a phrase are part of it, unless `of` follows.
std::string Parser::boundary_word() {
  if ((at_word("start") || at_word("end")) && !at_word("of", 1)) {
    std::string word = token().text + " of";
    ++at_;
    return word;
  }
  return {};
}

SyntaxPtr Parser::right_operand(std::string_view boundary) {
  const auto begin = token().begin;
  SyntaxPtr operand = expression(PhraseBinding::kInequality);
  if (boundary.empty()) return operand;
  return call(std::string(boundary), begin, begin, std::move(operand));
}

SyntaxPtr Parser::timing(SyntaxPtr left) {
  const auto at = token().begin;
  const auto begin = left->begin;
  const bool relation_follows = at_word("same", 1) || at_word("properly", 1) || at_word("during", 1) ||
                                at_word("included", 1) || at_word("before", 1) || at_word("after", 1) ||
                                at_word("within", 1) || at_number(1) || (at_word("on", 1) && at_word("or", 2)) ||
                                ((at_word("less", 1) || at_word("more", 1)) && at_word("than", 2));
  if ((at_word("starts") || at_word("ends")) && relation_follows) {
    const std::string boundary = at_word("starts") ? "start of" : "end of";
    ++at_;
    left = call(boundary, begin, at, std::move(left));
  } else if (at_word("starts") || at_word("ends") || at_word("meets") || at_word("overlaps") || at_word("includes")) {
    std::string name = token().text;
    ++at_;
    if (name == "meets" || name == "overlaps") {
      if (take_word("before")) name += " before";
      if (take_word("after")) name += " after";
    }
    return interval_phrase(std::move(left), std::move(name), at);
  } else {
    take_word("occurs");
  }
  if (take_word("same")) return same_phrase(std::move(left), at);
  const bool properly = take_word("properly");
  const std::string prefix = properly ? "properly " : "";
  if (take_word("includes")) return interval_phrase(std::move(left), prefix + "includes", at);
  if (take_word("during")) return interval_phrase(std::move(left), prefix + "included in", at);
  if (take_word("included")) {
    expect_word("in");
    return interval_phrase(std::move(left), prefix + "included in", at);
  }
  if (take_word("within")) return within_phrase(std::move(left), at, properly);
  if (properly) fail_expected("`includes`, `included in`, `during`, `within` or `between`");
  return relative_phrase(std::move(left), at);
}

SyntaxPtr Parser::interval_phrase(SyntaxPtr left, std::string name, std::size_t at) {
  const auto begin = left->begin;
  const auto precision = precision_specifier();
  auto right = right_operand(boundary_word());
  auto made = call(std::move(name), begin, at, std::move(left), std::move(right));
  made->precision = precision;
  return made;
}

SyntaxPtr Parser::same_phrase(SyntaxPtr left, std::size_t at) {
  const auto begin = left->begin;
  std::optional<Precision> precision;
  if (token().kind == TokenKind::kWord && precision_word(token().text)) {
    precision = precision_word(token().text);
    ++at_;
  }
  std::string name = "same as";
  if (take_word("or")) {
    name = at_word("before") ? "same or before" : "same or after";
    if (!take_word("before") && !take_word("after")) fail_expected("`before` or `after`");
  } else {
    expect_word("as");
  }
  auto right = right_operand(boundary_word());
  auto made = call(std::move(name), begin, at, std::move(left), std::move(right));
  made->precision = precision;
  return made;
}

SyntaxPtr Parser::quantity_amount() {
  if (!at_number()) fail_expected("an amount such as `3 days`");
  if (failed()) return node(Syntax::Kind::kLiteral, token().begin);
  const auto at = token().begin;
  SyntaxPtr amount = number(false);
  if (!failed() && !amount->value.is<Quantity>()) {
    fail(at, "an amount here needs a unit", "write for example `3 days` or `5 'min'`");
  }
  return amount;
}

SyntaxPtr Parser::relative_phrase(SyntaxPtr left, std::size_t at) {
  const auto begin = left->begin;
  Offset offset;
  SyntaxPtr amount;
  if (at_word("less") || at_word("more")) {
    offset.bound = at_word("less") ? Offset::Bound::kLessThan : Offset::Bound::kMoreThan;
    at_ += 1;
    expect_word("than");
    amount = quantity_amount();
  } else if (at_number()) {
    amount = quantity_amount();
    if (at_word("or") && (at_word("more", 1) || at_word("less", 1))) {
      offset.bound = at_word("more", 1) ? Offset::Bound::kOrMore : Offset::Bound::kOrLess;
      at_ += 2;
    }
  }
  if (at_word("on") && at_word("or", 1)) {
    at_ += 2;
    offset.inclusive = true;
  }
  const bool before = at_word("before");
  if (!take_word("before") && !take_word("after")) fail_expected("`before` or `after`");
  if (at_word("or") && at_word("on", 1)) {
    at_ += 2;
    offset.inclusive = true;
  }
  offset.direction = before ? Offset::Direction::kBefore : Offset::Direction::kAfter;
  if (amount) return offset_phrase(std::move(left), std::move(amount), offset, at);
  const auto precision = precision_specifier();
  auto right = right_operand(boundary_word());
  const std::string plain = before ? "before" : "after";
  auto made = call(offset.inclusive ? "same or " + plain : plain, begin, at, std::move(left), std::move(right));
  made->precision = precision;
  return made;
}

SyntaxPtr Parser::within_phrase(SyntaxPtr left, std::size_t at, bool properly) {
  Offset offset;
  offset.direction = Offset::Direction::kWithin;
  offset.bound = properly ? Offset::Bound::kLessThan : Offset::Bound::kOrLess;
  SyntaxPtr amount = quantity_amount();
  expect_word("of");
  return offset_phrase(std::move(left), std::move(amount), offset, at);
}

// Intervals end before and start after: the near edges are what an offset is measured between.
SyntaxPtr Parser::offset_phrase(SyntaxPtr left, SyntaxPtr amount, Offset offset, std::size_t at) {
  const auto begin = left->begin;
  const auto precision = precision_specifier();
  auto right = right_operand(boundary_word());
  const bool before = offset.direction == Offset::Direction::kBefore;
  const bool after = offset.direction == Offset::Direction::kAfter;
  if (before || after) {
    const auto left_at = left->begin;
    const auto right_at = right->begin;
    left = call(before ? "$last of" : "$first of", left_at, at, std::move(left));
    right = call(before ? "$first of" : "$last of", right_at, at, std::move(right));
  }
  auto made = call("$offset", begin, at, std::move(left), std::move(right), std::move(amount));
  made->precision = precision;
  made->offset = offset;
  return made;
}

// ---- Queries
// ---------------------------------------------------------------------------------------------------------

// An alias is a word that can be nothing else after a source: not reserved, and not the start of a phrase.
bool Parser::at_alias() const {
  if (token().kind == TokenKind::kQuotedName) return true;
  if (token().kind != TokenKind::kWord || is_reserved(token().text) || at_timing()) return false;
  static constexpr std::array<std::string_view, 10> kFollowers = {"of",   "to",  "start", "let", "aggregate",
                                                                  "from", "asc", "desc",  "by",  "starting"};
  return std::find(kFollowers.begin(), kFollowers.end(), token().text) == kFollowers.end() &&
         !precision_word(token().text);
}

SyntaxPtr Parser::query(SyntaxPtr source, std::size_t begin) {
  auto made = node(Syntax::Kind::kQuery, begin);
  made->query = std::make_unique<QuerySyntax>();
  const auto depth = source->depth;
  made->query->sources.emplace_back(element_name(), std::move(source));
  query_clauses(*made->query);
  made->depth = depth + 1;
  return finish(std::move(made));
}

SyntaxPtr Parser::from_query() {
  auto made = node(Syntax::Kind::kQuery, token().begin);
  made->query = std::make_unique<QuerySyntax>();
  made->query->plural_sources = true;
  ++at_;
  do {
    SyntaxPtr source;
    if (take_symbol("(")) {
      source = expression();
      expect_symbol(")");
    } else {
      source = node(Syntax::Kind::kName, token().begin);
      source->name = element_name();
      source = finish(std::move(source));
    }
    made->query->sources.emplace_back(element_name(), std::move(source));
  } while (!failed() && take_symbol(","));
  query_clauses(*made->query);
  return finish(std::move(made));
}

void Parser::query_clauses(QuerySyntax& query) {
  if (take_word("let")) {
    do {
      std::string name = element_name();
      expect_symbol(":");
      query.lets.emplace_back(std::move(name), expression());
    } while (!failed() && take_symbol(","));
  }
  if (take_word("where")) query.where = expression();
  if (take_word("return")) {
    if (take_word("all")) {
      query.distinct = false;
    } else {
      take_word("distinct");
    }
    query.result = expression();
  } else if (take_word("aggregate")) {
    aggregate_clause(query);
  }
  if (take_word("sort")) sort_clause(query);
}

void Parser::aggregate_clause(QuerySyntax& query) {
  query.distinct = take_word("distinct");
  if (!query.distinct) take_word("all");
  query.accumulator = element_name();
  if (take_word("starting")) query.starting = term();
  expect_symbol(":");
  query.result = expression();
}

void Parser::sort_clause(QuerySyntax& query) {
  const auto descending = [this] {
    if (take_word("desc") || take_word("descending")) return true;
    if (!take_word("asc")) take_word("ascending");
    return false;
  };
  if (!take_word("by")) {
    query.sort.push_back({descending(), nullptr});
    return;
  }
  do {
    SyntaxPtr by = term();
    query.sort.push_back({descending(), std::move(by)});
  } while (!failed() && take_symbol(","));
}

}  // namespace caveat
