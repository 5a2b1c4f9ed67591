// A pack's own tests: `cases/*.toml`, each case a profile and what must come of it. docs/formats/rule-pack.md,
// section 7.
#pragma once

#include "evaluation/evaluation_data.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caveat {

/// An id as a case lists it: of a rule of the pack (`open-wound`), or of a check in code (`org.example/dose-interval`).
struct ExpectedRule {
  std::string id;
  Place place;
};

/// What a case says of one status: all rules with a `when` that have it, and no other. A rule without one is always met
/// and may be left out; so may a check in code.
struct ExpectedStatus {
  Place place;
  std::vector<ExpectedRule> rules;
};

struct PackCase {
  std::string name;
  Place place;
  std::string at;
  std::string language;
  std::shared_ptr<const ProfileData> profile;
  std::optional<Disposition> disposition;
  std::optional<bool> complete;
  Place disposition_place, complete_place;
  std::array<std::optional<ExpectedStatus>, 4> statuses;  ///< by RuleStatus; absent: not looked at
};

struct PackCases {
  std::vector<PackCase> cases;          ///< by file name, then place; those that could be read
  std::vector<Diagnostic> diagnostics;  ///< everything that is wrong with the files and the others
};

/// Reads the cases of a loaded pack. A pack without cases gives none, and no diagnostic.
PackCases read_cases(const Snapshot& snapshot, const LoadedPack& loaded);

/// The syntax errors of a pack's case files: all that can be said of them when the pack does not load.
std::vector<Diagnostic> check_case_syntax(const std::filesystem::path& pack_folder);

/// One thing that came out otherwise. Texts are lower case and hold no value of a fact.
struct CaseFailure {
  Place place;
  std::string subject;  ///< `disposition`, `complete`, or a rule's id
  std::string expected;
  std::string got;
};

/// Evaluates a case. Empty: everything came out as it says.
std::vector<CaseFailure> run_case(const std::shared_ptr<const Snapshot>& snapshot, const LoadedPack& loaded,
                                  const PackCase& pack_case);

}  // namespace caveat
