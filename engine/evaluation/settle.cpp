// The last step of an evaluation: order, withholding, questions, disposition, summary.
#include "advisory/messages.hpp"
#include "evaluation/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace caveat {

namespace {

/// Of the rules and checks that bar.
struct BarCounts {
  std::size_t all = 0;
  std::array<std::size_t, 4> by_status{};
  [[nodiscard]] std::size_t of(RuleStatus status) const { return by_status[static_cast<std::size_t>(status)]; }
};

BarCounts count_bars(const std::vector<SubjectOutcome>& outcomes) {
  BarCounts counts;
  for (const SubjectOutcome& outcome : outcomes) {
    if (outcome.subject.role() != Role::kBars) continue;
    ++counts.all;
    ++counts.by_status[static_cast<std::size_t>(outcome.status)];
  }
  return counts;
}

Disposition disposition_of(const BarCounts& bars) {
  if (bars.of(RuleStatus::kMet) > 0) return Disposition::kRefer;
  if (bars.of(RuleStatus::kFailed) > 0 || bars.all == 0) return Disposition::kIncomplete;
  if (bars.of(RuleStatus::kUndetermined) > 0) return Disposition::kInsufficientInformation;
  return Disposition::kNoContraindicationFound;
}

std::pair<Message, std::size_t> summary_of(Disposition disposition, const BarCounts& bars) {
  switch (disposition) {
    case Disposition::kRefer: return {Message::kSummaryRefer, bars.of(RuleStatus::kMet)};
    case Disposition::kIncomplete:
      return {bars.all == 0 ? Message::kSummaryNoChecks : Message::kSummaryIncomplete, bars.of(RuleStatus::kFailed)};
    case Disposition::kInsufficientInformation:
      return {Message::kSummaryInsufficient, bars.of(RuleStatus::kUndetermined)};
    case Disposition::kNoContraindicationFound: break;
  }
  return {Message::kSummaryNoneFound, 0};
}

/// How urgent a question is: the gravest rule that bars first, then the number of rules it may decide.
struct Urgency {
  int gravest_bar = 3;  // a Severity, or 3 when no rule that bars waits for it
  std::vector<std::string_view> decides;
};

}  // namespace

void Evaluator::settle() {
  withhold();
  explain();
  // Mostly in order already, and advisories are heavy to move.
  if (!std::is_sorted(data_.advisories.begin(), data_.advisories.end(), reads_before)) {
    std::stable_sort(data_.advisories.begin(), data_.advisories.end(), reads_before);
  }
  ask_questions();
  find_disposition();
  note_remarks();
}

void Evaluator::withhold() {
  if (disposition_of(count_bars(data_.outcomes)) == Disposition::kNoContraindicationFound) return;
  const auto suggests = [](const Subject& subject) { return subject.role() == Role::kSuggests; };
  for (const SubjectOutcome& outcome : data_.outcomes) {
    if (!suggests(outcome.subject)) continue;
    const std::string_view kind = outcome.subject.kind();
    auto entry =
        std::find_if(data_.withheld.begin(), data_.withheld.end(), [&](const Withheld& w) { return w.kind == kind; });
    if (entry == data_.withheld.end()) entry = data_.withheld.insert(entry, Withheld{kind, {}});
    if (outcome.subject.speaks_when(outcome.status)) entry->rules.push_back(outcome.subject.id());
  }
  std::erase_if(data_.advisories, [&](const Advisory& advisory) { return suggests(advisory.subject); });
}

