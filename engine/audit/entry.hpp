// An evaluation as the log keeps it: what may stand in clear, and keyed digests of the rest.
#pragma once

#include "audit/keys.hpp"
#include "audit/record.hpp"
#include "evaluation/evaluation_data.hpp"

#include <string>
#include <string_view>

namespace caveat {

/// `result` is the evaluation's JSON with default options; `context` the digest of what its engine had loaded.
EvaluationEntry entry_of(const EvaluationData& data, std::string_view result, const std::string& context,
                         const AuditKey& key);

}  // namespace caveat
