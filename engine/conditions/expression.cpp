#include "conditions/expression.hpp"

#include <algorithm>

namespace caveat {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string fold_blanks(std::string_view text) {
  std::string folded;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      folded += c;
      if (c == '\\' && i + 1 < text.size()) folded += text[++i];
      if (c == quote) quote = 0;
    } else if (!is_blank(c)) {
      if (c == '\'' || c == '"' || c == '`') quote = c;
      folded += c;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  while (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

void append_marks(const Expression& node, std::string& out) {
  if (node.precision) out += '@' + std::string(to_string(*node.precision));
  if (node.offset) {
    out += '~' + std::to_string(static_cast<int>(node.offset->direction)) +
           std::to_string(static_cast<int>(node.offset->bound)) + (node.offset->inclusive ? "i" : "x");
  }
  if (node.kind == Expression::Kind::kInterval) {
    out += node.low_closed ? '[' : '(';
    out += node.high_closed ? ']' : ')';
  }
  if (node.has_comparand) out += '?';
  if (node.strict) out += '!';
  for (const auto& key : node.keys) out += '.' + to_literal(Value(key));
}

void append_query(const Query& query, std::string& out) {
  out += "/q" + std::to_string(query.first_slot) + ',' + std::to_string(query.sources) + ',' +
         std::to_string(query.lets.size()) + (query.distinct ? "d" : "a") + (query.aggregate ? "g" : "r") +
         (query.where ? "w" : "-") + (query.starting ? "s" : "-");
  for (const bool list : query.source_is_list) out += list ? 'l' : 's';
  for (const auto& sort : query.sort) out += std::string(sort.descending ? ">" : "<") + (sort.by ? "b" : "-");
}

void append_canonical(const Expression& node, std::string& out) {
  using Kind = Expression::Kind;
  if (node.kind == Kind::kDefine) return append_canonical(*node.operands[0], out);
  out += '(' + std::to_string(static_cast<int>(node.kind));
  switch (node.kind) {
    case Kind::kLiteral:
    case Kind::kLocalDateTime: out += ' ' + to_string(node.type) + ' ' + to_literal(node.value); break;
    case Kind::kFact:
    case Kind::kKnown: out += " f" + std::to_string(node.fact); break;
    case Kind::kCall: out += ' ' + std::string(node.signature->name) + ':' + std::string(node.signature->spec); break;
    case Kind::kConvert:
    case Kind::kAs: out += ' ' + to_string(node.type); break;
    case Kind::kIs: out += ' ' + to_string(node.tested); break;
    case Kind::kProperty: out += ' ' + to_literal(Value(node.name)); break;
    case Kind::kAlias: out += " a" + std::to_string(node.slot); break;
    default: break;
  }
  append_marks(node, out);
  if (node.kind == Kind::kLiteral) return void(out += ')');
  for (const auto& operand : node.operands) append_canonical(*operand, out);
  if (node.query) {
    append_query(*node.query, out);
    for (const auto& part : query_parts(*node.query)) append_canonical(*part, out);
  }
  out += ')';
}

}  // namespace

std::string text_of(const Expression& expression) {
  if (!expression.source) return to_literal(expression.value);
  return fold_blanks(
      std::string_view(expression.source->text).substr(expression.begin, expression.end - expression.begin));
}

Place place_of(const Expression& expression) {
  if (!expression.source || !expression.source->place) return {};
  return expression.source->place(expression.begin);
}

std::vector<FactId> facts_of(const Expression& expression) {
  std::vector<FactId> facts;
  for_each_node(expression, [&facts](const Expression& node) {
    if (node.kind == Expression::Kind::kFact || node.kind == Expression::Kind::kKnown) facts.push_back(node.fact);
  });
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  return facts;
}

std::string canonical(const Expression& expression) {
  std::string out;
  append_canonical(expression, out);
  return out;
}

std::vector<ExpressionPtr> query_parts(const Query& query) {
  std::vector<ExpressionPtr> parts = query.lets;
  for (const auto& part : {query.where, query.result, query.starting}) {
    if (part) parts.push_back(part);
  }
  for (const auto& sort : query.sort) {
    if (sort.by) parts.push_back(sort.by);
  }
  return parts;
}

}  // namespace caveat
