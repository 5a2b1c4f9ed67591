#include "server/card_text.hpp"

#include "evaluation/phrases.hpp"
#include "evaluation/render.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

std::string bold(std::string_view text) { return "**" + escape_markdown(text) + "**"; }

// All that has no card of its own.
class Rest {
 public:
  explicit Rest(const EvaluationData& data) : data_(data), phrases_(data) {}

  std::string write() {
    paragraph(bold(data_.text(data_.pack().title)));
    paragraph(escape_markdown(data_.summary));
    for (const Role role : {Role::kBars, Role::kSuggests, Role::kInforms}) write_role(role);
    write_questions();
    write_withheld();
    write_disabled();
    write_diagnostics();
    out_ += "> " + escape_markdown(data_.text(data_.pack().deferral));
    return std::move(out_);
  }

 private:
  void paragraph(const std::string& text) { out_ += text + "\n\n"; }
  void line(const std::string& text) { out_ += text + '\n'; }
  void heading(Message which) { paragraph("### " + escape_markdown(phrases_.say(which))); }

  void write_role(Role role) {
    bool any = false;
    for (const Advisory& advisory : data_.advisories) {
      if (advisory.subject.role() != role || has_own_card(advisory)) continue;
      if (!any) paragraph("### " + escape_markdown(phrases_.heading(role)));
      any = true;
      write(advisory);
    }
    if (any) out_ += '\n';
  }

  void write(const Advisory& advisory) {
    const bool plain = advisory.status == RuleStatus::kMet;
    std::string text = "- " + bold(advisory.title);
    if (!plain) text += " (" + escape_markdown(phrases_.status(advisory.status)) + ")";
    line(text + ": " + escape_markdown(advisory.statement));
    const Reasons& reasons = advisory.reasons;
    if (!reasons.missing.empty())
      line("  - " + escape_markdown(phrases_.say(Message::kMissing)) + ": " +
           escape_markdown(phrases_.labels(reasons.missing)));
    if (reasons.met_on_conflict) line("  - ⚠ " + escape_markdown(phrases_.say(Message::kOnConflict)));
    if (reasons.last_known) line("  - ⚠ " + escape_markdown(phrases_.last_known(*reasons.last_known)));
    for (const std::string& note : advisory.notes) line("  - ⚠ " + escape_markdown(note));
  }

  void write_questions() {
    if (data_.questions.empty()) return;
    heading(Message::kHeadingQuestions);
    std::size_t number = 0;
    for (const Question& question : data_.questions)
      line(std::to_string(++number) + ". " + escape_markdown(data_.text(data_.vocabulary()[question.fact].ask)));
    out_ += '\n';
  }

  void write_withheld() {
    if (data_.withheld.empty()) return;
    heading(Message::kHeadingWithheld);
    for (const Withheld& withheld : data_.withheld)
      line("- " + escape_markdown(withheld.kind) + ": " + escape_markdown(phrases_.say(Message::kWithheld)));
    out_ += '\n';
  }

  void write_disabled() {
    if (data_.loaded->disabled.empty()) return;
    heading(Message::kHeadingDisabled);
    for (const DisabledRule* rule : data_.loaded->disabled)
      line("- " + escape_markdown(rule->rule + ": " + rule->reason + " (" + rule->person + ", " + rule->date + ")"));
    out_ += '\n';
  }

  // What could not be used of the record. What was merely not looked at is a note, and not for here.
  void write_diagnostics() {
    const auto told = [](const Diagnostic& diagnostic) { return diagnostic.level != DiagnosticLevel::kNote; };
    if (std::none_of(data_.diagnostics.begin(), data_.diagnostics.end(), told)) return;
    heading(Message::kHeadingDiagnostics);
    for (const Diagnostic& diagnostic : data_.diagnostics) {
      if (told(diagnostic)) line("- " + escape_markdown(diagnostic.message));
    }
    out_ += '\n';
  }

  const EvaluationData& data_;
  Phrases phrases_;
  std::string out_;
};

}  // namespace

bool has_own_card(const Advisory& advisory) {
  const bool decided = advisory.status == RuleStatus::kMet || advisory.status == RuleStatus::kFailed;
  return advisory.subject.role() == Role::kBars && decided;
}

bool has_rest(const EvaluationData& data) {
  const auto without = [](const Advisory& advisory) { return !has_own_card(advisory); };
  return data.disposition != Disposition::kRefer || !data.complete || !data.loaded->disabled.empty() ||
         std::any_of(data.advisories.begin(), data.advisories.end(), without);
}

Severity rest_severity(const EvaluationData& data) {
  Severity gravest = data.complete ? Severity::kInfo : Severity::kWarning;
  for (const Advisory& advisory : data.advisories) {
    if (advisory.subject.role() == Role::kBars && !has_own_card(advisory))
      gravest = std::min(gravest, advisory.severity);
  }
  return gravest;
}

std::string detail_of(const EvaluationData& data, const Advisory& advisory) {
  std::string out = bold(data.text(data.pack().title)) + "\n\n" + render_markdown(data, advisory, {});
  if (!out.ends_with("\n\n")) out += '\n';
  return out + "> " + escape_markdown(data.text(data.pack().deferral));
}

std::string detail_of_rest(const EvaluationData& data) { return Rest(data).write(); }

}  // namespace caveat::server
