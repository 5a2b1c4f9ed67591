// Usage: bench_clips FOLDER PROFILES met|open
// Participant: CLIPS 6.30 (Debian's libclips) on the common workload, in memory, one thread.
//
// A profile is one fact of a template with a slot an answer; a missing answer is the symbol `unknown`. A condition
// becomes one pattern for each of its alternatives. Which rules are met is read off the agenda; nothing fires. Of what
// we tried this is the fastest: firing rules that call a function of ours takes two to three times as long, a fact an
// answer and tests on variables are slower, and slots are filled in place, without a look-up by name.
//
// CLIPS has no third value. With `met` there is a rule for what makes a condition true: patterns ask for answers that
// are there, so the met are right, and the undetermined are not told from the rest. With `open` a second rule, for what
// makes it false, tells them apart, for about twice the work.
#include "participants/participant.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <unordered_map>

extern "C" {
#include <clips/clips.h>
}

namespace caveat::bench {

namespace {

namespace json = boost::json;

/// One alternative of a condition: for each slot, the constraint that it has to meet.
using Pattern = std::map<std::string, std::string>;
using Patterns = std::vector<Pattern>;

std::string symbol(const json::value& value) { return std::string(value.as_string()); }

std::string number_constraint(std::string_view op, const json::value& bound) {
  static int variables = 0;  // each has a name of its own: a slot may have two constraints
  const std::string name = fmt::format("?v{}", ++variables);
  return fmt::format("{0}&~unknown&:({1} {0} {2})", name, op, json::serialize(bound));
}

std::string choice_constraint(const json::array& values, bool wanted) {
  std::string out;
  for (const json::value& value : values) {
    if (!out.empty()) out += wanted ? "|" : "&";
    out += (wanted ? "" : "~") + symbol(value);
  }
  return wanted ? out : out + "&~unknown";
}

std::string constraint(const json::object& literal, bool wanted) {
  const std::string op = symbol(literal.at("op"));
  if (op == "is") return wanted ? "TRUE" : "FALSE";
  if (op == "=") return choice_constraint({literal.at("value")}, wanted);
  if (op == "in") return choice_constraint(literal.at("values").as_array(), wanted);
  if (op == "<" || op == ">=") return number_constraint((op == "<") == wanted ? "<" : ">=", literal.at("value"));
  throw std::runtime_error("no such operator: " + op);
}

Patterns both(const Patterns& left, const Patterns& right) {
  Patterns out;
  for (const Pattern& a : left) {
    for (const Pattern& b : right) {
      Pattern& pattern = out.emplace_back(a);
      for (const auto& [slot, text] : b) {
        std::string& both_of_slot = pattern[slot];
        both_of_slot += (both_of_slot.empty() ? "" : "&") + text;
      }
    }
  }
  return out;
}

/// What has to match for the condition to be true, or, not `wanted`, for it to be false.
Patterns patterns(const json::object& node, bool wanted) {
  const std::string op = symbol(node.at("op"));
  if (op == "not") return patterns(node.at("of").as_array().front().as_object(), !wanted);
  if (op != "and" && op != "or") return {{{symbol(node.at("fact")), constraint(node, wanted)}}};
  const bool all = (op == "and") == wanted;
  Patterns out;
  if (all) out.emplace_back();
  for (const json::value& part : node.at("of").as_array()) {
    const Patterns more = patterns(part.as_object(), wanted);
    if (all)
      out = both(out, more);
    else
      out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

std::string rule_text(const std::string& name, const Patterns& alternatives) {
  std::string left;
  for (const Pattern& pattern : alternatives) {
    left += " (profile";
    for (const auto& [slot, text] : pattern) left += fmt::format(" ({} {})", slot, text);
    left += ")";
  }
  return fmt::format("(defrule {} {} =>)", name, alternatives.size() == 1 ? left : "(or" + left + ")");
}

/// Counts each rule's profiles once, although several of its alternatives may be on the agenda.
class Counter {
 public:
  explicit Counter(std::size_t rules) : counts_(rules), last_profile_(rules) {}
  void count(std::size_t rule, std::uint64_t profile) {
    if (last_profile_[rule] == profile) return;
    last_profile_[rule] = profile;
    ++counts_[rule];
  }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  std::vector<std::uint64_t> counts_, last_profile_;
};

/// A slot's value as CLIPS keeps it.
struct Slot {
  unsigned short type = SYMBOL;
  void* value = nullptr;
};

class Clips {
 public:
  Clips(const json::object& workload, bool open) : environment_(CreateEnvironment()), open_(open) {
    build_template(workload.at("facts").as_array());
    for (const json::value& rule : workload.at("rules").as_array()) build_rule(rule.at("when").as_object());
    template_ = EnvFindDeftemplate(environment_, "profile");
  }
  ~Clips() { DestroyEnvironment(environment_); }
  Clips(const Clips&) = delete;
  Clips& operator=(const Clips&) = delete;

  std::vector<Slot> slots(const json::object& facts) const {
    std::vector<Slot> out;
    for (const std::string& name : names_) out.push_back(slot(facts.if_contains(name)));
    return out;
  }

  void evaluate(const std::vector<Slot>& profile, std::uint64_t number, Counter& met, Counter& not_met) {
    fact* made = EnvCreateFact(environment_, template_);
    for (std::size_t i = 0; i < profile.size(); ++i) {
      made->theProposition.theFields[i].type = profile[i].type;
      made->theProposition.theFields[i].value = profile[i].value;
    }
    void* asserted = EnvAssert(environment_, made);
    for (void* next = nullptr; (next = EnvGetNextActivation(environment_, next)) != nullptr;) {
      const auto [rule, wanted] = rule_of_.at(static_cast<activation*>(next)->theRule);
      (wanted ? met : not_met).count(rule, number);
    }
    EnvRetract(environment_, asserted);
  }

  [[nodiscard]] std::size_t rules() const { return rules_; }

 private:
  void build(const std::string& text) {
    if (EnvBuild(environment_, text.c_str()) == 0) throw std::runtime_error("CLIPS refuses " + text);
  }

  void build_template(const json::array& facts) {
    std::string text = "(deftemplate profile";
    for (const json::value& fact : facts) {
      names_.push_back(symbol(fact.at("name")));
      text += fmt::format(" (slot {} (default unknown))", names_.back());
    }
    build(text + ")");
  }

  void build_rule(const json::object& when) {
    for (const bool wanted : {true, false}) {
      if (!wanted && !open_) continue;
      const std::string name = fmt::format("{}-{}", wanted ? "met" : "not", rules_);
      build(rule_text(name, patterns(when, wanted)));
      // Each alternative is a rule of its own to CLIPS.
      auto* made = static_cast<defrule*>(EnvFindDefrule(environment_, name.c_str()));
      for (; made != nullptr; made = made->disjunct) rule_of_[made] = {rules_, wanted};
    }
    ++rules_;
  }

  // INVARIANT: every value is held, so that CLIPS does not collect it between two profiles.
  Slot slot(const json::value* value) const {
    if (value == nullptr) return word("unknown");
    if (value->is_bool()) return word(value->as_bool() ? "TRUE" : "FALSE");
    if (value->is_string()) return word(value->as_string().c_str());
    if (value->is_int64()) {
      void* number = EnvAddLong(environment_, value->as_int64());
      IncrementIntegerCount(static_cast<INTEGER_HN*>(number));
      return {INTEGER, number};
    }
    void* number = EnvAddDouble(environment_, value->as_double());
    IncrementFloatCount(static_cast<FLOAT_HN*>(number));
    return {FLOAT, number};
  }

  Slot word(const char* text) const {
    void* added = EnvAddSymbol(environment_, text);
    IncrementSymbolCount(static_cast<SYMBOL_HN*>(added));
    return {SYMBOL, added};
  }

  void* environment_;
  bool open_;
  void* template_ = nullptr;
  std::vector<std::string> names_;
  std::unordered_map<const defrule*, std::pair<std::size_t, bool>> rule_of_;
  std::size_t rules_ = 0;
};

Found evaluate_all(Clips& clips, const std::vector<std::vector<Slot>>& profiles, bool open) {
  Counter met(clips.rules()), not_met(clips.rules());
  std::uint64_t number = 0;
  for (const std::vector<Slot>& profile : profiles) clips.evaluate(profile, ++number, met, not_met);
  Found found{.profiles = profiles.size(), .met = met.counts()};
  for (std::size_t i = 0; open && i < clips.rules(); ++i) {
    found.undetermined.push_back(profiles.size() - met.counts()[i] - not_met.counts()[i]);
  }
  return found;
}

int run(const std::string& folder, std::size_t profiles_wanted, bool open) {
  Clips clips(json::parse(whole_file(folder + "/workload.json")).as_object(), open);
  std::vector<std::vector<Slot>> profiles;
  for (const std::string& line : first_lines(folder + "/cohort.ndjson", profiles_wanted)) {
    profiles.push_back(clips.slots(json::parse(line).at("facts").as_object()));
  }
  return serve([&] { return evaluate_all(clips, profiles, open); });
}

}  // namespace

}  // namespace caveat::bench

int main(int count, char** words) {
  const std::string_view what = count == 4 ? words[3] : "";
  if (what != "met" && what != "open") {
    std::cerr << "usage: bench_clips FOLDER PROFILES met|open\n";
    return 2;
  }
  return caveat::bench::guarded("bench_clips", [&] {
    return caveat::bench::run(words[1], std::strtoull(words[2], nullptr, 10), what == "open");
  });
}
