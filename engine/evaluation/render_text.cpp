// For a terminal: what matters most first, no line longer than asked, advisories that say the same told together.
#include "base/page.hpp"
#include "evaluation/phrases.hpp"
#include "evaluation/render.hpp"

#include <algorithm>
#include <span>

namespace caveat {

namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kDetail = 4;

class TextReport {
 public:
  TextReport(const EvaluationData& data, const RenderOptions& options)
      : data_(data), options_(options), phrases_(data), page_(options.width) {}

  std::string write() {
    write_head();
    if (data_.loaded != nullptr) {
      write_role(Role::kBars);
      write_questions();
      write_withheld();
      write_role(Role::kSuggests);
      write_role(Role::kInforms);
      write_outcomes();
      write_disabled();
    }
    write_diagnostics();
    write_foot();
    return page_.take();
  }

 private:
  std::string say(Message which) const { return std::string(phrases_.say(which)); }
  void heading(std::string_view text) {
    page_.blank();
    page_.paragraph(0, text);
  }

  void write_head() {
    if (data_.loaded != nullptr) page_.paragraph(0, data_.text(data_.pack().title));
    page_.rule();
    std::string disposition(phrases_.disposition());
    if (!data_.complete && data_.disposition != Disposition::kIncomplete)
      disposition += " (" + say(Message::kNotComplete) + ")";
    page_.paragraph(0, disposition);
    page_.paragraph(0, data_.summary);
    if (data_.loaded != nullptr) page_.paragraph(0, data_.text(data_.pack().deferral));
    page_.rule();
  }

  // Advisories of one role, those of a kind together: what all of a kind say is said once.
  void write_role(Role role) {
    const auto& all = data_.advisories;
    const auto of_role = [&](const Advisory& a) { return a.subject.role() == role; };
    const auto first = std::find_if(all.begin(), all.end(), of_role);
    if (first == all.end()) return;
    heading(phrases_.heading(role));
    const auto last = std::find_if_not(first, all.end(), of_role);
    for (auto begin = first; begin != last;) {
      const auto end = std::find_if_not(begin, last, [&](const Advisory& a) {
        return a.subject.kind() == begin->subject.kind() && a.status == begin->status;
      });
      write_kind({begin, end});
      begin = end;
    }
  }

  void write_kind(std::span<const Advisory> advisories) {
    shared_ = shared_lines(advisories);
    for (std::size_t i = 0; i < advisories.size();) {
      std::size_t end = i + 1;
      while (end < advisories.size() && Phrases::alike(advisories[i], advisories[end])) ++end;
      if (end - i == 1)
        write_one(advisories[i]);
      else
        write_group(advisories.subspan(i, end - i));
      i = end;
    }
    if (!shared_.empty()) page_.blank();
    for (const std::string& line : shared_) page_.paragraph(kIndent, line, kIndent);
    shared_.clear();
  }

  // Details and sources that every advisory of the run repeats.
  std::vector<std::string> shared_lines(std::span<const Advisory> advisories) const {
    std::vector<std::string> shared;
    if (advisories.size() < 2) return shared;
    for (std::string& line : lines_below(advisories.front())) {
      const bool everywhere = std::all_of(advisories.begin() + 1, advisories.end(), [&](const Advisory& advisory) {
        const std::vector<std::string> lines = lines_below(advisory);
        return std::find(lines.begin(), lines.end(), line) != lines.end();
      });
      if (everywhere) shared.push_back(std::move(line));
    }
    return shared;
  }

  // What stands below an advisory's statement, its reasons apart.
  std::vector<std::string> lines_below(const Advisory& advisory) const {
    std::vector<std::string> lines(advisory.details.begin(), advisory.details.end());
    if (options_.explain == Explain::kNone) return lines;
    for (const std::string& source : phrases_.sources(advisory.subject))
      lines.push_back(say(Message::kSource) + ": " + source);
    return lines;
  }

  void write_below(const Advisory& advisory, std::size_t indent) {
    const std::vector<std::string> lines = lines_below(advisory);
    const auto write = [&](const std::string& line, std::size_t hanging) {
      if (std::find(shared_.begin(), shared_.end(), line) == shared_.end()) page_.paragraph(indent, line, hanging);
    };
    const std::size_t details = advisory.details.size();
    for (std::size_t i = 0; i < details; ++i) write(lines[i], 0);
    for (const std::string& note : advisory.notes) page_.paragraph(indent, "! " + note, kIndent);
    if (const std::string_view who = phrases_.defer_to(advisory.subject); !who.empty()) {
      page_.paragraph(indent, say(Message::kDeferTo) + ": " + std::string(who), kIndent);
    }
    if (options_.explain != Explain::kNone) write_reasons(advisory, indent);
    for (std::size_t i = details; i < lines.size(); ++i) write(lines[i], kIndent);
  }

