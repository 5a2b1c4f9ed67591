// Runs every script in this folder. A line is `expression  // = literal`, `// unknown: facts` or `// error: part of the
// message`; a line without an expectation is a mistake of the script. README.md says more.
#include "../unit/conditions/conditions_support.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace caveat::test;
namespace caveat {
namespace {

const Facts& patient() {
  static const Facts made = facts({{"a", true},
                                   {"b", false},
                                   {"age", std::int64_t{34}},
                                   {"score", *Decimal::parse("2.5")},
                                   {"weight", Quantity{Decimal(70), "kg"}},
                                   {"skin_type", Choice{3}},
                                   {"concerns", ChoiceSet{5}},
                                   {"last_dose", Date{2026, 8, 1, Precision::kDay}}});
  return made;
}

std::vector<std::filesystem::path> scripts() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(CAVEAT_SOURCE_DIR) / "tests/language")) {
    if (entry.path().extension() == ".script") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

void check_line(const std::string& line) {
  const auto at = line.rfind("  // ");
  REQUIRE(at != std::string::npos);
  const std::string expression = trimmed(line.substr(0, at));
  const std::string expected = trimmed(line.substr(at + 5));
  const std::string given = shown(expression, patient());
  if (expected.starts_with("= ")) {
    CHECK(given == expected.substr(2));
  } else if (expected.starts_with("error: ")) {
    CHECK(given.starts_with("error: "));
    CHECK(given.find(expected.substr(7)) != std::string::npos);
  } else {
    CHECK(given == expected);
  }
}

}  // namespace

TEST_CASE("language: scripts") {
  const auto all = scripts();
  REQUIRE(all.size() >= 6);
  for (const auto& path : all) {
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      if (line.empty() || line.starts_with("#")) continue;
      INFO(path.filename().string() << ":" << number << ": " << line);
      check_line(line);
    }
    CHECK(number > 5);
  }
}

}  // namespace caveat
