// caveat.evaluation/1. Keys stand in the order of docs/formats/evaluation.md; keys beyond it follow those they belong
// to.
#include "advisory/messages.hpp"
#include "base/json_writer.hpp"
#include "evaluation/render.hpp"

namespace caveat {

namespace {

class EvaluationWriter {
 public:
  EvaluationWriter(const EvaluationData& data, const RenderOptions& options, std::string& out)
      : data_(data), options_(options), json_(out, options.pretty) {}

  void write() {
    json_.begin_object();
    json_.member("schema", "caveat.evaluation/1");
    json_.member("id", std::string_view(data_.id()));
    json_.member("evaluated_at", std::string_view(data_.at_text));
    json_.member("language", std::string_view(data_.language));
    write_profile();
    write_engine();
    write_packs();
    write_plugins();
    json_.member("disposition", to_string(data_.disposition));
    json_.member("complete", data_.complete);
    json_.member("summary", std::string_view(data_.summary));
    json_.member("deferral", data_.loaded == nullptr ? std::string_view() : data_.text(data_.pack().deferral));
    list("advisories", data_.advisories, [&](const Advisory& advisory) { write_advisory(advisory); });
    list("withheld", data_.withheld, [&](const Withheld& withheld) { write_withheld(withheld); });
    list("outcomes", data_.outcomes, [&](const SubjectOutcome& outcome) { write_outcome(outcome); });
    write_disabled();
    list("questions", data_.questions, [&](const Question& question) { write_question(question); });
    list("diagnostics", data_.diagnostics, [&](const Diagnostic& diagnostic) { write_diagnostic(diagnostic); });
    json_.end_object();
  }

 private:
  template <class Items, class Write>
  void list(std::string_view key, const Items& items, Write write) {
    json_.key(key);
    json_.begin_array();
    for (const auto& item : items) write(item);
    json_.end_array();
  }

  void write_profile() {
    json_.key("profile");
    json_.begin_object();
    if (!data_.profile->id.empty()) json_.member("id", std::string_view(data_.profile->id));
    json_.member("digest", std::string_view(data_.profile->digest));
    json_.end_object();
  }

  void write_engine() {
    json_.key("engine");
    json_.begin_object();
    json_.member("version", CAVEAT_VERSION);
    json_.end_object();
  }

  void write_packs() {
    json_.key("packs");
    json_.begin_array();
    if (data_.loaded != nullptr) {
      write_pack(data_.pack());
      for (const LoadedPack* used : data_.loaded->used) write_pack(used->pack);
    }
    json_.end_array();
  }

  void write_pack(const Pack& pack) {
    json_.begin_object();
    json_.member("id", std::string_view(pack.id));
    json_.member("version", std::string_view(pack.version));
    json_.member("digest", std::string_view(pack.digest));
    json_.member("status", to_string(pack.status));
    json_.end_object();
  }

  void write_plugins() {
    list("plugins", data_.plugins, [&](const PluginStatus& status) {
      const Manifest& manifest = data_.snapshot->host.plugins()[status.plugin].manifest;
      json_.begin_object();
      json_.member("id", std::string_view(manifest.id));
      json_.member("version", std::string_view(manifest.version));
      json_.member("status", status.failure.empty() ? "ok" : "failed");
      if (!status.failure.empty()) json_.member("reason", std::string_view(status.failure));
      json_.end_object();
    });
  }

  void write_advisory(const Advisory& advisory) {
    const Subject& subject = advisory.subject;
    json_.begin_object();
    json_.member("id", subject.id());
    json_.member("kind", subject.kind());
    json_.member("role", to_string(subject.role()));
    json_.member("status", to_string(advisory.status));
    json_.member("severity", to_string(advisory.severity));
    json_.member("title", advisory.title);
    json_.member("statement", advisory.statement);
    if (!advisory.details.empty()) list("details", advisory.details, [&](std::string_view text) { json_.value(text); });
    if (options_.explain != Explain::kNone) write_reasons(advisory);
    write_sources(subject);
    json_.member("defer_to",
                 std::string_view(subject.rule != nullptr ? subject.rule->defer_to : data_.pack().defer_to));
    json_.member("deferral", data_.text(data_.pack().deferral));
    if (!advisory.notes.empty())
      list("notes", advisory.notes, [&](const std::string& note) { json_.value(std::string_view(note)); });
    json_.end_object();
  }

  void write_reasons(const Advisory& advisory) {
    const Reasons& reasons = advisory.reasons;
    list("because", reasons.because, [&](FactId fact) { write_reading(fact); });
    const bool full = options_.explain == Explain::kFull;
    if (full) write_explanation(advisory);
    list("missing", reasons.missing,
         [&](FactId fact) { json_.value(std::string_view(data_.vocabulary()[fact].name)); });
    if (full) list("would_change", reasons.would_change, [&](const Change& change) { write_change(change); });
    if (reasons.met_on_conflict) json_.member("on_conflict", "met");
    if (reasons.last_known) write_last_known(*reasons.last_known);
  }

