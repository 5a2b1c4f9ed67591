// One profile through one pack, up to the advisories. INVARIANT: outcomes come from conditions alone; what plugins say
// afterwards is attached to an outcome or refused, and never changes one.
#include "evaluation/evaluator.hpp"

#include "advisory/messages.hpp"
#include "facts/record.hpp"

#include <algorithm>
#include <limits>

namespace caveat {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

FactState unknown_state(UnknownReason reason) {
  FactState state;
  state.reason = reason;
  return state;
}

std::string plugin_failed(const std::string& why) { return "plugin-failed: " + why; }

}  // namespace

Evaluator::Evaluator(EvaluationData& data)
    : data_(data), pack_(data.pack()), reasoner_(*pack_.program, data.vocabulary(), data.facts, data.at, data.atoms) {}

bool Evaluator::resolve() {
  Diagnostics diagnostics;
  data_.profile = at_time(data_.profile, data_.vocabulary(), data_.at, diagnostics);
  auto facts = resolve_facts(*data_.profile, data_.vocabulary(), pack_.valid_for, data_.at, diagnostics);
  data_.diagnostics = diagnostics.take();
  if (!facts) {
    data_.error = facts.error();
    return false;
  }
  data_.facts = std::move(*facts);
  return true;
}

void Evaluator::derive() {
  for (const PackPlugin& bound : data_.loaded->plugins) {
    PluginStatus& status = data_.plugins.emplace_back(PluginStatus{bound.plugin, {}});
    derive_with(bound, status);
  }
}

void Evaluator::derive_with(const PackPlugin& bound, PluginStatus& status) {
  const std::vector<FactDeclaration>& derives = data_.snapshot->host.plugins()[bound.plugin].manifest.derives;
  if (derives.empty()) return;
  const Facts* row = &data_.facts;
  const Derivation derivation = std::move(bound.binding.derive({&row, 1}).front());
  status.failure = derivation.failure;
  const bool failed = !derivation.failure.empty();
  for (std::size_t i = 0; i < derives.size(); ++i) {
    const FactId fact = *data_.vocabulary().find(derives[i].name);
    set_derived(fact, failed ? std::nullopt : derivation.values[i], failed);
  }
}

// A derived fact is as old as its oldest input, and unknown for the reason that its first unknown input is.
void Evaluator::set_derived(FactId fact, const std::optional<FactValue>& value, bool failed) {
  FactState state = unknown_state(failed ? UnknownReason::kCheckFailed : UnknownReason::kNotKnown);
  bool reason_found = failed;
  for (const std::string& name : data_.vocabulary()[fact].reads) {
    const auto input = data_.vocabulary().find(name);
    if (!input) continue;
    const FactState& read = data_.facts[*input];
    if (!read.known && (!reason_found || read.reason == UnknownReason::kCheckFailed)) {
      state.reason = read.reason;
      reason_found = true;
    }
    if (read.known && read.recorded &&
        (!state.recorded || compare(*read.recorded, *state.recorded) == std::strong_ordering::less)) {
      state.recorded = read.recorded;
    }
  }
  // A reason that speaks of answers of its own (stale, conflicting) belongs to the input.
  if (state.reason == UnknownReason::kStale || state.reason == UnknownReason::kConflicting)
    state.reason = UnknownReason::kNotKnown;
  if (value && !failed) {
    state.known = true;
    state.value = *value;
    state.source = data_.vocabulary()[fact].plugin;
  }
  data_.facts[fact] = std::move(state);
}

void Evaluator::decide() {
  const Program& program = *pack_.program;
  data_.atoms.assign(program.atoms().size(), AtomValue{});
  program.evaluate_all({data_.facts, data_.at}, data_.atoms);
  outcome_of_rule_.assign(pack_.rules.size(), kNone);
  data_.outcomes.reserve(pack_.rules.size());
  data_.advisories.reserve(pack_.rules.size());
  for (std::size_t i = 0; i < pack_.rules.size(); ++i) {
    if (data_.loaded->rule_disabled[i]) continue;
    const Rule& rule = pack_.rules[i];
    SubjectOutcome outcome{{&rule, nullptr}, RuleStatus::kMet, {}};
    if (rule.condition) {
      outcome.status = reasoner_.outcome(*rule.condition);
      if (outcome.status == RuleStatus::kFailed) outcome.reason = failure_reason(*rule.condition);
      if (outcome.status == RuleStatus::kUndetermined) outcome.reason = null_reason(*rule.condition);
    }
    outcome_of_rule_[i] = data_.outcomes.size();
    data_.outcomes.push_back(std::move(outcome));
  }
}

