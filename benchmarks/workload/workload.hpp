// The common workload: 19 facts, rules of three kinds, and a cohort in which each answer is missing with probability
// 0.2. Everything follows from a seed. The facts' and rules' names are borrowed from the microneedling pack; the
// conditions combine them for measuring alone and have no clinical meaning.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::bench {

enum class FactType : std::uint8_t { kBoolean, kInteger, kDecimal, kChoice };

/// Values are kept as an int: a Boolean as 0 or 1, a choice as its index, a decimal in halves (13 is 6.5).
struct Fact {
  std::string_view name;
  FactType type = FactType::kBoolean;
  double often = 0;                        ///< Booleans: how often true
  int low = 0, high = 0;                   ///< numbers: what the cohort holds
  int least = 0, most = 0;                 ///< numbers: what the vocabulary allows
  std::vector<std::string_view> values{};  ///< choices
};

constexpr std::size_t kFacts = 19;
constexpr double kMissing = 0.2;
const std::array<Fact, kFacts>& facts();

struct Condition {
  enum class Op : std::uint8_t { kIs, kLess, kAtLeast, kEquals, kIn, kNot, kAnd, kOr };
  Op op = Op::kIs;
  std::size_t fact = 0;            ///< index into facts(), but for kNot, kAnd, kOr
  int bound = 0;                   ///< kLess, kAtLeast
  std::vector<int> choices{};      ///< kEquals: one; kIn: several
  std::vector<Condition> parts{};  ///< kNot: one; kAnd, kOr: several
};

struct Rule {
  std::string id;
  std::string_view kind;  ///< `contraindication`, `approach`, `timeline_factor`
  Condition when;
};

/// The 18 rules of the workload.
std::vector<Rule> common_rules();
/// `count` conjunctions and disjunctions of two to five literals, a third of each kind.
std::vector<Rule> seeded_rules(std::size_t count, std::uint64_t seed);

using Answers = std::array<std::optional<int>, kFacts>;

/// A cohort, profile by profile. The first n profiles of a seed are the same however many follow.
class Cohort {
 public:
  explicit Cohort(std::uint64_t seed);
  Answers next();

 private:
  std::uint64_t state_;
};

/// A value as JSON writes it.
std::string json_of(const Fact& fact, int value);
/// One line of the cohort, with its newline.
std::string line_of(std::size_t number, const Answers& answers);

/// The condition as CQL, for a Caveat pack.
std::string cql_of(const Condition& condition);
/// Rules and facts as one JSON document: what the reference and every peer read, and turn into their own form.
std::string neutral_json(const std::vector<Rule>& rules);

/// A file of the pack: its name and text.
struct PackFile {
  std::string name;
  std::string text;
};
/// The same rules as a Caveat pack, which has them in the same order.
std::vector<PackFile> pack_files(const std::vector<Rule>& rules);

}  // namespace caveat::bench
