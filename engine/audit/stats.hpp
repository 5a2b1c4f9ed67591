// What a log adds up to: how evaluations came out, and which rules people accept or override.
#pragma once

#include "audit/reader.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace caveat {

struct RuleFeedback {
  std::uint64_t accepted = 0, overridden = 0;
  std::map<std::string, std::uint64_t> reasons;  ///< of overriding, by code
};

struct AuditStats {
  std::uint64_t records = 0, evaluations = 0, incomplete = 0, refused = 0, feedback = 0;
  std::array<std::uint64_t, 4> dispositions{};  ///< by Disposition
  std::map<std::string, std::uint64_t> packs, failed_plugins;
  std::map<std::string, RuleFeedback> rules;  ///< by id; those that somebody gave feedback on
};

Result<AuditStats> stats_of(AuditReader& log);

}  // namespace caveat
