// Facts: a profile at a time. Each declared fact is a value with provenance, or unknown with a reason.
#pragma once

#include "profile/profile.hpp"

#include <span>
#include <vector>

namespace caveat {

/// A fact at the evaluation's time.
struct FactState {
  bool known = false;
  UnknownReason reason = UnknownReason::kNotAsked;  ///< when not known
  FactValue value;                                  ///< when known; when stale, the last known one
  std::optional<Date> recorded;                     ///< of the value, the last known one, or the unknown answer
  std::string_view source;                          ///< likewise; borrowed from the profile
  const FactAnswers* answers = nullptr;             ///< all of them, when conflicting; borrowed from the profile
  [[nodiscard]] bool stale() const { return !known && reason == UnknownReason::kStale; }
  [[nodiscard]] bool conflicting() const { return !known && reason == UnknownReason::kConflicting; }
};

/// One state a fact, by FactId. Borrows from the profile.
class Facts {
 public:
  Facts() = default;
  explicit Facts(std::size_t count) : states_(count) {}
  [[nodiscard]] const FactState& operator[](FactId id) const { return states_[id]; }
  [[nodiscard]] FactState& operator[](FactId id) { return states_[id]; }
  [[nodiscard]] std::size_t size() const { return states_.size(); }
  [[nodiscard]] std::span<const FactState> all() const { return states_; }

 private:
  std::vector<FactState> states_;
};

/// Applies freshness and settles disagreeing sources. `valid_for` holds each fact's validity for the subject pack, by
/// FactId. Undated answers are noted (`undated`) in `diagnostics`, one note naming all of them.
/// Fails (kInput) when an answer is dated after `at`, all of them listed.
Result<Facts> resolve_facts(const ProfileData& profile, const Vocabulary& vocabulary,
                            std::span<const std::optional<Period>> valid_for, const DateTime& at,
                            Diagnostics& diagnostics);

}  // namespace caveat