std::string Evaluator::failure_reason(ConditionId condition) const {
  const Program& program = *pack_.program;
  for (const AtomId atom : program.atoms_of(condition)) {
    if (data_.atoms[atom].kind == AtomValue::Kind::kError) {
      return "`" + program.atoms()[atom].text + "`: " + program.reason(atom, {data_.facts, data_.at});
    }
  }
  for (const FactId fact : program.reads(condition)) {
    if (!data_.facts[fact].known && data_.facts[fact].reason == UnknownReason::kCheckFailed) {
      return "`" + data_.vocabulary()[fact].name + "` could not be derived";
    }
  }
  return "a part of it could not be evaluated";
}

// Why a condition is undetermined although no missing answer is to blame.
std::string Evaluator::null_reason(ConditionId condition) const {
  const Program& program = *pack_.program;
  std::vector<AtomId> residual;
  program.residual(program.root(condition), data_.atoms, residual);
  for (const AtomId atom : residual) {
    if (data_.atoms[atom].kind == AtomValue::Kind::kNull) {
      return "`" + program.atoms()[atom].text + "`: " + program.reason(atom, {data_.facts, data_.at});
    }
  }
  return {};
}

void Evaluator::consult() {
  for (std::size_t i = 0; i < data_.loaded->plugins.size(); ++i) {
    consult_one(data_.loaded->plugins[i], data_.plugins[i]);
  }
}

void Evaluator::consult_one(const PackPlugin& bound, PluginStatus& status) {
  std::vector<RuleStatus> statuses;
  statuses.reserve(bound.rules.size());
  for (const std::uint32_t rule : bound.rules) {
    const std::size_t outcome = outcome_of_rule_[rule];
    statuses.push_back(outcome == kNone ? RuleStatus::kUndetermined : data_.outcomes[outcome].status);
  }
  const Facts* row = &data_.facts;
  PluginReply reply = std::move(bound.binding.advise({&row, 1}, {1, statuses}, data_.language).front());
  if (status.failure.empty()) status.failure = reply.failure;
  if (!reply.failure.empty()) {
    reply.drafts.clear();
    reply.checks.clear();
  }
  accept_drafts(bound, reply.drafts, status);
  accept_checks(data_.snapshot->host.plugins()[bound.plugin].manifest, reply.checks, status.failure);
}

void Evaluator::accept_drafts(const PackPlugin& bound, const std::vector<Draft>& drafts, PluginStatus& status) {
  std::vector<const Draft*> draft_of(bound.rules.size(), nullptr);
  for (const Draft& draft : drafts) draft_of[draft.rule] = &draft;
  for (std::size_t i = 0; i < bound.rules.size(); ++i) {
    const std::size_t place = bound.rules[i];
    if (outcome_of_rule_[place] == kNone) continue;
    const Rule& rule = pack_.rules[place];
    const bool speaks = rule.kind->speaks_when(data_.outcomes[outcome_of_rule_[place]].status);
    if (!speaks) {
      if (draft_of[i] != nullptr && status.failure.empty())
        status.failure = "advised on `" + rule.full_id + "`, whose outcome does not speak";
      continue;
    }
    std::string failure = status.failure;
    if (draft_of[i] == nullptr && failure.empty()) failure = "left out `" + rule.full_id + "`, which must speak";
    advise(rule, place, draft_of[i], failure);
    if (draft_of[i] == nullptr && status.failure.empty()) status.failure = failure;
  }
}

void Evaluator::advise(const Rule& rule, std::size_t place, const Draft* draft, const std::string& failure) {
  const SubjectOutcome& outcome = data_.outcomes[outcome_of_rule_[place]];
  Advisory& advisory = data_.advisories.emplace_back();
  advisory.subject = outcome.subject;
  advisory.place = place;
  advisory.status = outcome.status;
  advisory.severity = rule.severity;
  advisory.title = fill(data_.text(rule.title), shown_fact(rule));
  if (!outcome.reason.empty()) advisory.notes.push_back(outcome.reason);
  if (draft != nullptr) {
    fill_texts(advisory, *draft, rule);
  } else {
    speak_for(advisory, rule.says, shown_fact(rule));
    advisory.notes.push_back(plugin_failed(failure));
  }
}

