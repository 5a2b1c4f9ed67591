// Audit logs: recording what was evaluated.
#include "c_api/handles.hpp"

using caveat::c_api::guarded;
using caveat::c_api::hand_out;
using caveat::c_api::refuse;
using caveat::c_api::string_of;
using caveat::c_api::tell;

namespace {

caveat_status refuse_unnamed(const caveat_reporter* reporter) {
  return refuse(reporter, "bad-option", "no audit log is named", "set the option `audit.file`");
}

}  // namespace

caveat_status caveat_audit_open(const caveat_options* options, const caveat_reporter* reporter, caveat_audit** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    if (options->audit.file.empty()) return refuse_unnamed(reporter);
    auto log = caveat::AuditLog::open(options->audit);
    if (!log) return tell(reporter, log.error());
    *out = new caveat_audit(*std::move(log));
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_record(const caveat_audit* audit, const caveat_evaluation* evaluation,
                                  const caveat_reporter* reporter, uint64_t* sequence) {
  if (audit == nullptr || evaluation == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto receipt = audit->log.record(evaluation->evaluation);
    if (!receipt) return tell(reporter, receipt.error());
    if (sequence != nullptr) *sequence = receipt->sequence;
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_feedback(const caveat_audit* audit, const char* evaluation, const char* rule,
                                    uint32_t outcome, const char* reason, const caveat_reporter* reporter,
                                    uint64_t* sequence) {
  if (audit == nullptr || evaluation == nullptr || rule == nullptr) return CAVEAT_MISUSE;
  if (outcome != CAVEAT_FEEDBACK_ACCEPTED && outcome != CAVEAT_FEEDBACK_OVERRIDDEN) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto which =
        outcome == CAVEAT_FEEDBACK_ACCEPTED ? caveat::FeedbackOutcome::kAccepted : caveat::FeedbackOutcome::kOverridden;
    const auto number = audit->log.record(caveat::Feedback{evaluation, rule, which, string_of(reason)});
    if (!number) return tell(reporter, number.error());
    if (sequence != nullptr) *sequence = *number;
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_verify(const caveat_options* options, const caveat_reporter* reporter,
                                  caveat_verification* out) {
  if (options == nullptr || out == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    if (options->audit.file.empty()) return refuse_unnamed(reporter);
    const auto found = caveat::verify_audit({options->audit.file, options->audit.key, options->audit.anchor});
    if (!found) return tell(reporter, found.error());
    tell(reporter, found->findings);
    caveat_verification full{};
    full.size = sizeof full;
    full.records = found->records;
    full.evaluations = found->evaluations;
    full.feedback = found->feedback;
    full.clock_steps_back = found->clock_steps_back;
    full.holds = found->holds() ? 1 : 0;
    full.keyed = found->keyed ? 1 : 0;
    full.anchored = found->anchored ? 1 : 0;
    full.findings = static_cast<std::uint32_t>(found->findings.size());
    found->head.copy(full.head, sizeof full.head - 1);
    return hand_out(full, out);
  });
}

void caveat_audit_close(caveat_audit* audit) { delete audit; }
