// Replay: a recorded evaluation again, with the packs and lexicons that were in force, to the same bytes.
#pragma once

#include <caveat/caveat.hpp>

#include "audit/reader.hpp"
#include "audit/sealing.hpp"

#include <functional>
#include <string>
#include <vector>

namespace caveat {

struct Replay {
  std::string result;  ///< `caveat.evaluation/1`, as it comes out now
  bool same = false;   ///< whether these are the bytes that were recorded
  /// What is not as it was: engine, plugins, profile. May be empty although `same` is false, and the reverse.
  std::vector<Diagnostic> differences;
};

/// Reads the profile against the vocabulary of the packs that were in force.
using ProfileSource = std::function<Result<ProfileData>(const Vocabulary&)>;

/// The profile that is kept with a record, opened with its key. kInput when none is kept.
Result<ProfileSource> kept_profile(AuditReader& log, const AuditLine& line, const SealingKey& key);

/// `now` says which plugins there are, how far they are trusted and how they are isolated; packs, lexicons and disabled
/// rules are those of then. kInput when `line` is no evaluation, or one that nothing was evaluated of. kLoad when the
/// packs of then do not load with the plugins of now.
Result<Replay> replay(AuditReader& log, const AuditLine& line, const EngineOptions& now, const ProfileSource& profile);

}  // namespace caveat