// The pack's own words. What is not known to apply is not said as if it did: it comes after the host's own sentence.
void Evaluator::speak_for(Advisory& advisory, const Text& says, std::optional<FactId> subject) {
  const std::string_view own = fill(data_.text(says), subject);
  if (advisory.status == RuleStatus::kMet) {
    advisory.statement = own;
    return;
  }
  const Message which = advisory.status == RuleStatus::kFailed ? Message::kHostFailed : Message::kHostUndetermined;
  advisory.statement = message(which, data_.language);
  advisory.details.push_back(own);
}

void Evaluator::fill_texts(Advisory& advisory, const Draft& draft, const Rule& rule) {
  const auto filled = [&](std::string_view text) { return fill(text, draft.subject); };
  if (const auto title = text_of(draft.title); !title.empty()) advisory.title = filled(title);
  advisory.statement = filled(text_of(draft.statement));
  if (advisory.statement.empty()) speak_for(advisory, rule.says, shown_fact(rule));
  advisory.details.reserve(draft.details.size());
  for (const DraftText& detail : draft.details) advisory.details.push_back(filled(text_of(detail)));
  if (draft.severity && *draft.severity < advisory.severity) advisory.severity = *draft.severity;
}

std::string_view Evaluator::fill(std::string_view text, std::optional<FactId> subject) {
  return fill_placeholders(text, subject, data_.vocabulary(), data_.facts, data_.language, data_.texts);
}

std::string_view Evaluator::text_of(const DraftText& text) {
  if (text.vetted != nullptr) return data_.text(*text.vetted);
  return text.free.empty() ? std::string_view() : data_.texts.keep(text.free);
}

// Only for what is said: what was withheld needs no reasons.
void Evaluator::explain() {
  for (Advisory& advisory : data_.advisories) {
    const Rule* rule = advisory.subject.rule;
    if (rule == nullptr || !rule->condition) continue;
    advisory.reasons = reasoner_.reasons(*rule->condition, advisory.status, {});
    if (advisory.reasons.in_doubt) advisory.notes.emplace_back(message(Message::kInDoubt, data_.language));
  }
}

void Evaluator::accept_checks(const Manifest& manifest, std::vector<CheckReport>& reports, const std::string& failure) {
  for (std::uint32_t i = 0; i < manifest.checks.size(); ++i) {
    const CheckSchema& check = manifest.checks[i];
    const auto found = std::find_if(reports.begin(), reports.end(), [&](const CheckReport& r) { return r.check == i; });
    SubjectOutcome outcome{{nullptr, &check}, RuleStatus::kFailed, {}};
    CheckReport report;
    std::string why = failure;
    if (found != reports.end()) {
      report = std::move(*found);
      outcome.status = report.status;
      why.clear();
      if (outcome.status == RuleStatus::kUndetermined && hangs_on_failure(check)) {
        outcome.status = RuleStatus::kFailed;
        why = "a fact that it reads could not be derived";
      }
    } else if (why.empty()) {
      why = "gave no answer to the check `" + check.full_id + "`";
    }
    if (!why.empty()) outcome.reason = plugin_failed(why);
    data_.outcomes.push_back(outcome);
    if (outcome.subject.speaks_when(outcome.status) || outcome.status == RuleStatus::kFailed) {
      advise_check(outcome, pack_.rules.size() + i, std::move(report), outcome.reason);
    }
  }
}

bool Evaluator::hangs_on_failure(const CheckSchema& check) const {
  return std::any_of(check.reads.begin(), check.reads.end(), [&](const std::string& name) {
    const auto fact = data_.vocabulary().find(name);
    return fact && reasoner_.check_failed(*fact);
  });
}

void Evaluator::advise_check(const SubjectOutcome& outcome, std::size_t place, CheckReport report,
                             const std::string& failure) {
  const CheckSchema& check = *outcome.subject.check;
  Advisory& advisory = data_.advisories.emplace_back();
  advisory.subject = outcome.subject;
  advisory.place = place;
  advisory.status = outcome.status;
  advisory.severity = check.severity;
  advisory.title = data_.text(check.title);
  advisory.report = std::move(report);
  if (!failure.empty()) advisory.notes.push_back(failure);
  advisory.statement = text_of(advisory.report.statement);
  if (advisory.statement.empty()) speak_for(advisory, check.says, std::nullopt);
  for (const std::string& name : check.reads) {
    const auto fact = data_.vocabulary().find(name);
    if (!fact) continue;
    if (data_.facts[*fact].known)
      advisory.reasons.because.push_back(*fact);
    else if (outcome.status == RuleStatus::kUndetermined)
      reasoner_.add_missing(*fact, advisory.reasons.missing);
  }
}

}  // namespace caveat
