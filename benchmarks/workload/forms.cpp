// The workload's two written forms: neutral JSON for the reference and the peers, and a Caveat pack.
#include "workload/workload.hpp"

#include <fmt/format.h>

#include <iterator>

namespace caveat::bench {

namespace {

using Op = Condition::Op;

template <class Items, class Write>
std::string joined(const Items& items, std::string_view between, Write write) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += between;
    out += write(item);
  }
  return out;
}

std::string_view symbol(Op op) {
  switch (op) {
    case Op::kIs: return "is";
    case Op::kLess: return "<";
    case Op::kAtLeast: return ">=";
    case Op::kEquals: return "=";
    case Op::kIn: return "in";
    case Op::kNot: return "not";
    case Op::kAnd: return "and";
    case Op::kOr: break;
  }
  return "or";
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string neutral(const Condition& when) {
  if (!when.parts.empty())
    return fmt::format(R"({{"op":"{}","of":[{}]}})", symbol(when.op), joined(when.parts, ",", neutral));
  const Fact& fact = facts()[when.fact];
  std::string out = fmt::format(R"({{"op":"{}","fact":"{}")", symbol(when.op), fact.name);
  const auto value = [&](int choice) { return json_of(fact, choice); };
  if (when.op == Op::kLess || when.op == Op::kAtLeast) out += R"(,"value":)" + json_of(fact, when.bound);
  if (when.op == Op::kEquals) out += R"(,"value":)" + value(when.choices.front());
  if (when.op == Op::kIn) out += R"(,"values":[)" + joined(when.choices, ",", value) + "]";
  return out + "}";
}

std::string_view type_name(FactType type) {
  switch (type) {
    case FactType::kBoolean: return "boolean";
    case FactType::kInteger: return "integer";
    case FactType::kDecimal: return "decimal";
    case FactType::kChoice: break;
  }
  return "choice";
}

std::string neutral(const Fact& fact) {
  std::string out = fmt::format(R"({{"name":"{}","type":"{}")", fact.name, type_name(fact.type));
  if (!fact.values.empty()) out += R"(,"values":[)" + joined(fact.values, ",", quoted) + "]";
  return out + "}";
}

std::string operand(const Condition& when) {
  const bool simple = when.op == Op::kIs || when.op == Op::kNot;
  return simple ? cql_of(when) : "(" + cql_of(when) + ")";
}

// TOML's and JSON's strings are the same for what is written here.
std::string fact_table(const Fact& fact) {
  std::string out = fmt::format("[fact.{0}]\ntype = \"{1}\"\nlabel = \"{0}\"\nask = \"What is known of {0}?\"\n",
                                fact.name, type_name(fact.type));
  if (!fact.values.empty()) out += fmt::format("values = [{}]\n", joined(fact.values, ", ", quoted));
  if (fact.most > 0) out += fmt::format("min = {}\nmax = {}\n", json_of(fact, fact.least), json_of(fact, fact.most));
  return out;
}

std::string rule_table(const Rule& rule) {
  std::string out = fmt::format("[[{}]]\nid = \"{}\"\nwhen = \"{}\"\n", rule.kind, rule.id, cql_of(rule.when));
  if (rule.kind == "timeline_factor") out += "fact = \"age\"\n";
  out += fmt::format("title = {{ en = \"Common workload: {}\" }}\n", rule.id);
  out += fmt::format("says = {{ en = \"The condition of {} holds. It was made for measuring and means nothing.\" }}\n",
                     rule.id);
  return out + "cite = \"workload#rules\"\n";
}

constexpr std::string_view kHeader = R"([pack]
id = "workload"
version = "1.0.0"
status = "active"
requires.language = "1"
requires.plugins = ["caveat.contraindications", "caveat.approaches", "caveat.timeline"]
title = { en = "The common workload" }
defer_to = "physician"
deferral = { en = "Nothing here is clinical content; a professional decides." }

[[source]]
id = "workload"
title = "The common workload of the benchmarks"
)";

}  // namespace

std::string cql_of(const Condition& when) {
  const auto choice = [&](int index) {
    return fmt::format("'{}'", facts()[when.fact].values[static_cast<std::size_t>(index)]);
  };
  switch (when.op) {
    case Op::kIs: return std::string(facts()[when.fact].name);
    case Op::kNot: return "not " + operand(when.parts.front());
    case Op::kAnd: return joined(when.parts, " and ", operand);
    case Op::kOr: return joined(when.parts, " or ", operand);
    case Op::kIn: return fmt::format("{} in {{{}}}", facts()[when.fact].name, joined(when.choices, ", ", choice));
    case Op::kEquals: return fmt::format("{} = {}", facts()[when.fact].name, choice(when.choices.front()));
    case Op::kLess:
    case Op::kAtLeast: break;
  }
  return fmt::format("{} {} {}", facts()[when.fact].name, symbol(when.op), json_of(facts()[when.fact], when.bound));
}

std::string neutral_json(const std::vector<Rule>& rules) {
  const auto fact = [](const Fact& each) { return neutral(each); };
  const auto rule = [](const Rule& each) {
    return fmt::format(R"({{"id":"{}","kind":"{}","when":{}}})", each.id, each.kind, neutral(each.when));
  };
  return fmt::format("{{\"facts\":[\n{}\n],\"rules\":[\n{}\n]}}\n", joined(facts(), ",\n", fact),
                     joined(rules, ",\n", rule));
}

// Rules stand by file name in a pack, and the rules' kinds come in this order.
std::vector<PackFile> pack_files(const std::vector<Rule>& rules) {
  std::vector<PackFile> files = {
      {"pack.toml", std::string(kHeader)},    {"facts.toml", joined(facts(), "\n", fact_table)},
      {"rules-1-contraindications.toml", ""}, {"rules-2-approaches.toml", ""},
      {"rules-3-timeline.toml", ""},
  };
  for (const Rule& rule : rules) {
    std::string& text = files[rule.kind == "contraindication" ? 2 : rule.kind == "approach" ? 3 : 4].text;
    text += (text.empty() ? "" : "\n") + rule_table(rule);
  }
  return files;
}

}  // namespace caveat::bench
