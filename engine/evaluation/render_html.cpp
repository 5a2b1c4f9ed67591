// A page that needs nothing beside it: no script, no font, no address. It says what the Markdown says, in its order. A
// content policy lets nothing else in, whatever a text tries.
#include "evaluation/html_parts.hpp"

namespace caveat {

namespace {

// Colours have a contrast of 4.5 to 1 and more (WCAG 2.1, AA); nothing is said by colour alone.
constexpr std::string_view kStyle =
    ":root{color-scheme:light dark;--line:#767676;--bars:#8a1c1c;--soft:#f3f3f3}"
    "@media(prefers-color-scheme:dark){:root{--line:#9a9a9a;--bars:#ffb4a8;--soft:#262626}}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.25rem;border-bottom:1px solid var(--line)}h3{font-size:1.05rem}"
    ".disposition{border:2px solid var(--line);padding:.25rem 1rem;background:var(--soft)}"
    ".disposition strong{font-size:1.15rem}.bars h3{color:var(--bars)}"
    "section>article{break-inside:avoid}li{overflow-wrap:anywhere}"
    "footer{border-top:1px solid var(--line);margin-top:2rem}"
    "@media print{body{max-width:none;padding:0;font-size:10pt}.disposition{background:none}"
    "article.evaluation+article.evaluation{break-before:page}}";

class HtmlReport {
 public:
  HtmlReport(const EvaluationData& data, const RenderOptions& options)
      : data_(data), options_(options), phrases_(data) {}

  std::string write() {
    out_ += "<article class=\"evaluation\">";
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
    return std::move(out_) + "</article>\n";
  }

 private:
  [[nodiscard]] std::string_view say(Message which) const { return phrases_.say(which); }
  void element(std::string_view tag, std::string_view text) { out_ += html_element(tag, text); }

  void write_head() {
    if (data_.loaded != nullptr) element("h1", data_.text(data_.pack().title));
    out_ += "<div class=\"disposition\"><p>" + html_element("strong", phrases_.disposition());
    if (!data_.complete && data_.disposition != Disposition::kIncomplete)
      out_ += " (" + escape_html(say(Message::kNotComplete)) + ")";
    out_ += "</p>";
    element("p", data_.summary);
    if (data_.loaded != nullptr) element("p", data_.text(data_.pack().deferral));
    out_ += "</div>";
  }

  void write_advisories() {
    const Advisory* before = nullptr;
    for (const Advisory& advisory : data_.advisories) {
      const Role role = advisory.subject.role();
      if (before == nullptr || before->subject.role() != role) {
        if (before != nullptr) out_ += "</section>";
        out_ += "<section class=\"" + std::string(to_string(role)) + "\">";
        element("h2", phrases_.heading(role));
      }
      write_one(advisory);
      before = &advisory;
    }
    if (before != nullptr) out_ += "</section>";
  }

  void write_one(const Advisory& advisory) {
    const bool plain = advisory.subject.role() == Role::kInforms && advisory.status == RuleStatus::kMet;
    std::string title(advisory.title);
    if (!plain) {
      title += " (" + std::string(phrases_.status(advisory.status)) + ", " +
               std::string(phrases_.severity(advisory.severity)) + ")";
    }
    out_ += "<article>";
    element("h3", title);
    out_ += html_of_advisory(data_, advisory, options_) + "</article>";
  }

  template <class Items, class Text>
  void list(Message heading, std::string_view tag, const Items& items, const Text& text) {
    std::string inside;
    for (const auto& item : items) {
      if (const std::string line = text(item); !line.empty()) inside += html_element("li", line);
    }
    if (inside.empty()) return;
    out_ += "<section>";
    element("h2", say(heading));
    const std::string name(tag);
    out_ += "<" + name + ">" + inside + "</" + name + "></section>";
  }

  void write_questions() {
    list(Message::kHeadingQuestions, "ol", data_.questions, [&](const Question& question) {
      const FactDeclaration& fact = data_.vocabulary()[question.fact];
      return std::string(data_.text(fact.ask)) + " (" +
             display_state(fact, data_.facts[question.fact], data_.language) + ")";
    });
  }

  void write_withheld() {
    list(Message::kHeadingWithheld, "ul", data_.withheld, [&](const Withheld& withheld) {
      return std::string(withheld.kind) + ": " + std::string(say(Message::kWithheld));
    });
  }

  void write_outcomes() {
    list(Message::kHeadingOutcomes, "ul", data_.outcomes, [&](const SubjectOutcome& outcome) {
      if (outcome.subject.always()) return std::string();
      return std::string(phrases_.title(outcome)) + ": " + std::string(phrases_.status(outcome.status));
    });
  }

  void write_disabled() {
    list(Message::kHeadingDisabled, "ul", data_.loaded->disabled, [](const DisabledRule* rule) {
      return rule->rule + ": " + rule->reason + " (" + rule->person + ", " + rule->date + ")";
    });
  }

  void write_diagnostics() {
    list(Message::kHeadingDiagnostics, "ul", data_.diagnostics,
         [](const Diagnostic& diagnostic) { return to_string(diagnostic); });
  }

  void write_foot() {
    if (data_.loaded == nullptr) return;
    const Pack& pack = data_.pack();
    const auto said = [&](Message label, const std::string& text) { return std::string(say(label)) + ": " + text; };
    out_ += "<footer>";
    element("p", said(Message::kDeferTo, pack.defer_to) + " · " + said(Message::kPack, pack.id + " " + pack.version) +
                     " · " + said(Message::kEvaluatedAt, data_.at_text));
    out_ += "</footer>";
  }

  const EvaluationData& data_;
  const RenderOptions& options_;
  Phrases phrases_;
  std::string out_;
};

}  // namespace

std::string render_html(std::span<const EvaluationData* const> evaluations, const RenderOptions& options) {
  const EvaluationData* first = evaluations.empty() ? nullptr : evaluations.front();
  const std::string language = first == nullptr ? "en" : first->language;
  const std::string title =
      first == nullptr || first->loaded == nullptr ? "Caveat" : std::string(first->text(first->pack().title));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"" + escape_html(language) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
  out += html_element("title", title) + "\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<main>\n";
  for (const EvaluationData* evaluation : evaluations) out += HtmlReport(*evaluation, options).write();
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace caveat
