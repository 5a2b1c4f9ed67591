#include "evaluation/phrases.hpp"

namespace caveat {

std::string_view Phrases::disposition() const {
  switch (data_.disposition) {
    case Disposition::kRefer: return say(Message::kDispositionRefer);
    case Disposition::kIncomplete: return say(Message::kDispositionIncomplete);
    case Disposition::kInsufficientInformation: return say(Message::kDispositionInsufficient);
    case Disposition::kNoContraindicationFound: break;
  }
  return say(Message::kDispositionNoneFound);
}

std::string_view Phrases::status(RuleStatus status) const {
  switch (status) {
    case RuleStatus::kMet: return say(Message::kStatusMet);
    case RuleStatus::kNotMet: return say(Message::kStatusNotMet);
    case RuleStatus::kFailed: return say(Message::kStatusFailed);
    case RuleStatus::kUndetermined: break;
  }
  return say(Message::kStatusUndetermined);
}

std::string_view Phrases::severity(Severity severity) const {
  return say(static_cast<Message>(static_cast<int>(Message::kSeverityCritical) + static_cast<int>(severity)));
}

std::string_view Phrases::heading(Role role) const {
  switch (role) {
    case Role::kBars: return say(Message::kHeadingBars);
    case Role::kSuggests: return say(Message::kHeadingSuggests);
    case Role::kInforms: break;
  }
  return say(Message::kHeadingInforms);
}

std::string Phrases::label(FactId fact) const {
  const FactDeclaration& declaration = data_.vocabulary()[fact];
  return std::string(declaration.label.empty() ? std::string_view(declaration.name) : data_.text(declaration.label));
}

std::string Phrases::labels(const std::vector<FactId>& facts) const {
  std::string out;
  for (const FactId fact : facts) out += (out.empty() ? "" : ", ") + label(fact);
  return out;
}

std::string Phrases::value_with_provenance(FactId fact, const FactValue& value, const std::optional<Date>& recorded,
                                           std::string_view source) const {
  std::string out = display(data_.vocabulary()[fact], value, data_.language) + " (";
  out += recorded ? std::string(say(Message::kRecorded)) + " " + to_string(*recorded)
                  : std::string(say(Message::kUndated));
  if (!source.empty()) out += ", " + std::string(source);
  return out + ")";
}

std::string Phrases::reading(FactId fact) const {
  const FactState& state = data_.facts[fact];
  const std::string name = label(fact) + ": ";
  if (state.known) return name + value_with_provenance(fact, state.value, state.recorded, state.source);
  std::string out = name + display_state(data_.vocabulary()[fact], state, data_.language);
  if (state.stale()) return out + ": " + value_with_provenance(fact, state.value, state.recorded, state.source);
  if (!state.conflicting()) return out;
  std::string_view separator = ": ";
  for (const Answer& answer : state.answers->answers) {
    const auto* value = std::get_if<FactValue>(&answer.content);
    if (value == nullptr) continue;
    out += std::string(separator) + value_with_provenance(fact, *value, answer.recorded, answer.source);
    separator = "; ";
  }
  return out;
}

std::string Phrases::change(const Change& change) const {
  const std::string name = label(change.fact) + ": ";
  if (!change.to) return name + std::string(say(Message::kWouldChangePartial));
  std::string out = name + display(data_.vocabulary()[change.fact], *change.to, data_.language) + " → " +
                    std::string(status(change.outcome));
  if (change.partial) out += " (" + std::string(say(Message::kWouldChangePartial)) + ")";
  return out;
}

std::string Phrases::last_known(const LastKnown& last_known) const {
  std::string facts;
  for (const FactId fact : last_known.facts) {
    const FactState& state = data_.facts[fact];
    facts += (facts.empty() ? "" : "; ") + label(fact) + ": " +
             value_with_provenance(fact, state.value, state.recorded, state.source);
  }
  return std::string(say(Message::kOnLastKnown)) + ", " + facts + ": " + std::string(status(last_known.outcome));
}

std::vector<std::string> Phrases::sources(const Subject& subject) const {
  const auto join = [](const std::string& title, const std::string& section, const std::string& url) {
    std::string out = title;
    if (!section.empty()) out += ", “" + section + "”";
    if (!url.empty()) out += ", " + url;
    return out;
  };
  std::vector<std::string> out;
  if (subject.rule == nullptr) {
    const CheckSchema& check = *subject.check;
    if (!check.source_title.empty()) out.push_back(join(check.source_title, check.source_section, check.source_url));
    return out;
  }
  for (const Citation& citation : subject.rule->citations) {
    const Source& source = data_.pack().sources[citation.source];
    out.push_back(join(source.title, citation.section, source.url));
  }
  return out;
}

std::string_view Phrases::defer_to(const Subject& subject) const {
  if (subject.rule == nullptr || subject.rule->defer_to == data_.pack().defer_to) return {};
  return subject.rule->defer_to;
}

std::string_view Phrases::title(const SubjectOutcome& outcome) const {
  return data_.text(outcome.subject.rule != nullptr ? outcome.subject.rule->title : outcome.subject.check->title);
}

bool Phrases::alike(const Advisory& a, const Advisory& b) {
  return a.subject.kind() == b.subject.kind() && a.status == b.status && a.severity == b.severity &&
         a.statement == b.statement;
}

namespace {

class ReasoningTree {
 public:
  explicit ReasoningTree(const EvaluationData& data) : data_(data), phrases_(data), program_(*data.pack().program) {}

  std::vector<ReasoningLine> lines(const Advisory& advisory) {
    if (const Rule* rule = advisory.subject.rule) {
      if (rule->condition) add_node(program_.root(*rule->condition), 0);
    } else if (advisory.report.root) {
      add_check_node(advisory.report, *advisory.report.root, 0);
    }
    return std::move(lines_);
  }

 private:
  void add_node(NodeId id, std::size_t level) {
    const Node& node = program_.node(id);
    std::string text = node.text + ": " + std::string(to_string(program_.truth(id, data_.atoms)));
    if (level == 0) text += "  [" + to_string(data_.pack().relative(node.place)) + "]";
    lines_.push_back({level, std::move(text)});
    for (const NodeId child : node.children) add_node(child, level + 1);
    if (node.op == Node::Op::kAtom) add_readings(program_.atoms()[node.atom].reads, level + 1);
  }

  void add_check_node(const CheckReport& report, std::uint32_t index, std::size_t level) {
    const CheckNode& node = report.nodes[index];
    const std::string_view text =
        node.text.vetted != nullptr ? data_.text(*node.text.vetted) : std::string_view(node.text.free);
    lines_.push_back({level, std::string(text) + ": " + std::string(to_string(node.value))});
    for (const std::uint32_t child : node.children) add_check_node(report, child, level + 1);
    add_readings(node.reads, level + 1);
  }

  void add_readings(const std::vector<FactId>& facts, std::size_t level) {
    for (const FactId fact : facts) lines_.push_back({level, phrases_.reading(fact)});
  }

  const EvaluationData& data_;
  Phrases phrases_;
  const Program& program_;
  std::vector<ReasoningLine> lines_;
};

}  // namespace

std::vector<ReasoningLine> reasoning(const EvaluationData& data, const Advisory& advisory) {
  return ReasoningTree(data).lines(advisory);
}

}  // namespace caveat
