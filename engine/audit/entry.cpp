#include "audit/entry.hpp"

namespace caveat {

namespace {

OutcomeCounts count(const std::vector<SubjectOutcome>& outcomes) {
  OutcomeCounts counts;
  for (const SubjectOutcome& outcome : outcomes) {
    switch (outcome.status) {
      case RuleStatus::kMet: ++counts.met; break;
      case RuleStatus::kNotMet: ++counts.not_met; break;
      case RuleStatus::kUndetermined: ++counts.undetermined; break;
      case RuleStatus::kFailed: ++counts.failed; break;
    }
  }
  return counts;
}

}  // namespace

EvaluationEntry entry_of(const EvaluationData& data, std::string_view result, const std::string& context,
                         const AuditKey& key) {
  EvaluationEntry entry;
  // What the caller wrote stands in clear only where it is what it should be: a wrong time may be anything.
  if (parse_rfc3339(data.at_text)) entry.at = data.at_text;
  if (data.snapshot->guard.knows(data.language)) entry.language = data.language;
  if (data.loaded != nullptr) entry.pack = data.pack().id;
  entry.disposition = data.disposition;
  entry.complete = data.complete;
  entry.refused = data.error.has_value();
  entry.outcomes = count(data.outcomes);
  for (const PluginStatus& status : data.plugins) {
    if (!status.failure.empty())
      entry.failed_plugins.push_back(data.snapshot->host.plugins()[status.plugin].manifest.id);
  }
  entry.context = context;
  entry.evaluation = key.digest(audit_purpose::kEvaluation, data.id());
  entry.profile = key.digest(audit_purpose::kProfile, data.profile->digest);
  if (!data.profile->id.empty()) entry.profile_id = key.digest(audit_purpose::kProfileId, data.profile->id);
  entry.result = key.digest(audit_purpose::kResult, result);
  return entry;
}

}  // namespace caveat
