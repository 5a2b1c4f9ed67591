// A GuidanceResponse of FHIR R4 (4.0.1). docs/formats/fhir.md, 6, says what stands where, and
// docs/decisions/guidance-says-what-it-did.md why. FHIR forbids what is empty: no null, no empty text, list or object
// leaves here, so every list is opened only where it has an element.
#include "base/json_writer.hpp"
#include "evaluation/fhir_requirements.hpp"
#include "evaluation/html_parts.hpp"

#include <algorithm>

namespace caveat {

namespace {

// FHIR's string: no control characters, no space at its ends.
std::string clean(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = ' ';
  }
  const std::size_t first = out.find_first_not_of(" \t\n");
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(" \t\n") + 1 - first);
}

// The language stands here: of a resource's own `language`, validators know only some.
std::string narrative(const std::string& inside, const std::string& language) {
  const std::string tag = escape_html(language);
  return "<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"" + tag + "\" xml:lang=\"" + tag + "\">" + inside +
         "</div>";
}

// The sources of answers that are resources: `Condition/123`, or the address of an entry.
bool is_reference(std::string_view source) {
  if (source.starts_with("urn:uuid:") || source.starts_with("urn:oid:")) return true;
  const std::size_t slash = source.find('/');
  if (slash == std::string_view::npos || !parse_fhir_type(source.substr(0, slash))) return false;
  const std::string_view id = source.substr(slash + 1);
  constexpr std::size_t kLongest = 64;
  return !id.empty() && id.size() <= kLongest && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

std::string_view severity_code(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "high";
    case Severity::kWarning: return "moderate";
    case Severity::kInfo: break;
  }
  return "low";
}

std::string_view issue_status(RuleStatus status) {
  switch (status) {
    case RuleStatus::kMet: return "final";
    case RuleStatus::kUndetermined: return "preliminary";
    default: return "unknown";
  }
}

std::string_view guidance_status(const EvaluationData& data) {
  const bool asks = !data.questions.empty();
  switch (data.disposition) {
    case Disposition::kRefer: return asks ? "data-requested" : "success";
    case Disposition::kInsufficientInformation: return "data-required";
    case Disposition::kIncomplete: return "failure";
    case Disposition::kNoContraindicationFound: break;
  }
  if (!data.complete) return "failure";
  return asks ? "data-requested" : "success";
}

class GuidanceWriter {
 public:
  GuidanceWriter(const EvaluationData& data, const RenderOptions& options, std::string& out)
      : data_(data), options_(options), phrases_(data), json_(out, options.pretty) {}

  void write() {
    json_.begin_object();
    json_.member("resourceType", "GuidanceResponse");
    json_.member("id", std::string_view(data_.id()));
    write_narrative(html_of_result());
    object_list("contained", [&] { write_contained(); });
    json_.member("moduleUri", std::string_view(module_uri()));
    json_.member("status", guidance_status(data_));
    write_subject("subject");
    if (data_.loaded != nullptr) json_.member("occurrenceDateTime", std::string_view(to_string(data_.at)));
    write_author("performer");
    object_list("note", [&] {
      write_note(data_.summary);
      if (data_.loaded != nullptr) write_note(data_.text(data_.pack().deferral));
    });
    if (has_messages()) object_list("evaluationMessage", [&] { write_reference("#messages"); });
    json_.key("outputParameters");
    write_reference("#result");
    if (data_.loaded != nullptr && has_requirements(data_)) {
      json_.key("dataRequirement");
      write_requirements(data_, json_);
    }
    json_.end_object();
  }

 private:
  template <class Write>
  void object_list(std::string_view key, const Write& write) {
    json_.key(key);
    json_.begin_array();
    write();
    json_.end_array();
  }

  void text_member(std::string_view key, std::string_view text) {
    if (const std::string words = clean(text); !words.empty()) json_.member(key, std::string_view(words));
  }

  void write_narrative(const std::string& inside) {
    json_.key("text");
    json_.begin_object();
    json_.member("status", "generated");
    json_.member("div", std::string_view(narrative(inside, data_.language)));
    json_.end_object();
  }

  [[nodiscard]] std::string html_of_result() const {
    std::string out = "<p>" + html_element("b", phrases_.disposition());
    if (!data_.complete && data_.disposition != Disposition::kIncomplete)
      out += " (" + escape_html(phrases_.say(Message::kNotComplete)) + ")";
    out += "</p>" + html_element("p", data_.summary);
    if (data_.loaded != nullptr) out += html_element("p", data_.text(data_.pack().deferral));
    std::string items;
    for (const Advisory& advisory : data_.advisories) {
      items +=
          html_element("li", std::string(advisory.title) + " (" + std::string(phrases_.status(advisory.status)) + ")");
    }
    return items.empty() ? out : out + "<ul>" + items + "</ul>";
  }

  [[nodiscard]] std::string module_uri() const {
    if (data_.loaded == nullptr) return "urn:caveat:pack";
    return "urn:caveat:pack:" + data_.pack().id + ":" + data_.pack().version;
  }

