// The naive reference: what evaluation.md says, written down once more, as plainly as possible, and sharing no code
// with the engine. Slow on purpose: it tries things out where the engine computes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace naive {

/// A profile: known facts alone, every value a number (false 0, true 1, a choice its index, a set its bits).
using Answers = std::map<std::string, int>;

enum class Truth { kUnknown, kFalse, kTrue };

/// A condition: a Boolean tree over leaves. A leaf reads facts and says what it yields when all of them are known.
struct Condition {
  enum class Op { kLeaf, kAnd, kOr, kXor, kImplies, kNot } op = Op::kLeaf;
  std::vector<Condition> children;
  std::string text;                // of a leaf, in the condition language
  std::vector<std::string> reads;  // of a leaf
  bool (*yields)(const std::vector<int>& values, const std::vector<int>& constants) = nullptr;
  bool (*raises)(const std::vector<int>& values, const std::vector<int>& constants) = nullptr;
  std::vector<int> constants;
};

inline std::string print(const Condition& c) {
  const auto sub = [&](std::size_t i) { return "(" + print(c.children[i]) + ")"; };
  switch (c.op) {
    case Condition::Op::kLeaf: return c.text;
    case Condition::Op::kAnd: return sub(0) + " and " + sub(1);
    case Condition::Op::kOr: return sub(0) + " or " + sub(1);
    case Condition::Op::kXor: return sub(0) + " xor " + sub(1);
    case Condition::Op::kImplies: return sub(0) + " implies " + sub(1);
    case Condition::Op::kNot: return "not " + sub(0);
  }
  return {};
}

inline std::optional<std::vector<int>> values_of(const Condition& leaf, const Answers& answers) {
  std::vector<int> out;
  for (const std::string& fact : leaf.reads) {
    const auto found = answers.find(fact);
    if (found == answers.end()) return std::nullopt;
    out.push_back(found->second);
  }
  return out;
}

// Kleene's tables, spelt out.
inline Truth truth(const Condition& c, const Answers& answers) {
  const auto U = Truth::kUnknown, F = Truth::kFalse, T = Truth::kTrue;
  if (c.op == Condition::Op::kLeaf) {
    const auto values = values_of(c, answers);
    if (!values || (c.raises != nullptr && c.raises(*values, c.constants))) return U;
    return c.yields(*values, c.constants) ? T : F;
  }
  const Truth a = truth(c.children[0], answers);
  if (c.op == Condition::Op::kNot) return a == U ? U : a == T ? F : T;
  const Truth b = truth(c.children[1], answers);
  switch (c.op) {
    case Condition::Op::kAnd: return a == F || b == F ? F : a == T && b == T ? T : U;
    case Condition::Op::kOr: return a == T || b == T ? T : a == F && b == F ? F : U;
    case Condition::Op::kImplies: return a == F || b == T ? T : a == T && b == F ? F : U;
    case Condition::Op::kXor: return a == U || b == U ? U : a == b ? F : T;
    default: return U;
  }
}

inline bool raised(const Condition& c, const Answers& answers) {
  if (c.op == Condition::Op::kLeaf) {
    const auto values = values_of(c, answers);
    return values && c.raises != nullptr && c.raises(*values, c.constants);
  }
  for (const Condition& child : c.children) {
    if (raised(child, answers)) return true;
  }
  return false;
}

inline std::string outcome(const Condition& c, const Answers& answers) {
  if (raised(c, answers)) return "failed";
  switch (truth(c, answers)) {
    case Truth::kTrue: return "met";
    case Truth::kFalse: return "not-met";
    case Truth::kUnknown: break;
  }
  return "undetermined";
}

inline std::string disposition(const std::vector<std::string>& outcomes_of_bars) {
  const std::multiset<std::string> all(outcomes_of_bars.begin(), outcomes_of_bars.end());
  if (all.count("met") > 0) return "refer";
  if (all.count("failed") > 0 || all.empty()) return "incomplete";
  if (all.count("undetermined") > 0) return "insufficient-information";
  return "no-contraindication-found";
}

}  // namespace naive
