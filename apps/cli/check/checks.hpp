// The validator's checks of a plugin. Each runs in a process of its own, which a plugin may crash, hang or end: that is
// then the check's failure. docs/formats/plugin-check.md says what each means to a plugin's author.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace caveat::cli {

class Subject;

enum class Verdict { kPassed, kFailed, kNotApplicable };

struct Finding {
  Verdict verdict = Verdict::kPassed;
  std::string reason;  ///< why it failed, or why there is nothing to check
};

inline Finding passed() { return {}; }
inline Finding failed(std::string reason) { return {Verdict::kFailed, std::move(reason)}; }
inline Finding not_applicable(std::string reason) { return {Verdict::kNotApplicable, std::move(reason)}; }

struct Check {
  std::string_view id;     ///< `logic.batch`: group and name
  std::string_view needs;  ///< the checks without which this one says nothing, with spaces between; empty: none
  std::string_view holds;  ///< what is true of a plugin that passes
  std::string_view help;   ///< what to do about one that does not
  Finding (*run)(Subject& subject);
};

/// In the order in which they run: what others need comes first.
std::span<const Check> plugin_checks();

// By group; each its own file.
std::span<const Check> load_checks();
std::span<const Check> logic_checks();
std::span<const Check> output_checks();
std::span<const Check> robustness_checks();

}  // namespace caveat::cli