  void write_reference(std::string_view reference) {
    json_.begin_object();
    json_.member("reference", reference);
    json_.end_object();
  }

  void write_text_concept(std::string_view text) {
    json_.begin_object();
    text_member("text", text);
    json_.end_object();
  }

  // A record's patient is a resource; an id that someone gave a profile is only that.
  void write_subject(std::string_view key) {
    const std::string id = clean(data_.profile->id);
    if (id.empty()) return;
    const std::string reference = data_.profile->from_record && !is_reference(id) ? "Patient/" + id : id;
    json_.key(key);
    if (data_.profile->from_record && is_reference(reference)) return write_reference(reference);
    json_.begin_object();
    json_.member("type", "Patient");
    json_.key("identifier");
    json_.begin_object();
    json_.member("value", std::string_view(id));
    json_.end_object();
    json_.end_object();
  }

  void write_author(std::string_view key) {
    json_.key(key);
    json_.begin_object();
    json_.member("display", "Caveat " CAVEAT_VERSION);
    json_.end_object();
  }

  void write_note(std::string_view text) {
    const std::string words = clean(text);
    if (words.empty()) return;
    json_.begin_object();
    json_.member("text", std::string_view(words));
    json_.end_object();
  }

  // ---- contained

  void write_contained() {
    std::size_t number = 0;
    for (const Advisory& advisory : data_.advisories) {
      if (is_issue(advisory)) write_issue(advisory, ++number);
    }
    write_result();
    if (has_messages()) write_messages();
  }

  // Suggestions and information are no issues.
  static bool is_issue(const Advisory& advisory) { return advisory.subject.role() == Role::kBars; }

  void write_issue(const Advisory& advisory, std::size_t number) {
    json_.begin_object();
    json_.member("resourceType", "DetectedIssue");
    json_.member("id", std::string_view("issue-" + std::to_string(number)));
    write_narrative(html_element("p", advisory.title) + html_of_advisory(data_, advisory, options_));
    object_list("identifier", [&] {
      json_.begin_object();
      json_.member("system", "urn:caveat:rule");
      json_.member("value", advisory.subject.id());
      json_.end_object();
    });
    json_.member("status", issue_status(advisory.status));
    json_.key("code");
    write_text_concept(advisory.title);
    json_.member("severity", severity_code(advisory.severity));
    write_subject("patient");
    json_.member("identifiedDateTime", std::string_view(to_string(data_.at)));
    write_author("author");
    write_evidence(advisory);
    text_member("detail", advisory.statement);
    object_list("mitigation", [&] {
      json_.begin_object();
      json_.key("action");
      write_text_concept(deferral_of(advisory));
      json_.end_object();
    });
    json_.end_object();
  }

  [[nodiscard]] std::string deferral_of(const Advisory& advisory) const {
    const Subject& subject = advisory.subject;
    const std::string& who = subject.rule != nullptr ? subject.rule->defer_to : data_.pack().defer_to;
    return std::string(phrases_.say(Message::kDeferTo)) + ": " + who + ". " +
           std::string(data_.text(data_.pack().deferral));
  }

  void write_evidence(const Advisory& advisory) {
    std::vector<FactId> facts = advisory.reasons.because;
    facts.insert(facts.end(), advisory.reasons.missing.begin(), advisory.reasons.missing.end());
    if (facts.empty() || options_.explain == Explain::kNone) return;
    object_list("evidence", [&] {
      for (const FactId fact : facts) {
        json_.begin_object();
        object_list("code", [&] { write_text_concept(phrases_.reading(fact)); });
        write_sources(fact);
        json_.end_object();
      }
    });
  }

  void write_sources(FactId fact) {
    const FactState& state = data_.facts[fact];
    std::vector<std::string> sources;
    const auto add = [&](std::string_view source) {
      std::string name = clean(source);
      if (!name.empty() && std::find(sources.begin(), sources.end(), name) == sources.end())
        sources.push_back(std::move(name));
    };
    add(state.source);
    if (state.conflicting()) {
      for (const Answer& answer : state.answers->answers) add(answer.source);
    }
    if (sources.empty()) return;
    object_list("detail", [&] {
      for (const std::string& source : sources) {
        json_.begin_object();
        json_.member(is_reference(source) ? "reference" : "display", std::string_view(source));
        json_.end_object();
      }
    });
  }

  // ---- the result as parameters

  void parameter(std::string_view name, std::string_view type, std::string_view value) {
    const std::string words = clean(value);
    if (words.empty()) return;
    json_.begin_object();
    json_.member("name", name);
    json_.member(type, std::string_view(words));
    json_.end_object();
  }
  void code(std::string_view name, std::string_view value) { parameter(name, "valueCode", value); }
  void string(std::string_view name, std::string_view value) { parameter(name, "valueString", value); }

  template <class Write>
  void parts(std::string_view name, const Write& write) {
    json_.begin_object();
    json_.member("name", name);
    object_list("part", write);
    json_.end_object();
  }

