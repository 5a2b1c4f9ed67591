#include "plugin_host/accept.hpp"

#include "base/text_file.hpp"
#include "plugin_abi/abi_struct.hpp"

#include <algorithm>
#include <tuple>

namespace caveat {

namespace {

std::optional<Tri> tri_of(caveat_tri value) {
  if (value > CAVEAT_TRUE) return std::nullopt;
  return static_cast<Tri>(value);
}

RuleStatus status_of(Tri value) {
  switch (value) {
    case Tri::kTrue: return RuleStatus::kMet;
    case Tri::kFalse: return RuleStatus::kNotMet;
    case Tri::kUnknown: break;
  }
  return RuleStatus::kUndetermined;
}

Tri derive_value(CheckNode::Op op, std::span<const Tri> children) {
  if (op == CheckNode::Op::kNot) return tri_not(children.front());
  Tri value = children.front();
  for (const Tri child : children.subspan(1))
    value = op == CheckNode::Op::kAll ? tri_and(value, child) : tri_or(value, child);
  return value;
}

std::string number(std::uint32_t index) { return std::to_string(index); }

}  // namespace

Acceptor::Acceptor(const Briefing& bound, Call call, std::span<const Facts* const> profiles,
                   const OutcomeBatch* outcomes, std::string_view language)
    : bound_(bound),
      call_(call),
      profiles_(profiles),
      outcomes_(outcomes),
      language_(language),
      replies_(profiles.size()) {
  const Manifest& manifest = bound.manifest();
  things_ = call == Call::kAdvise  ? bound.rules().size()
            : call == Call::kCheck ? manifest.checks.size()
                                   : manifest.derives.size();
  said_.resize(things_ * profiles.size());
  if (call == Call::kCheck) nodes_.resize(profiles.size());
  if (call != Call::kDerive) return;
  derivations_.resize(profiles.size());
  for (Derivation& derivation : derivations_) derivation.values.resize(things_);
}

void Acceptor::fail_batch(std::string reason) {
  if (batch_failure_.empty()) batch_failure_ = std::move(reason);
}

caveat_status Acceptor::refuse(std::uint32_t row, Fault fault, std::string reason) {
  PluginReply& reply = replies_[row];
  if (!reply.failure.empty()) return CAVEAT_REFUSED;
  reply.failure = std::move(reason);
  reply.fault = fault;
  return CAVEAT_REFUSED;
}

caveat_status Acceptor::refuse(std::uint32_t row, Problem problem) {
  return refuse(row, problem.fault, std::move(problem.reason));
}

/// Whether the plugin may still say something of the row in this call.
bool Acceptor::open(std::uint32_t row, Call call) {
  if (row >= replies_.size()) {
    fail_batch("it spoke of a profile that is not in the batch");
    return false;
  }
  if (call != call_) refuse(row, Fault::kProtocol, "it used a part of the sink that does not belong to the call");
  return replies_[row].failure.empty();
}

/// Marks a rule, check or derived fact as said. False when it was already.
bool Acceptor::say_first(std::uint32_t row, std::size_t thing) {
  std::uint8_t& said = said_[row * things_ + thing];
  if (said != 0) return false;
  said = 1;
  return true;
}

// ---- Words

std::optional<DraftText> Acceptor::words(std::uint32_t row, const caveat_words& words, const Use& use) {
  if (words.handle == 0) return own_words(row, words.own, use);
  const BoundText* text = bound_.text(words.handle);
  if (text == nullptr) {
    refuse(row, Fault::kProtocol, "it named a text that does not exist (" + number(words.handle) + ")");
    return std::nullopt;
  }
  if (text->has_placeholders && !use.has_subject) {
    refuse(row, Fault::kProtocol, "it used a text that shows a fact, and named no fact");
    return std::nullopt;
  }
  return DraftText{text->text, {}};
}

std::optional<DraftText> Acceptor::own_words(std::uint32_t row, caveat_str text, const Use& use) {
  if (text.size == 0) return DraftText{};
  const auto refused = [&](Fault fault, std::string reason) {
    refuse(row, fault, std::move(reason));
    return std::nullopt;
  };
  if (text.data == nullptr) return refused(Fault::kProtocol, "it handed over a text without its bytes");
  if (own_bytes_.empty()) own_bytes_.resize(replies_.size());
  if (text.size > PluginQuotas::kOwnTextBytesMax || own_bytes_[row] + text.size > PluginQuotas::kOwnBytesMax) {
    return refused(Fault::kQuota, "it said more than its quota of words");
  }
  own_bytes_[row] += text.size;
  DraftText out{nullptr, std::string(text.data, text.size)};
  if (!check_text(out.free, {}, ErrorKind::kInput))
    return refused(Fault::kUtf8, "it handed over a text that is not UTF-8");
  if (bound_.guard() == nullptr) return refused(Fault::kWording, "wording refused: there is no guard to judge it");
  const std::vector<Refusal> refusals = bound_.guard()->check(out.free, language_, {use.role, use.field});
  if (!refusals.empty()) return refused(Fault::kWording, "wording refused: " + refusals.front().category);
  return out;
}

// ---- Advisories

caveat_status Acceptor::advise(std::uint32_t row, const caveat_advice* raw) {
  if (!open(row, Call::kAdvise)) return CAVEAT_REFUSED;
  if (raw == nullptr) return refuse(row, Fault::kProtocol, "it handed over no advisory");
  const caveat_advice advice = sized(raw);
  if (advice.rule == 0 || advice.rule > bound_.rules().size()) {
    return refuse(row, Fault::kProtocol, "it named a rule that does not exist (" + number(advice.rule) + ")");
  }
  const Rule& rule = *bound_.rules()[advice.rule - 1];
  const RuleStatus status = outcomes_->statuses[(advice.rule - 1) * outcomes_->profiles + row];
  if (!rule.kind->speaks_when(status)) {
    return refuse(row, Fault::kProtocol,
                  "it spoke of `" + rule.full_id + "`, on whose outcome its kind does not speak");
  }
  if (!say_first(row, advice.rule - 1))
    return refuse(row, Fault::kProtocol, "it spoke twice of `" + rule.full_id + "`");

  Draft draft;
  draft.rule = advice.rule - 1;
  if (advice.subject != 0) {
    const BoundFact* fact = bound_.fact(advice.subject);
    if (fact == nullptr)
      return refuse(row, Fault::kProtocol, "it named a fact that does not exist (" + number(advice.subject) + ")");
    draft.subject = fact->id;
  }
  if (auto problem = severity(rule, advice.severity, draft)) return refuse(row, std::move(*problem));
  const std::string_view role = to_string(rule.kind->role);
  auto title = words(row, advice.title, {role, "title", draft.subject.has_value()});
  if (!title) return CAVEAT_REFUSED;
  const Use says{role, "says", draft.subject.has_value()};
  auto statement = words(row, advice.statement, says);
  if (!statement || !details(row, advice, says, draft)) return CAVEAT_REFUSED;
  draft.title = std::move(*title);
  draft.statement = std::move(*statement);
  replies_[row].drafts.push_back(std::move(draft));
  return CAVEAT_OK;
}

bool Acceptor::details(std::uint32_t row, const caveat_advice& advice, const Use& use, Draft& draft) {
  if (advice.detail_count == 0) return true;
  if (advice.detail_count > PluginQuotas::kDetailsMax || advice.details == nullptr || advice.detail_stride == 0) {
    refuse(row, Fault::kQuota, "it handed over a list of paragraphs that is too long or not there");
    return false;
  }
  draft.details.reserve(advice.detail_count);
  for (std::uint32_t i = 0; i < advice.detail_count; ++i) {
    auto detail = words(row, strided(advice.details, advice.detail_stride, i), use);
    if (!detail) return false;
    if (detail->vetted != nullptr || !detail->free.empty()) draft.details.push_back(std::move(*detail));
  }
  return true;
}

std::optional<Acceptor::Problem> Acceptor::severity(const Rule& rule, caveat_severity severity, Draft& draft) const {
  if (severity == CAVEAT_SEVERITY_RULE) return std::nullopt;
  if (severity > CAVEAT_SEVERITY_CRITICAL)
    return Problem{Fault::kProtocol, "it gave a severity that does not exist (" + number(severity) + ")"};
  const Severity given = severity == CAVEAT_SEVERITY_CRITICAL  ? Severity::kCritical
                         : severity == CAVEAT_SEVERITY_WARNING ? Severity::kWarning
                                                               : Severity::kInfo;
  if (given > rule.severity) return Problem{Fault::kProtocol, "it lowered the severity of `" + rule.full_id + "`"};
  if (given < rule.severity) draft.severity = given;
  return std::nullopt;
}

// ---- Checks in code

std::string_view Acceptor::check_role() const {
  const std::vector<CheckSchema>& checks = bound_.manifest().checks;
  const auto same = [&](const CheckSchema& check) { return check.role == checks.front().role; };
  return !checks.empty() && std::all_of(checks.begin(), checks.end(), same) ? to_string(checks.front().role) : "";
}

bool Acceptor::any_shown(std::uint32_t row, std::span<const FactId> facts) const {
  const Facts& states = *profiles_[row];
  return std::any_of(facts.begin(), facts.end(), [&](FactId fact) { return is_shown(states[fact]); });
}

caveat_node_id Acceptor::node(std::uint32_t row, const caveat_node* raw) {
  if (!open(row, Call::kCheck)) return 0;
  const auto refused = [&](Problem problem) -> caveat_node_id {
    refuse(row, std::move(problem));
    return 0;
  };
  if (raw == nullptr) return refused({Fault::kProtocol, "it handed over no node"});
  const caveat_node node = sized(raw);
  if (nodes_[row].size() >= PluginQuotas::kNodesMax)
    return refused({Fault::kQuota, "it emitted more nodes than its quota"});
  const auto value = tri_of(node.value);
  if (!value) return refused({Fault::kExplanation, "it gave a node a truth value that does not exist"});
  NodeState out;
  out.node.value = *value;
  if (node.op < CAVEAT_OP_LEAF || node.op > CAVEAT_OP_NOT)
    return refused({Fault::kExplanation, "it emitted a node of an unknown kind"});
  out.node.op = static_cast<CheckNode::Op>(node.op - CAVEAT_OP_LEAF);
  auto problem = out.node.op == CheckNode::Op::kLeaf ? leaf(row, node, out.node) : inner(row, node, out);
  if (problem) return refused(std::move(*problem));
  auto text = words(row, node.words, {check_role(), "says", false});
  if (!text) return 0;
  out.node.text = std::move(*text);
  nodes_[row].push_back(std::move(out));
  return static_cast<caveat_node_id>(nodes_[row].size());
}

std::optional<Acceptor::Problem> Acceptor::leaf(std::uint32_t row, const caveat_node& raw, CheckNode& out) const {
  if (raw.child_count != 0) return Problem{Fault::kExplanation, "it gave a leaf of an explanation children"};
  if (raw.words.handle == 0 && raw.words.own.size == 0)
    return Problem{Fault::kExplanation, "it emitted a leaf of an explanation without words"};
  if (raw.read_count == 0 || raw.reads == nullptr)
    return Problem{Fault::kExplanation, "it emitted a leaf of an explanation that reads no fact"};
  if (raw.read_count > PluginQuotas::kReadsMax)
    return Problem{Fault::kQuota, "it emitted a leaf of an explanation that reads too many facts"};
  for (std::uint32_t i = 0; i < raw.read_count; ++i) {
    const BoundFact* fact = bound_.fact(raw.reads[i]);
    if (fact == nullptr || !fact->seen_in(Call::kCheck))
      return Problem{Fault::kReads, "it explained by a fact that it does not declare to read"};
    out.reads.push_back(fact->id);
  }
  // A finding from nothing but missing answers would read "missing" as an answer.
  if (known(out.value) && !any_shown(row, out.reads))
    return Problem{Fault::kFromNothing, "it claimed a finding although no fact behind it is known"};
  return std::nullopt;
}

std::optional<Acceptor::Problem> Acceptor::inner(std::uint32_t row, const caveat_node& raw, NodeState& out) {
  if (raw.read_count != 0) return Problem{Fault::kExplanation, "it let an inner node of an explanation read facts"};
  if (raw.child_count == 0 || raw.children == nullptr)
    return Problem{Fault::kExplanation, "it emitted an inner node of an explanation without children"};
  if (raw.child_count > PluginQuotas::kChildrenMax)
    return Problem{Fault::kQuota, "it emitted a node with too many children"};
  if (out.node.op == CheckNode::Op::kNot && raw.child_count != 1)
    return Problem{Fault::kExplanation, "it emitted a `not` with several children"};
  std::vector<Tri> values;
  for (std::uint32_t i = 0; i < raw.child_count; ++i) {
    const caveat_node_id handle = raw.children[i];
    if (handle == 0 || handle > nodes_[row].size())
      return Problem{Fault::kExplanation, "it named a node that does not exist (" + number(handle) + ")"};
    NodeState& child = nodes_[row][handle - 1];
    // A node with two parents would make a tree that is small to hand over grow without bound when it is written out.
    if (child.has_parent) return Problem{Fault::kExplanation, "it gave a node of an explanation two parents"};
    child.has_parent = true;
    out.depth = std::max(out.depth, child.depth + 1);
    out.node.children.push_back(handle - 1);
    values.push_back(child.node.value);
  }
  if (out.depth > PluginQuotas::kDepthMax)
    return Problem{Fault::kQuota, "it emitted an explanation that nests too deeply"};
  if (derive_value(out.node.op, values) != out.node.value)
    return Problem{Fault::kExplanation, "its explanation contradicts itself"};
  return std::nullopt;
}

caveat_status Acceptor::report(std::uint32_t row, const caveat_report* raw) {
  if (!open(row, Call::kCheck)) return CAVEAT_REFUSED;
  if (raw == nullptr) return refuse(row, Fault::kProtocol, "it handed over no report");
  const caveat_report report = sized(raw);
  const std::vector<CheckSchema>& checks = bound_.manifest().checks;
  if (report.check == 0 || report.check > checks.size()) {
    return refuse(row, Fault::kProtocol, "it named a check that does not exist (" + number(report.check) + ")");
  }
  const CheckSchema& check = checks[report.check - 1];
  if (!say_first(row, report.check - 1))
    return refuse(row, Fault::kProtocol, "it reported twice on `" + check.full_id + "`");
  const auto value = tri_of(report.value);
  if (!value) return refuse(row, Fault::kExplanation, "it reported a truth value that does not exist");
  if (report.root == 0 || report.root > nodes_[row].size()) {
    return refuse(row, Fault::kExplanation, "it reported on `" + check.full_id + "` without an explanation");
  }
  if (nodes_[row][report.root - 1].node.value != *value) {
    return refuse(row, Fault::kExplanation, "its report on `" + check.full_id + "` contradicts its explanation");
  }
  if (auto problem = check_tree(row, report.root - 1, report.check - 1)) return refuse(row, std::move(*problem));
  auto statement = words(row, report.statement, {to_string(check.role), "says", false});
  if (!statement) return CAVEAT_REFUSED;

  nodes_[row][report.root - 1].has_parent = true;
  CheckReport out;
  out.check = report.check - 1;
  out.status = status_of(*value);
  out.root = copy_tree(row, report.root - 1, out);
  out.statement = std::move(*statement);
  replies_[row].checks.push_back(std::move(out));
  return CAVEAT_OK;
}

std::optional<Acceptor::Problem> Acceptor::check_tree(std::uint32_t row, std::uint32_t root, std::size_t check) const {
  const NodeState& state = nodes_[row][root];
  if (state.has_parent) return Problem{Fault::kExplanation, "it gave a node of an explanation two parents"};
  const std::span<const FactId> declared = bound_.check_reads(check);
  std::vector<std::uint32_t> open = {root};
  while (!open.empty()) {
    const CheckNode& node = nodes_[row][open.back()].node;
    open.pop_back();
    for (const FactId fact : node.reads) {
      if (std::find(declared.begin(), declared.end(), fact) == declared.end()) {
        return Problem{Fault::kReads, "it explained `" + bound_.manifest().checks[check].full_id +
                                          "` by a fact that the check does not declare to read"};
      }
    }
    open.insert(open.end(), node.children.begin(), node.children.end());
  }
  return std::nullopt;
}

/// Copies a tree, children first; its depth is bounded. Returns the root's place in the report.
std::uint32_t Acceptor::copy_tree(std::uint32_t row, std::uint32_t node, CheckReport& report) const {
  CheckNode copy = nodes_[row][node].node;
  for (std::uint32_t& child : copy.children) child = copy_tree(row, child, report);
  report.nodes.push_back(std::move(copy));
  return static_cast<std::uint32_t>(report.nodes.size() - 1);
}

// ---- Derived facts

caveat_status Acceptor::derive(std::uint32_t row, std::uint32_t index, const caveat_value* value) {
  if (!open(row, Call::kDerive)) return CAVEAT_REFUSED;
  const std::vector<FactDeclaration>& derives = bound_.manifest().derives;
  if (index == 0 || index > derives.size())
    return refuse(row, Fault::kProtocol, "it derived a fact that does not exist (" + number(index) + ")");
  const FactDeclaration& fact = derives[index - 1];
  if (!say_first(row, index - 1)) return refuse(row, Fault::kProtocol, "it derived `" + fact.name + "` twice");
  if (value == nullptr) return refuse(row, Fault::kProtocol, "it handed over no value");
  if (value->type == CAVEAT_TYPE_NONE) return CAVEAT_OK;
  auto read = read_value(fact, *value);
  if (auto* problem = std::get_if<std::string>(&read)) return refuse(row, Fault::kValue, std::move(*problem));
  if (!any_shown(row, bound_.derived_reads(index - 1))) {
    return refuse(row, Fault::kFromNothing, "it derived `" + fact.name + "` although no fact that it reads is known");
  }
  derivations_[row].values[index - 1] = std::get<FactValue>(std::move(read));
  return CAVEAT_OK;
}

caveat_status Acceptor::fail_profile(std::uint32_t row, caveat_text_id reason) {
  if (!open(row, call_)) return CAVEAT_REFUSED;
  const BoundText* text = bound_.text(reason);
  if (text != nullptr && !text->has_placeholders) {
    refuse(row, Fault::kGaveUp, "it gave up: " + std::string(text->text->in(language_.empty() ? "en" : language_)));
  } else {
    refuse(row, reason == 0 ? Fault::kGaveUp : Fault::kProtocol,
           reason == 0 ? "it gave up on the profile" : "it named a text that does not exist (" + number(reason) + ")");
  }
  return CAVEAT_OK;
}

// ---- The end of the call

std::vector<PluginReply> Acceptor::take_replies() {
  for (std::uint32_t row = 0; row < replies_.size(); ++row) {
    PluginReply& reply = replies_[row];
    if (!batch_failure_.empty()) std::tie(reply.failure, reply.fault) = std::tuple(batch_failure_, Fault::kCall);
    if (!reply.failure.empty()) {
      reply.drafts.clear();
      reply.checks.clear();
      continue;
    }
    for (std::uint32_t i = 0; call_ == Call::kCheck && i < things_; ++i) {
      if (say_first(row, i)) reply.checks.push_back({i, RuleStatus::kFailed, {}, {}, {}});
    }
    std::sort(reply.drafts.begin(), reply.drafts.end(), [](const Draft& a, const Draft& b) { return a.rule < b.rule; });
    std::sort(reply.checks.begin(), reply.checks.end(),
              [](const CheckReport& a, const CheckReport& b) { return a.check < b.check; });
  }
  return std::move(replies_);
}

std::vector<Derivation> Acceptor::take_derivations() {
  for (std::size_t row = 0; row < derivations_.size(); ++row) {
    Derivation& one = derivations_[row];
    one.failure = batch_failure_.empty() ? std::move(replies_[row].failure) : batch_failure_;
    one.fault = batch_failure_.empty() ? replies_[row].fault : Fault::kCall;
    if (!one.failure.empty()) one.values.assign(things_, std::nullopt);
  }
  return std::move(derivations_);
}

}  // namespace caveat