void Evaluator::ask_questions() {
  std::map<FactId, Urgency> urgencies;
  const auto need = [&](FactId fact, const Subject& subject) {
    if (data_.vocabulary()[fact].derived) return;
    Urgency& urgency = urgencies[fact];
    urgency.decides.push_back(subject.id());
    if (subject.role() == Role::kBars)
      urgency.gravest_bar = std::min(urgency.gravest_bar, static_cast<int>(subject.severity()));
  };
  for (const SubjectOutcome& outcome : data_.outcomes) {
    if (outcome.status != RuleStatus::kUndetermined) continue;
    const Subject& subject = outcome.subject;
    if (subject.rule != nullptr) {
      for (const FactId fact : reasoner_.missing(*subject.rule->condition)) need(fact, subject);
      continue;
    }
    for (const std::string& name : subject.check->reads) {
      const auto fact = data_.vocabulary().find(name);
      if (!fact || data_.facts[*fact].known) continue;
      std::vector<FactId> inputs;
      reasoner_.add_missing(*fact, inputs);
      for (const FactId input : inputs) need(input, subject);
    }
  }
  for (auto& [fact, urgency] : urgencies) data_.questions.push_back({fact, urgency.decides});
  std::stable_sort(data_.questions.begin(), data_.questions.end(), [&](const Question& a, const Question& b) {
    const Urgency &ua = urgencies[a.fact], &ub = urgencies[b.fact];
    return std::tuple(ua.gravest_bar, ub.decides.size()) < std::tuple(ub.gravest_bar, ua.decides.size());
  });
}

void Evaluator::find_disposition() {
  const BarCounts bars = count_bars(data_.outcomes);
  data_.disposition = disposition_of(bars);
  const auto failed = [](const auto& item) { return item.status == RuleStatus::kFailed; };
  const auto plugin_failed = [](const PluginStatus& status) { return !status.failure.empty(); };
  const auto bars_disabled = [&] {
    for (std::size_t i = 0; i < pack_.rules.size(); ++i) {
      if (data_.loaded->rule_disabled[i] && pack_.rules[i].kind->role == Role::kBars) return true;
    }
    return false;
  };
  data_.complete = bars.all > 0 && std::none_of(data_.outcomes.begin(), data_.outcomes.end(), failed) &&
                   std::none_of(data_.plugins.begin(), data_.plugins.end(), plugin_failed) && !bars_disabled();

  const auto [which, count] = summary_of(data_.disposition, bars);
  const auto say = [&](Message text, auto... values) {
    return fmt::format(fmt::runtime(message(text, data_.language)), values...);
  };
  data_.summary = say(which, bars.all, count);
  if (!data_.complete && data_.disposition != Disposition::kIncomplete)
    data_.summary += " " + say(Message::kSummaryNotComplete);
  std::string disabled;
  for (const DisabledRule* rule : data_.loaded->disabled) disabled += (disabled.empty() ? "" : ", ") + rule->rule;
  if (!disabled.empty()) data_.summary += " " + say(Message::kSummaryDisabled, disabled);
}

void Evaluator::note_remarks() {
  const auto remark = [&](DiagnosticLevel level, const char* code, std::string text) {
    data_.diagnostics.push_back({level, code, {}, std::move(text), ""});
  };
  if (pack_.review_by && compare(date_of(data_.at), *pack_.review_by) == std::strong_ordering::greater) {
    remark(DiagnosticLevel::kWarning, "review-overdue",
           "the content of the pack `" + pack_.id + "` was to be reviewed by " + to_string(*pack_.review_by));
  }
  if (pack_.status == PackStatus::kDraft)
    remark(DiagnosticLevel::kWarning, "draft-pack", "the pack `" + pack_.id + "` is a draft");
  if (pack_.status == PackStatus::kRetired)
    remark(DiagnosticLevel::kWarning, "retired-pack", "the pack `" + pack_.id + "` is retired");
  const auto speaks = [&](const auto& text) { return text.first == data_.language; };
  const auto& titles = pack_.title.by_language;
  if (std::none_of(titles.begin(), titles.end(), speaks)) {
    remark(DiagnosticLevel::kWarning, "language-fallback",
           "the pack `" + pack_.id + "` has no texts in `" + data_.language + "`; its first language stands in");
  }
  for (const PluginStatus& status : data_.plugins) {
    if (status.failure.empty()) continue;
    remark(DiagnosticLevel::kError, "plugin-failed",
           "`" + data_.snapshot->host.plugins()[status.plugin].manifest.id + "`: " + status.failure);
  }
}

}  // namespace caveat