  void write_result() {
    json_.begin_object();
    json_.member("resourceType", "Parameters");
    json_.member("id", "result");
    object_list("parameter", [&] {
      code("disposition", to_string(data_.disposition));
      json_.begin_object();
      json_.member("name", "complete");
      json_.member("valueBoolean", data_.complete);
      json_.end_object();
      string("summary", data_.summary);
      string("profile-digest", data_.profile->digest);
      code("language", data_.language);
      if (data_.loaded != nullptr) write_loaded();
    });
    json_.end_object();
  }

  void write_loaded() {
    string("deferral", data_.text(data_.pack().deferral));
    write_pack(data_.pack());
    for (const LoadedPack* used : data_.loaded->used) write_pack(used->pack);
    std::size_t number = 0;
    for (const Advisory& advisory : data_.advisories) write_advisory(advisory, is_issue(advisory) ? ++number : 0);
    for (const Withheld& withheld : data_.withheld) {
      parts("withheld", [&] {
        string("kind", withheld.kind);
        string("reason", phrases_.say(Message::kWithheld));
        for (const std::string_view rule : withheld.rules) string("rule", rule);
      });
    }
    for (const SubjectOutcome& outcome : data_.outcomes) {
      parts("outcome", [&] {
        string("rule", outcome.subject.id());
        code("status", to_string(outcome.status));
        string("reason", outcome.reason);
      });
    }
    for (const DisabledRule* rule : data_.loaded->disabled) {
      parts("disabled", [&] {
        string("rule", rule->rule);
        string("reason", rule->reason);
        string("person", rule->person);
        string("date", rule->date);
      });
    }
    for (const Question& question : data_.questions) write_question(question);
  }

  void write_pack(const Pack& pack) {
    parts("pack", [&] {
      string("id", pack.id);
      string("version", pack.version);
      string("digest", pack.digest);
      code("status", to_string(pack.status));
    });
  }

  void write_advisory(const Advisory& advisory, std::size_t issue) {
    const Subject& subject = advisory.subject;
    parts("advisory", [&] {
      string("id", subject.id());
      string("kind", subject.kind());
      code("role", to_string(subject.role()));
      code("status", to_string(advisory.status));
      code("severity", to_string(advisory.severity));
      string("title", advisory.title);
      string("statement", advisory.statement);
      for (const std::string_view detail : advisory.details) string("detail", detail);
      for (const std::string& note : advisory.notes) string("note", note);
      for (const std::string& source : phrases_.sources(subject)) string("source", source);
      if (issue == 0) return;
      json_.begin_object();
      json_.member("name", "issue");
      json_.key("valueReference");
      write_reference("#issue-" + std::to_string(issue));
      json_.end_object();
    });
  }

  void write_question(const Question& question) {
    const FactDeclaration& fact = data_.vocabulary()[question.fact];
    parts("question", [&] {
      string("fact", fact.name);
      string("ask", data_.text(fact.ask));
      code("type", to_string(fact.type));
      code("unknown", to_string(data_.facts[question.fact].reason));
      for (const std::string_view rule : question.decides) string("decides", rule);
    });
  }

  // ---- what went wrong

  [[nodiscard]] bool has_messages() const {
    const auto failed = [](const SubjectOutcome& outcome) { return outcome.status == RuleStatus::kFailed; };
    return !data_.diagnostics.empty() || std::any_of(data_.outcomes.begin(), data_.outcomes.end(), failed);
  }

  void write_messages() {
    json_.begin_object();
    json_.member("resourceType", "OperationOutcome");
    json_.member("id", "messages");
    object_list("issue", [&] {
      for (const SubjectOutcome& outcome : data_.outcomes) {
        if (outcome.status != RuleStatus::kFailed) continue;
        const std::string id(outcome.subject.id());
        write_message("error", "exception", outcome.reason.empty() ? id : id + ": " + outcome.reason, {});
      }
      for (const Diagnostic& diagnostic : data_.diagnostics) {
        const bool error = diagnostic.level == DiagnosticLevel::kError;
        const bool note = diagnostic.level == DiagnosticLevel::kNote;
        write_message(error  ? "error"
                      : note ? "information"
                             : "warning",
                      note ? "informational" : "processing", diagnostic.message, to_string(diagnostic));
      }
    });
    json_.end_object();
  }

  void write_message(std::string_view severity, std::string_view type, std::string_view message,
                     std::string_view whole) {
    json_.begin_object();
    json_.member("severity", severity);
    json_.member("code", type);
    json_.key("details");
    write_text_concept(message);
    text_member("diagnostics", whole);
    json_.end_object();
  }

  const EvaluationData& data_;
  const RenderOptions& options_;
  Phrases phrases_;
  JsonWriter json_;
};

}  // namespace

std::string render_fhir(const EvaluationData& data, const RenderOptions& options) {
  std::string out;
  GuidanceWriter(data, options, out).write();
  return out;
}

}  // namespace caveat