  std::string status_of(const Advisory& advisory) const {
    std::string out(phrases_.status(advisory.status));
    if (advisory.subject.role() == Role::kBars) out += ", " + std::string(phrases_.severity(advisory.severity));
    return out;
  }

  void write_one(const Advisory& advisory) {
    page_.blank();
    const bool plain = advisory.subject.role() == Role::kInforms && advisory.status == RuleStatus::kMet;
    page_.paragraph(kIndent, std::string(advisory.title) + (plain ? "" : " [" + status_of(advisory) + "]"), kIndent);
    page_.paragraph(kDetail, advisory.statement);
    write_below(advisory, kDetail);
  }

  void write_group(std::span<const Advisory> advisories) {
    page_.blank();
    page_.paragraph(kIndent, "[" + status_of(advisories.front()) + "]");
    page_.paragraph(kDetail, advisories.front().statement);
    for (const Advisory& advisory : advisories) {
      page_.paragraph(kDetail, "• " + std::string(advisory.title), kIndent);
      write_below(advisory, kDetail + kIndent);
    }
  }

  void write_reasons(const Advisory& advisory, std::size_t indent) {
    const Reasons& reasons = advisory.reasons;
    for (const FactId fact : reasons.because)
      page_.paragraph(indent, say(Message::kBecause) + ": " + phrases_.reading(fact), kIndent);
    for (const FactId fact : reasons.missing)
      page_.paragraph(indent, say(Message::kMissing) + ": " + phrases_.reading(fact), kIndent);
    if (reasons.met_on_conflict) page_.paragraph(indent, "! " + say(Message::kOnConflict), kIndent);
    if (reasons.last_known) page_.paragraph(indent, "! " + phrases_.last_known(*reasons.last_known), kIndent);
    if (options_.explain != Explain::kFull) return;
    for (const Change& change : reasons.would_change) {
      page_.paragraph(indent, say(Message::kWouldChange) + ": " + phrases_.change(change), kIndent);
    }
    const std::vector<ReasoningLine> lines = reasoning(data_, advisory);
    if (!lines.empty()) page_.paragraph(indent, say(Message::kExplanation) + ":");
    for (const ReasoningLine& line : lines) page_.paragraph(indent + kIndent * (line.level + 1), line.text, kIndent);
  }

  void write_questions() {
    if (data_.questions.empty()) return;
    heading(phrases_.say(Message::kHeadingQuestions));
    std::size_t number = 0;
    for (const Question& question : data_.questions) {
      const FactDeclaration& fact = data_.vocabulary()[question.fact];
      const std::string prefix = std::to_string(++number) + ". ";
      page_.paragraph(kIndent,
                      prefix + std::string(data_.text(fact.ask)) + " [" + fact.name + ", " +
                          display_state(fact, data_.facts[question.fact], data_.language) + "]",
                      prefix.size());
    }
  }

  void write_withheld() {
    if (data_.withheld.empty()) return;
    heading(phrases_.say(Message::kHeadingWithheld));
    for (const Withheld& withheld : data_.withheld) {
      page_.paragraph(kIndent, std::string(withheld.kind) + ": " + say(Message::kWithheld), kIndent);
    }
  }

  void write_outcomes() {
    heading(phrases_.say(Message::kHeadingOutcomes));
    for (const SubjectOutcome& outcome : data_.outcomes) {
      if (outcome.subject.always()) continue;
      page_.paragraph(
          kIndent, std::string(phrases_.title(outcome)) + ": " + std::string(phrases_.status(outcome.status)), kIndent);
    }
  }

  void write_disabled() {
    if (data_.loaded->disabled.empty()) return;
    heading(phrases_.say(Message::kHeadingDisabled));
    for (const DisabledRule* rule : data_.loaded->disabled) {
      page_.paragraph(kIndent, rule->rule + ": " + rule->reason + " (" + rule->person + ", " + rule->date + ")",
                      kIndent);
    }
  }

  void write_diagnostics() {
    if (data_.diagnostics.empty()) return;
    heading(phrases_.say(Message::kHeadingDiagnostics));
    for (const Diagnostic& diagnostic : data_.diagnostics) page_.paragraph(kIndent, to_string(diagnostic), kIndent);
  }

  void write_foot() {
    page_.blank();
    page_.rule();
    if (data_.loaded != nullptr) {
      const Pack& pack = data_.pack();
      page_.paragraph(0, say(Message::kDeferTo) + ": " + pack.defer_to + " · " + say(Message::kPack) + ": " + pack.id +
                             " " + pack.version + " · " + say(Message::kEvaluatedAt) + ": " + data_.at_text);
    }
  }

  const EvaluationData& data_;
  const RenderOptions& options_;
  Phrases phrases_;
  Page page_;
  std::vector<std::string> shared_;  // of the run that is being written: said once, below it
};

}  // namespace

std::string render_text(const EvaluationData& data, const RenderOptions& options) {
  return TextReport(data, options).write();
}

}  // namespace caveat
