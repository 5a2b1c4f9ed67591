// What the plugins of versions.c have to do in any host of version 1, whatever minor each side was compiled for.
#pragma once

#include "bench.hpp"

namespace caveat::test {

/// The words of an advisory's paragraphs.
inline std::vector<std::string> details_of(const Draft& draft) {
  std::vector<std::string> out;
  for (const DraftText& detail : draft.details) out.emplace_back(detail.vetted->in("en"));
  return out;
}

/// Two rules and three profiles, of which one says nothing, through all three calls. `seen` is what the plugin makes of
/// its host.
inline void check_versions_plugin(const std::string& name, const std::string& seen,
                                  Placement placement = Placement::kInProcess) {
  INFO(name << ", " << to_string(placement));
  IsolationOptions patient;
  patient.deadline_ms = 60'000;
  Bench bench(load({test_plugin(name)}, placement, patient));
  Bench::give(bench.rule("warning_sign", "first"), "notes", {text("One."), text("Two.")});
  bench.rule("warning_sign", "second");
  for (int i = 0; i < 3; ++i) bench.profile();
  std::vector<const Facts*> profiles = bench.profiles();
  bench.set(const_cast<Facts&>(*profiles[0]), "pregnant", true);
  bench.set(const_cast<Facts&>(*profiles[1]), "pregnant", false);
  const Binding binding = bench.bind();

  const auto derived = binding.derive(profiles);
  REQUIRE(derived.size() == 3);
  for (const Derivation& one : derived) CHECK(one.failure.empty());
  CHECK(std::get<std::int64_t>(*derived[0].values[0]) == 1);
  CHECK(std::get<std::int64_t>(*derived[1].values[0]) == 0);
  CHECK_FALSE(derived[2].values[0].has_value());

  using S = RuleStatus;
  const std::array statuses = {S::kMet, S::kNotMet, S::kUndetermined, S::kFailed, S::kNotMet, S::kNotMet};
  const auto replies = binding.advise(profiles, {3, statuses}, "en");
  const std::array checked = {S::kMet, S::kNotMet, S::kUndetermined};
  const std::array<std::size_t, 3> spoken = {2, 0, 1};
  for (std::size_t row = 0; row < 3; ++row) {
    INFO(row << replies[row].failure);
    CHECK(replies[row].failure.empty());
    REQUIRE(replies[row].drafts.size() == spoken[row]);
    REQUIRE(replies[row].checks.size() == 1);
    CHECK(replies[row].checks[0].status == checked[row]);
  }
  CHECK(details_of(replies[0].drafts[0]) == std::vector<std::string>{seen, "One.", "Two."});
  CHECK(details_of(replies[0].drafts[1]) == std::vector<std::string>{seen});
}

inline constexpr const char* kOlderHost = "The host has what version 1.0 has.";
inline constexpr const char* kLaterHost = "The host has what a later minor added.";

}  // namespace caveat::test
