// Usage: bench_reference FOLDER [PROFILES]
// The counts that every engine has to match: FOLDER/workload.json over the first PROFILES lines of
// FOLDER/cohort.ndjson.
//
// Written from Kleene's tables, and on purpose without a line of the engine or of the generator: a fact is there or it
// is not, a literal over an absent one is unknown, `not` turns true and false around and leaves unknown, `and` is the
// smaller and `or` the greater of two in the order false, unknown, true. Prints one JSON object: a rule's times met and
// undetermined, by the order of the rules, and what an engine would count as met that takes an absent answer for a
// literal that is false.
#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;

enum Truth : int { kFalse = 0, kUnknown = 1, kTrue = 2 };

struct Rule {
  std::string op;
  std::string fact;
  json::value value;
  std::vector<json::value> values;
  std::vector<Rule> of;
};

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

Rule read(const json::object& node) {
  Rule rule{text_of(node.at("op")), {}, {}, {}, {}};
  if (node.contains("fact")) rule.fact = text_of(node.at("fact"));
  if (node.contains("value")) rule.value = node.at("value");
  if (node.contains("values"))
    rule.values.assign(node.at("values").as_array().begin(), node.at("values").as_array().end());
  if (node.contains("of")) {
    for (const json::value& part : node.at("of").as_array()) rule.of.push_back(read(part.as_object()));
  }
  return rule;
}

bool holds(const Rule& rule, const json::value& answer) {
  if (rule.op == "is") return answer.as_bool();
  if (rule.op == "<") return answer.to_number<double>() < rule.value.to_number<double>();
  if (rule.op == ">=") return answer.to_number<double>() >= rule.value.to_number<double>();
  if (rule.op == "=") return answer == rule.value;
  if (rule.op == "in") return std::find(rule.values.begin(), rule.values.end(), answer) != rule.values.end();
  throw std::runtime_error("an operator that the reference does not know: " + rule.op);
}

// What an absent answer makes of a literal is the caller's: unknown is right.
int truth(const Rule& rule, const json::object& facts, Truth absent) {
  if (rule.op == "not") return kTrue - truth(rule.of.front(), facts, absent);
  if (rule.op == "and" || rule.op == "or") {
    const bool all = rule.op == "and";
    int result = all ? kTrue : kFalse;
    for (const Rule& part : rule.of) {
      const int value = truth(part, facts, absent);
      result = all ? std::min(result, value) : std::max(result, value);
    }
    return result;
  }
  const json::value* answer = facts.if_contains(rule.fact);
  if (answer == nullptr) return absent;
  return holds(rule, *answer) ? kTrue : kFalse;
}

struct Counts {
  std::vector<std::uint64_t> met, undetermined, met_if_absent_is_false;
};

Counts count(const std::vector<Rule>& rules, std::istream& cohort, std::size_t profiles_max, std::size_t& profiles) {
  const std::vector<std::uint64_t> zeros(rules.size());
  Counts counts{zeros, zeros, zeros};
  for (std::string line; profiles < profiles_max && std::getline(cohort, line); ++profiles) {
    const json::value profile = json::parse(line);
    const json::object& facts = profile.at("facts").as_object();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const int value = truth(rules[i], facts, kUnknown);
      counts.met[i] += value == kTrue ? 1U : 0U;
      counts.undetermined[i] += value == kUnknown ? 1U : 0U;
      counts.met_if_absent_is_false[i] += truth(rules[i], facts, kFalse) == kTrue ? 1U : 0U;
    }
  }
  return counts;
}

std::ifstream open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return in;
}

void run(const std::string& folder, std::size_t profiles_max) {
  std::ifstream workload = open(folder + "/workload.json");
  const json::value all = json::parse(std::string(std::istreambuf_iterator<char>(workload), {}));
  std::vector<Rule> rules;
  for (const json::value& rule : all.at("rules").as_array()) rules.push_back(read(rule.at("when").as_object()));
  std::ifstream cohort = open(folder + "/cohort.ndjson");
  std::size_t profiles = 0;
  const Counts counts = count(rules, cohort, profiles_max, profiles);
  std::cout << json::value{{"profiles", profiles},
                           {"met", json::value_from(counts.met)},
                           {"undetermined", json::value_from(counts.undetermined)},
                           {"met_if_absent_is_false", json::value_from(counts.met_if_absent_is_false)}}
            << '\n';
}

}  // namespace

int main(int count, char** words) {
  if (count < 2 || count > 3) {
    std::cerr << "usage: bench_reference FOLDER [PROFILES]\n";
    return 2;
  }
  try {
    run(words[1], count == 3 ? std::strtoull(words[2], nullptr, 10) : static_cast<std::size_t>(-1));
  } catch (const std::exception& error) {
    std::cerr << "bench_reference: " << error.what() << '\n';
    return 1;
  }
}
