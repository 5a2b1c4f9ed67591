#include "audit/stats.hpp"

namespace caveat {

namespace {

struct Counter {
  AuditStats& stats;

  void operator()(const LogEntry&) const {}
  void operator()(const NoteEntry&) const {}
  void operator()(const EvaluationEntry& entry) const {
    ++stats.evaluations;
    ++stats.dispositions[static_cast<std::size_t>(entry.disposition)];
    if (!entry.complete) ++stats.incomplete;
    if (entry.refused) ++stats.refused;
    if (!entry.pack.empty()) ++stats.packs[entry.pack];
    for (const std::string& plugin : entry.failed_plugins) ++stats.failed_plugins[plugin];
  }
  void operator()(const FeedbackEntry& entry) const {
    ++stats.feedback;
    RuleFeedback& rule = stats.rules[entry.rule];
    ++(entry.outcome == FeedbackOutcome::kAccepted ? rule.accepted : rule.overridden);
    if (!entry.reason.empty()) ++rule.reasons[entry.reason];
  }
};

}  // namespace

Result<AuditStats> stats_of(AuditReader& log) {
  AuditStats stats;
  const auto read = log.each(1, [&](const AuditLine& line) {
    ++stats.records;
    std::visit(Counter{stats}, line.record.entry);
    return true;
  });
  if (!read) return Failure(read.error());
  return stats;
}

}  // namespace caveat
