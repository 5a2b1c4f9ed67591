// HL7's own tests of CQL, read from the file that lies beside the project.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace caveat::conformance {

struct Case {
  std::string file;
  std::string name;
  std::string expression;
  bool invalid = false;
  std::vector<std::string> outputs;  ///< accepted literals
};

/// `../shared/conformance/cql-open.ndjson` relative to the source folder; CAVEAT_CQL_SUITE names another file.
std::filesystem::path suite_path();
/// Nothing when the file is not there. Fails the test on a malformed line.
std::optional<std::vector<Case>> read_suite(const std::filesystem::path& path);

/// Empty when the case passes, else what happened.
std::string failure(const Case& test);

}  // namespace caveat::conformance
