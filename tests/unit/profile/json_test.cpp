// JSON as profiles read it: what is accepted agrees with another parser, and every refusal has a place.
#include "support/facts.hpp"

#include <boost/json.hpp>

using namespace caveat;
using caveat::support::every_type;
using caveat::support::problems;

namespace {

Result<ProfileData> json(const std::string& text) { return read_profile_json(text, "p.json", every_type()); }

// Leniently, so that only syntax and duplicate keys can be wrong inside an undeclared fact.
std::string syntax(const std::string& text) {
  ProfileOptions lenient;
  lenient.lenient = true;
  const auto profile = read_profile_json(text, "p.json", every_type(), lenient);
  return problems(profile);
}

const std::string kText =
    "{\"id\": \"p\\u00e9\\n\", \"facts\": {\"x\": [1, -2.5e+3, true, false, null, {\"y\": \"\\ud834\\udd1e\"}, []], "
    "\"z\": {}}}";

bool boost_accepts(const std::string& text) {
  boost::json::error_code error;
  boost::json::parse(text, error);
  return !error;
}

}  // namespace

TEST_CASE("profile.json: syntax errors have a place") {
  CHECK(syntax(kText).empty());
  CHECK(syntax("") == "json-syntax@1:1");
  CHECK(syntax("  \n ") == "json-syntax@2:2");
  CHECK(syntax("5") == "json-syntax@1:1");
  CHECK(syntax("{") == "json-syntax@1:2");
  CHECK(syntax("{\"facts\": {\"x\": 1}") == "json-syntax@1:19");
  CHECK(syntax("{\"facts\": {\"x\": 1}}}") == "json-syntax@1:20");
  CHECK(syntax("{\"facts\": {}} x") == "json-syntax@1:15");
  CHECK(syntax("{\"facts\": {}} {}") == "json-syntax@1:15");
  CHECK(syntax("{\"facts\": {\"x\": [1}}") == "json-syntax@1:19");
  CHECK(syntax("{\"facts\": {\"x\": \"abc}}") == "json-syntax@1:17");
  CHECK(syntax("{\"facts\": {\"x\": \"a\nc\"}}") == "json-syntax@1:19");
  CHECK(syntax("{\"facts\": {\"x\": truex}}") == "json-syntax@1:17");
  CHECK(syntax("{\"facts\": {\"x\": .5}}").starts_with("json-syntax@1:17"));
  CHECK(syntax("{\"facts\": {\"x\": 5.}}") == "json-syntax@1:17");
  CHECK(syntax("{\"facts\": {\"x\": NaN}}").starts_with("json-syntax@1:17"));
  CHECK(syntax("{\"facts\": {\"x\": \"\\ud834\"}}") == "json-syntax@1:17");
  CHECK(syntax("{\"facts\": {\"\\x\": 1}}") == "json-syntax@1:12");
  CHECK_FALSE(syntax("{\"facts\": {\"x\" 1}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {\"x\": 1,}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {,}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {x: 1}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {\"x\": [1 2]}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {\"x\": [1,,2]}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {\"x\": [1,]}}").empty());
  CHECK_FALSE(syntax("{\"facts\": {\"x\": 1} \"id\": \"p\"}").empty());
  CHECK(syntax("{\"facts\": {\"x\": \"\xFF\"}}") == "not-utf8@1:18");
  CHECK(syntax(std::string("{\"facts\": \0{}}", 14)) == "nul-byte@1:11");
}

TEST_CASE("profile.json: duplicate keys are refused wherever they stand") {
  CHECK(problems(json("{\"facts\": {\"age\": 34,\n  \"age\": 35}}")) == "duplicate-key@2:3");
  CHECK(problems(json("{\"facts\": {}, \"facts\": {}}")) == "duplicate-key@1:15");
  CHECK(problems(json("{\"facts\": {\"pregnant\": {\"value\": true, \"value\": false}}}")) == "duplicate-key@1:40");
  CHECK(problems(json("{\"facts\": {\"age\": 34, \"a\\u0067e\": 35}}")) == "duplicate-key@1:23");
  CHECK(problems(json("{\"facts\": {\"age\": 1, \"pregnant\": true, \"age\": 2, \"age\": 3}}")) ==
        "duplicate-key@1:40 duplicate-key@1:50");
  CHECK(json("{\"facts\": {\"age\": 34,\n  \"age\": 35}}").error().diagnostics[0].help ==
        "keep one of the two; the first is at 1:12");
}

TEST_CASE("profile.json: every prefix is refused") {
  for (std::size_t length = 0; length < kText.size(); ++length) {
    INFO(kText.substr(0, length));
    CHECK(syntax(kText.substr(0, length)).starts_with("json-syntax@1:"));
  }
}

TEST_CASE("profile.json: what is refused is what another parser refuses") {
  const std::string alphabet = "{}[],:\"\\0123456789.eE+-truefalsn \n\tx/";
  std::uint32_t state = 42;
  const auto next = [&](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 8U) % below;
  };
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = kText;
    for (std::size_t edits = 1 + next(2); edits > 0; --edits) {
      const std::size_t at = next(text.size());
      if (next(3) == 0) text.erase(at, 1);
      else if (next(2) == 0) text.insert(at, 1, alphabet[next(alphabet.size())]);
      else text[at] = alphabet[next(alphabet.size())];
    }
    const auto profile = syntax(text);
    const bool wrong_syntax = profile.find("json-syntax") != std::string::npos;
    INFO(text << "\n" << profile);
    REQUIRE(wrong_syntax == !boost_accepts(text));
    refused += wrong_syntax ? 1 : 0;
  }
  CHECK(refused > 1000);
  CHECK(refused < 19'000);
}
