// Five files of HL7's suite pass whole, but for exclusions that the specification's own text asks for; the others may
// not fall below what they have reached. An exclusion that passes after all fails the test.
#include "conformance/cql_suite.hpp"

#include "support/catch.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

using caveat::conformance::Case;
using caveat::conformance::failure;
using caveat::conformance::read_suite;
using caveat::conformance::suite_path;

namespace {

struct Exclusion {
  std::string_view file;
  std::string_view name;
  std::string_view reason;
};

constexpr Exclusion kExclusions[] = {
    {"CqlAggregateTest", "RolledOutIntervals",
     "the accumulator is declared List<Interval<DateTime>>, so its members are date-times, not dates"},
    {"CqlArithmeticFunctionsTest", "FloorIntegerGreaterThanMaxInteger",
     "2147483648 is no Integer literal (2, Integer), and an operand that cannot be written has no Floor"},
    {"CqlIntervalOperatorsTest", "DateTimeIncludedInNull",
     "seconds and milliseconds are one precision (2.3): 00:00:00 is 00:00:00.000, so the answer is certain"},
    {"CqlIntervalOperatorsTest", "DateTimeIncludedInPrecisionNull", "as DateTimeIncludedInNull"},
    {"CqlIntervalOperatorsTest", "TimeProperContainsNull", "as DateTimeIncludedInNull"},
    {"CqlIntervalOperatorsTest", "TimeProperContainsPrecisionNull", "as DateTimeIncludedInNull"},
    {"CqlIntervalOperatorsTest", "TimeProperInNull", "as DateTimeIncludedInNull"},
    {"CqlIntervalOperatorsTest", "TimeProperInPrecisionNull", "as DateTimeIncludedInNull"},
    {"CqlIntervalOperatorsTest", "IntegerIntervalProperlyIncludedInNullBoundaries",
     "Interval[null, null] has no point type; five other tests have it null, as Caveat does everywhere"},
    {"CqlListOperatorsTest", "ProperInTimeNull", "as DateTimeIncludedInNull"},
    {"CqlListOperatorsTest", "DescendentsEmptyList",
     "the language has no fluent functions: Descendents needs class models"},
};

const std::map<std::string, int>& floors() {
  static const std::map<std::string, int> reached = {
      {"CqlAggregateFunctionsTest", 21},
      {"CqlAggregateTest", 1},
      {"CqlArithmeticFunctionsTest", 116},
      {"CqlComparisonOperatorsTest", 119},
      {"CqlConditionalOperatorsTest", 3},
      {"CqlDateTimeOperatorsTest", 151},
      {"CqlErrorsAndMessagingOperatorsTest", 2},
      {"CqlIntervalOperatorsTest", 207},
      {"CqlListOperatorsTest", 121},
      {"CqlLogicalOperatorsTest", 19},
      {"CqlNullologicalOperatorsTest", 10},
      {"CqlQueryTests", 3},
      {"CqlStringOperatorsTest", 38},
      {"CqlTypeOperatorsTest", 9},
      {"CqlTypesTest", 13},
      {"ValueLiteralsAndSelectors", 36},
  };
  return reached;
}

const std::set<std::string>& whole_files() {
  static const std::set<std::string> files = {"CqlLogicalOperatorsTest", "CqlNullologicalOperatorsTest",
                                              "CqlConditionalOperatorsTest", "CqlComparisonOperatorsTest",
                                              "ValueLiteralsAndSelectors"};
  return files;
}

const Exclusion* exclusion(const Case& test) {
  for (const auto& excluded : kExclusions) {
    if (excluded.file == test.file && excluded.name == test.name) return &excluded;
  }
  return nullptr;
}

struct Count {
  int passed = 0;
  int all = 0;
};

void print(const std::map<std::string, Count>& counts) {
  for (const auto& [file, count] : counts) std::cout << file << ": " << count.passed << " of " << count.all << "\n";
}

}  // namespace

TEST_CASE("conformance.cql: HL7's suite") {
  const auto cases = read_suite(suite_path());
  if (!cases) {
    std::cout << "skipped: " << suite_path() << " is not there, so HL7's suite was not run\n";
    return;
  }
  REQUIRE(!cases->empty());
  std::map<std::string, Count> counts;
  for (const auto& test : *cases) {
    const std::string problem = failure(test);
    auto& count = counts[test.file];
    ++count.all;
    count.passed += problem.empty() ? 1 : 0;
    INFO(test.file << " " << test.name << ": " << test.expression << "\n" << problem);
    if (const Exclusion* excluded = exclusion(test)) {
      INFO("the exclusion is stale: " << excluded->reason);
      CHECK(!problem.empty());
    } else if (whole_files().count(test.file) > 0) {
      CHECK(problem.empty());
    }
  }
  print(counts);
  if (std::getenv("CAVEAT_CQL_SUITE")) return;  // the floors are those of the open half
  for (const auto& [file, floor] : floors()) {
    INFO(file);
    CHECK(counts[file].passed >= floor);
  }
}
