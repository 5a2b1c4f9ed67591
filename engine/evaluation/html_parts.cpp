#include "evaluation/html_parts.hpp"

namespace caveat {

namespace {

// The explanation: each line of the reasoning in a list of its level. `lines[at]` is the first of `level`.
std::string nested_list(const std::vector<ReasoningLine>& lines, std::size_t& at, std::size_t level) {
  std::string out = "<ul>";
  while (at < lines.size() && lines[at].level >= level) {
    out += "<li>" + escape_html(lines[at].text);
    ++at;
    if (at < lines.size() && lines[at].level > level) out += nested_list(lines, at, lines[at].level);
    out += "</li>";
  }
  return out + "</ul>";
}

class AdvisoryHtml {
 public:
  AdvisoryHtml(const EvaluationData& data, const Advisory& advisory, const RenderOptions& options)
      : data_(data), advisory_(advisory), options_(options), phrases_(data) {}

  std::string write() {
    std::string out = html_element("p", advisory_.statement);
    for (const std::string_view detail : advisory_.details) out += html_element("p", detail);
    for (const std::string& note : advisory_.notes) item("⚠ " + note);
    if (const std::string_view who = phrases_.defer_to(advisory_.subject); !who.empty()) item(Message::kDeferTo, who);
    if (options_.explain != Explain::kNone) {
      list_reasons();
      for (const std::string& source : phrases_.sources(advisory_.subject)) item(Message::kSource, source);
    }
    return items_.empty() ? out : out + "<ul>" + items_ + "</ul>";
  }

 private:
  void item(std::string_view text) { items_ += html_element("li", text); }
  void item(Message label, std::string_view text) {
    items_ += "<li>" + html_element("b", phrases_.say(label)) + ": " + escape_html(text) + "</li>";
  }

  void list_reasons() {
    const Reasons& reasons = advisory_.reasons;
    for (const FactId fact : reasons.because) item(Message::kBecause, phrases_.reading(fact));
    for (const FactId fact : reasons.missing) item(Message::kMissing, phrases_.reading(fact));
    if (reasons.met_on_conflict) item("⚠ " + std::string(phrases_.say(Message::kOnConflict)));
    if (reasons.last_known) item("⚠ " + phrases_.last_known(*reasons.last_known));
    if (options_.explain != Explain::kFull) return;
    for (const Change& change : reasons.would_change) item(Message::kWouldChange, phrases_.change(change));
    const std::vector<ReasoningLine> lines = reasoning(data_, advisory_);
    std::size_t at = 0;
    if (!lines.empty())
      items_ += "<li>" + html_element("b", phrases_.say(Message::kExplanation)) + nested_list(lines, at, 0) + "</li>";
  }

  const EvaluationData& data_;
  const Advisory& advisory_;
  const RenderOptions& options_;
  Phrases phrases_;
  std::string items_;
};

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n':
      case '\r':
      case '\t': out += ' '; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) break;
        // U+FFFE and U+FFFF are no characters of XML.
        if (text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF") {
          i += 2;
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string html_element(std::string_view tag, std::string_view text) {
  return "<" + std::string(tag) + ">" + escape_html(text) + "</" + std::string(tag) + ">";
}

std::string html_of_advisory(const EvaluationData& data, const Advisory& advisory, const RenderOptions& options) {
  return AdvisoryHtml(data, advisory, options).write();
}

}  // namespace caveat