  void write_explanation(const Advisory& advisory) {
    json_.key("explanation");
    const Rule* rule = advisory.subject.rule;
    if (rule == nullptr) return write_check_explanation(advisory);
    if (rule->condition) return write_node(data_.pack().program->root(*rule->condition));
    // A rule without a condition always applies; it may name the facts that it shows.
    json_.begin_object();
    json_.member("expression", "true");
    json_.member("value", "true");
    write_place(rule->place);
    write_fact_fields(*rule);
    json_.end_object();
  }

  void write_fact_fields(const Rule& rule) {
    std::vector<FactId> facts;
    for (const FieldValue& field : rule.fields) {
      for (const FieldScalar& element : field.elements) {
        if (const FactId* fact = std::get_if<FactId>(&element)) facts.push_back(*fact);
      }
    }
    if (!facts.empty()) list("reads", facts, [&](FactId fact) { write_reading(fact); });
  }

  // Every node has one, so nothing is allocated for it.
  void write_place(const Place& place) {
    place_.assign(data_.pack().relative_file(place));
    append_position(place_, place);
    json_.member("at", std::string_view(place_));
  }

  void write_node(NodeId id) {
    const Program& program = *data_.pack().program;
    const Node& node = program.node(id);
    json_.begin_object();
    json_.member("expression", std::string_view(node.text));
    json_.member("value", to_string(program.truth(id, data_.atoms)));
    write_place(node.place);
    if (node.op == Node::Op::kAtom) {
      write_atom(program, node);
    } else {
      list("children", node.children, [&](NodeId child) { write_node(child); });
    }
    json_.end_object();
  }

  void write_atom(const Program& program, const Node& node) {
    const AtomValue::Kind kind = data_.atoms[node.atom].kind;
    if (kind == AtomValue::Kind::kNull || kind == AtomValue::Kind::kError) {
      json_.member(kind == AtomValue::Kind::kNull ? "null" : "error",
                   std::string_view(program.reason(node.atom, {data_.facts, data_.at})));
    }
    list("reads", program.atoms()[node.atom].reads, [&](FactId fact) { write_reading(fact); });
  }

  void write_check_explanation(const Advisory& advisory) {
    if (advisory.report.root) return write_check_node(advisory.report, *advisory.report.root);
    json_.begin_object();
    json_.member("expression", advisory.subject.id());
    json_.member("value", to_string(Tri::kUnknown));
    json_.end_object();
  }

  void write_check_node(const CheckReport& report, std::uint32_t index) {
    const CheckNode& node = report.nodes[index];
    json_.begin_object();
    json_.member("expression",
                 node.text.vetted != nullptr ? data_.text(*node.text.vetted) : std::string_view(node.text.free));
    json_.member("value", to_string(node.value));
    if (!node.children.empty())
      list("children", node.children, [&](std::uint32_t child) { write_check_node(report, child); });
    if (!node.reads.empty()) list("reads", node.reads, [&](FactId fact) { write_reading(fact); });
    json_.end_object();
  }

  // A fact with its value or why it has none, and where and when it was recorded.
  void write_reading(FactId id) {
    const FactDeclaration& fact = data_.vocabulary()[id];
    const FactState& state = data_.facts[id];
    json_.begin_object();
    json_.member("fact", std::string_view(fact.name));
    if (state.known) {
      json_.key("value");
      write_value(json_, fact, state.value);
    } else {
      json_.member("unknown", to_string(state.reason));
    }
    if (state.stale()) {
      json_.key("last_known");
      write_value(json_, fact, state.value);
    }
    write_provenance(state.recorded, state.source);
    if (state.conflicting())
      list("answers", state.answers->answers, [&](const Answer& answer) { write_answer(fact, answer); });
    json_.end_object();
  }

  void write_answer(const FactDeclaration& fact, const Answer& answer) {
    json_.begin_object();
    if (const auto* value = std::get_if<FactValue>(&answer.content)) {
      json_.key("value");
      write_value(json_, fact, *value);
    } else {
      json_.member("unknown", to_string(std::get<UnknownReason>(answer.content)));
    }
    write_provenance(answer.recorded, answer.source);
    json_.end_object();
  }

  void write_provenance(const std::optional<Date>& recorded, std::string_view source) {
    if (recorded) json_.member("recorded", std::string_view(to_string(*recorded)));
    if (!source.empty()) json_.member("source", source);
  }

  void write_change(const Change& change) {
    const FactDeclaration& fact = data_.vocabulary()[change.fact];
    json_.begin_object();
    json_.member("fact", std::string_view(fact.name));
    if (change.to) {
      json_.key("to");
      write_value(json_, fact, *change.to);
      json_.member("outcome", to_string(change.outcome));
    }
    if (change.partial) json_.member("partial", true);
    json_.end_object();
  }

  void write_last_known(const LastKnown& last_known) {
    json_.key("on_last_known");
    json_.begin_object();
    json_.member("outcome", to_string(last_known.outcome));
    list("facts", last_known.facts, [&](FactId id) {
      const FactState& state = data_.facts[id];
      json_.begin_object();
      json_.member("fact", std::string_view(data_.vocabulary()[id].name));
      json_.key("value");
      write_value(json_, data_.vocabulary()[id], state.value);
      write_provenance(state.recorded, state.source);
      json_.end_object();
    });
    json_.end_object();
  }

