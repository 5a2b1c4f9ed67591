#include "conformance/cql_suite.hpp"

#include "conditions/program.hpp"
#include "conditions/value_functions.hpp"

#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace caveat::conformance {
namespace {

Case read_case(simdjson::dom::element line) {
  Case test;
  test.file = std::string(std::string_view(line["file"]));
  test.name = std::string(std::string_view(line["name"]));
  test.expression = std::string(std::string_view(line["expression"]));
  test.invalid = !line["invalid"].is_null();
  for (const auto output : simdjson::dom::array(line["output"])) test.outputs.emplace_back(std::string_view(output));
  return test;
}

Result<Value> run(const std::string& expression) {
  static const Vocabulary vocabulary;
  static const Facts facts;
  static const DateTime at = *parse_rfc3339("2026-11-22T10:00:00.000Z");
  return evaluate_expression(ExpressionSource{expression, {}}, vocabulary, EvaluationContext{facts, at});
}

std::string describe(const Result<Value>& result) {
  return result ? to_literal(*result) : "error: " + result.error().diagnostics.front().message;
}

// The same type and value: literals vary in writing (`{ }`, `5.00`), so the expected one is evaluated too.
bool agrees(const Value& value, const std::string& expected) {
  const auto wanted = run(expected);
  if (!wanted) return false;
  if (to_literal(value) == to_literal(*wanted)) return true;
  return !value.is_null() && !wanted->is_null() && equal(value, *wanted) == true;
}

}  // namespace

std::filesystem::path suite_path() {
  if (const char* other = std::getenv("CAVEAT_CQL_SUITE")) return other;
  return std::filesystem::path(CAVEAT_SOURCE_DIR) / ".." / "shared" / "conformance" / "cql-open.ndjson";
}

std::optional<std::vector<Case>> read_suite(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::vector<Case> cases;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(read_case(parser.parse(line)));
  }
  return cases;
}

std::string failure(const Case& test) {
  const auto result = run(test.expression);
  if (test.invalid) return result ? "expected an error, got " + to_literal(*result) : "";
  if (result) {
    for (const auto& output : test.outputs) {
      if (agrees(*result, output)) return "";
    }
  }
  return "expected " + (test.outputs.empty() ? "?" : test.outputs.front()) + ", got " + describe(result);
}

}  // namespace caveat::conformance
