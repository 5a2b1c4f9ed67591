// GitHub-flavoured Markdown. Whatever comes from packs, plugins or profiles is escaped: it is text, never markup.
#include "evaluation/phrases.hpp"
#include "evaluation/render.hpp"

namespace caveat {

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) continue;
    if (std::string_view("\\`*_[]<>#|&~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

namespace {

std::string escape(std::string_view text) { return escape_markdown(text); }

class MarkdownReport {
 public:
  MarkdownReport(const EvaluationData& data, const RenderOptions& options)
      : data_(data), options_(options), phrases_(data) {}

  std::string write() {
    write_head();
    if (data_.loaded != nullptr) {
      write_advisories();
      write_questions();
      write_withheld();
      write_outcomes();
      write_disabled();
    }
    write_diagnostics();
    write_foot();
    return std::move(out_);
  }

  std::string write_body_of(const Advisory& advisory) {
    write_body(advisory);
    return std::move(out_);
  }

 private:
  std::string say(Message which) const { return escape(phrases_.say(which)); }
  void line(const std::string& text) { out_ += text + '\n'; }
  void paragraph(const std::string& text) { out_ += text + "\n\n"; }
  void heading(Message which) { paragraph("## " + say(which)); }

  void write_head() {
    if (data_.loaded != nullptr) paragraph("# " + escape(data_.text(data_.pack().title)));
    std::string disposition = "**" + escape(phrases_.disposition()) + "**";
    if (!data_.complete && data_.disposition != Disposition::kIncomplete)
      disposition += " (" + say(Message::kNotComplete) + ")";
    paragraph(disposition);
    paragraph(escape(data_.summary));
    if (data_.loaded != nullptr) paragraph("> " + escape(data_.text(data_.pack().deferral)));
  }

  void write_advisories() {
    const Role* role = nullptr;
    Role current{};
    for (const Advisory& advisory : data_.advisories) {
      if (role == nullptr || current != advisory.subject.role()) {
        current = advisory.subject.role();
        role = &current;
        paragraph("## " + escape(phrases_.heading(current)));
      }
      write_one(advisory);
    }
  }

  void write_one(const Advisory& advisory) {
    const bool plain = advisory.subject.role() == Role::kInforms && advisory.status == RuleStatus::kMet;
    paragraph("### " + escape(advisory.title) + (plain ? "" : " (" + escape(phrases_.status(advisory.status)) + ")"));
    write_body(advisory);
  }

  void write_body(const Advisory& advisory) {
    paragraph(escape(advisory.statement));
    for (const std::string_view detail : advisory.details) paragraph(escape(detail));
    bool listed = false;
    const auto item = [&](const std::string& text) {
      line("- " + text);
      listed = true;
    };
    for (const std::string& note : advisory.notes) item("⚠ " + escape(note));
    if (const std::string_view who = phrases_.defer_to(advisory.subject); !who.empty()) {
      item(say(Message::kDeferTo) + ": " + escape(who));
    }
    if (options_.explain != Explain::kNone) {
      list_reasons(advisory, item);
      for (const std::string& source : phrases_.sources(advisory.subject))
        item(say(Message::kSource) + ": " + escape(source));
    }
    if (listed) out_ += '\n';
  }

  template <class Item>
  void list_reasons(const Advisory& advisory, const Item& item) {
    const Reasons& reasons = advisory.reasons;
    for (const FactId fact : reasons.because) item(say(Message::kBecause) + ": " + escape(phrases_.reading(fact)));
    for (const FactId fact : reasons.missing) item(say(Message::kMissing) + ": " + escape(phrases_.reading(fact)));
    if (reasons.met_on_conflict) item("⚠ " + say(Message::kOnConflict));
    if (reasons.last_known) item("⚠ " + escape(phrases_.last_known(*reasons.last_known)));
    if (options_.explain != Explain::kFull) return;
    for (const Change& change : reasons.would_change)
      item(say(Message::kWouldChange) + ": " + escape(phrases_.change(change)));
    const std::vector<ReasoningLine> lines = reasoning(data_, advisory);
    if (!lines.empty()) item(say(Message::kExplanation) + ":");
    for (const ReasoningLine& reason : lines)
      line(std::string(2 * (reason.level + 1), ' ') + "- " + escape(reason.text));
  }

  void write_questions() {
    if (data_.questions.empty()) return;
    heading(Message::kHeadingQuestions);
    std::size_t number = 0;
    for (const Question& question : data_.questions) {
      const FactDeclaration& fact = data_.vocabulary()[question.fact];
      line(std::to_string(++number) + ". " + escape(data_.text(fact.ask)) + " (" +
           escape(display_state(fact, data_.facts[question.fact], data_.language)) + ")");
    }
    out_ += '\n';
  }

  void write_withheld() {
    if (data_.withheld.empty()) return;
    heading(Message::kHeadingWithheld);
    for (const Withheld& withheld : data_.withheld) line("- " + escape(withheld.kind) + ": " + say(Message::kWithheld));
    out_ += '\n';
  }

  void write_outcomes() {
    heading(Message::kHeadingOutcomes);
    for (const SubjectOutcome& outcome : data_.outcomes) {
      if (outcome.subject.always()) continue;
      line("- " + escape(phrases_.title(outcome)) + ": " + escape(phrases_.status(outcome.status)));
    }
    out_ += '\n';
  }

  void write_disabled() {
    if (data_.loaded->disabled.empty()) return;
    heading(Message::kHeadingDisabled);
    for (const DisabledRule* rule : data_.loaded->disabled) {
      line("- " + escape(rule->rule + ": " + rule->reason + " (" + rule->person + ", " + rule->date + ")"));
    }
    out_ += '\n';
  }

  void write_diagnostics() {
    if (data_.diagnostics.empty()) return;
    heading(Message::kHeadingDiagnostics);
    for (const Diagnostic& diagnostic : data_.diagnostics) line("- " + escape(to_string(diagnostic)));
    out_ += '\n';
  }

  void write_foot() {
    if (data_.loaded == nullptr) return;
    const Pack& pack = data_.pack();
    line("---");
    line(say(Message::kDeferTo) + ": " + escape(pack.defer_to) + " · " + say(Message::kPack) + ": " + escape(pack.id) +
         " " + escape(pack.version) + " · " + say(Message::kEvaluatedAt) + ": " + escape(data_.at_text));
  }

  const EvaluationData& data_;
  const RenderOptions& options_;
  Phrases phrases_;
  std::string out_;
};

}  // namespace

std::string render_markdown(const EvaluationData& data, const RenderOptions& options) {
  return MarkdownReport(data, options).write();
}

std::string render_markdown(const EvaluationData& data, const Advisory& advisory, const RenderOptions& options) {
  return MarkdownReport(data, options).write_body_of(advisory);
}

}  // namespace caveat