  void write_sources(const Subject& subject) {
    json_.key("sources");
    json_.begin_array();
    if (subject.rule != nullptr) {
      for (const Citation& citation : subject.rule->citations) {
        const Source& source = data_.pack().sources[citation.source];
        write_source(source.title, citation.section, source.url);
      }
    } else if (!subject.check->source_title.empty()) {
      write_source(subject.check->source_title, subject.check->source_section, subject.check->source_url);
    }
    json_.end_array();
  }

  void write_source(std::string_view title, std::string_view section, std::string_view url) {
    json_.begin_object();
    json_.member("title", title);
    if (!section.empty()) json_.member("section", section);
    if (!url.empty()) json_.member("url", url);
    json_.end_object();
  }

  void write_withheld(const Withheld& withheld) {
    json_.begin_object();
    json_.member("kind", withheld.kind);
    json_.member("reason", message(Message::kWithheld, data_.language));
    list("rules", withheld.rules, [&](std::string_view rule) { json_.value(rule); });
    json_.end_object();
  }

  void write_outcome(const SubjectOutcome& outcome) {
    json_.begin_object();
    json_.member("rule", outcome.subject.id());
    json_.member("kind", outcome.subject.kind());
    json_.member("status", to_string(outcome.status));
    if (!outcome.reason.empty()) json_.member("reason", std::string_view(outcome.reason));
    json_.end_object();
  }

  void write_disabled() {
    json_.key("disabled");
    json_.begin_array();
    if (data_.loaded != nullptr) {
      for (const DisabledRule* disabled : data_.loaded->disabled) {
        json_.begin_object();
        json_.member("rule", std::string_view(disabled->rule));
        json_.member("reason", std::string_view(disabled->reason));
        json_.member("person", std::string_view(disabled->person));
        json_.member("date", std::string_view(disabled->date));
        json_.end_object();
      }
    }
    json_.end_array();
  }

  void write_question(const Question& question) {
    const FactDeclaration& fact = data_.vocabulary()[question.fact];
    json_.begin_object();
    json_.member("fact", std::string_view(fact.name));
    json_.member("ask", data_.text(fact.ask));
    json_.member("type", to_string(fact.type));
    if (!fact.values.empty())
      list("values", fact.values, [&](const std::string& value) { json_.value(std::string_view(value)); });
    if (!fact.unit.empty()) json_.member("unit", std::string_view(fact.unit));
    json_.member("unknown", to_string(data_.facts[question.fact].reason));
    list("decides", question.decides, [&](std::string_view rule) { json_.value(rule); });
    json_.end_object();
  }

  void write_diagnostic(const Diagnostic& diagnostic) {
    json_.begin_object();
    json_.member("level", diagnostic.level == DiagnosticLevel::kError     ? "error"
                          : diagnostic.level == DiagnosticLevel::kWarning ? "warning"
                                                                          : "note");
    json_.member("code", std::string_view(diagnostic.code));
    if (const std::string place = to_string(diagnostic.place); !place.empty())
      json_.member("at", std::string_view(place));
    json_.member("message", std::string_view(diagnostic.message));
    if (!diagnostic.help.empty()) json_.member("help", std::string_view(diagnostic.help));
    json_.end_object();
  }

  const EvaluationData& data_;
  const RenderOptions& options_;
  JsonWriter json_;
  std::string place_;  // written anew for each place
};

struct ValueWriter {
  JsonWriter& json;
  const FactDeclaration& fact;

  void operator()(bool truth) const { json.value(truth); }
  void operator()(std::int64_t number) const { json.value(number); }
  void operator()(const Decimal& decimal) const { json.value(std::string_view(decimal.to_canonical())); }
  void operator()(const Date& date) const { json.value(std::string_view(to_string(date))); }
  void operator()(Choice choice) const { json.value(std::string_view(fact.values[choice.index])); }
  void operator()(const Quantity& quantity) const {
    json.begin_object();
    json.member("value", std::string_view(quantity.value.to_canonical()));
    json.member("unit", std::string_view(quantity.unit));
    json.end_object();
  }
  void operator()(ChoiceSet set) const {
    json.begin_array();
    for (std::size_t i = 0; i < fact.values.size(); ++i) {
      if (((set.bits >> i) & 1U) != 0) json.value(std::string_view(fact.values[i]));
    }
    json.end_array();
  }
};

}  // namespace

void write_value(JsonWriter& json, const FactDeclaration& fact, const FactValue& value) {
  std::visit(ValueWriter{json, fact}, value);
}

std::string render_json(const EvaluationData& data, const RenderOptions& options) {
  std::string out;
  constexpr std::size_t kUsualBytes = 16'384;
  out.reserve(kUsualBytes);
  EvaluationWriter(data, options, out).write();
  return out;
}

}  // namespace caveat
