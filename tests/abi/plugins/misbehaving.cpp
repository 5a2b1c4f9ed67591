// A plugin against the bare C ABI, without the wrapper that would catch its exceptions. It does what the field
// `behaviour` of its first rule says; each of these is a way in which a host could be led to say too little.
#include <caveat/plugin.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Instance {
  const caveat_binding* binding;
  std::string behaviour;
  bool is(const char* name) const { return behaviour == name; }
};

const caveat_rule& rule(const Instance& self, std::uint32_t index) { return self.binding->rules[index]; }

Instance& of(caveat_instance* instance) { return *reinterpret_cast<Instance*>(instance); }

caveat_str str(const char* text) { return {text, std::strlen(text)}; }

bool bit(const std::uint64_t* plane, std::uint32_t row) { return (plane[row / 64] >> (row % 64) & 1) != 0; }

caveat_status bind(const caveat_host*, const caveat_binding* binding, caveat_instance** instance,
                   caveat_message* message) {
  auto self = std::make_unique<Instance>(Instance{binding, {}});
  if (binding->rule_count > 0 && rule(*self, 0).field_count > 0 && rule(*self, 0).fields[0].count > 0) {
    const caveat_str text = rule(*self, 0).fields[0].values[0].string;
    self->behaviour.assign(text.data, text.size);
  }
  if (self->is("bind-throws")) throw std::runtime_error("no");
  if (self->is("bind-fails")) {
    message->length = 15;
    std::memcpy(message->text, "it has no table", 15);
    return CAVEAT_FAILED;
  }
  if (!self->is("bind-lies")) *instance = reinterpret_cast<caveat_instance*>(self.release());
  return CAVEAT_OK;
}

void unbind(caveat_instance* instance) { delete &of(instance); }

caveat_advice right(std::uint32_t rule_index) {
  caveat_advice advice{};
  advice.size = sizeof advice;
  advice.rule = rule_index + 1;
  return advice;
}

/// What goes wrong in one advice.
void spoil(const Instance& self, caveat_advice& advice, std::vector<caveat_words>& details) {
  if (self.is("rule-out-of-range")) advice.rule = 77;
  if (self.is("zeroed")) advice = caveat_advice{};
  if (self.is("text-out-of-range")) advice.statement.handle = 4'000'000'000u;
  if (self.is("fact-out-of-range")) advice.subject = 99;
  if (self.is("placeholder-without-fact")) advice.statement.handle = 2;
  if (self.is("severity-out-of-range")) advice.severity = 9;
  if (self.is("severity-lowered")) advice.severity = CAVEAT_SEVERITY_INFO;
  if (self.is("severity-raised")) advice.severity = CAVEAT_SEVERITY_CRITICAL;
  if (self.is("not-utf8")) advice.statement.own = {"\xc3\x28", 2};
  if (self.is("no-bytes")) advice.statement.own = {nullptr, 12};
  if (self.is("promises"))
    advice.statement.own = str("Guaranteed results: you will see permanent improvement in two weeks.");
  if (self.is("own-words")) advice.statement.own = str("This sign is for a professional to look at.");
  if (self.is("endless-words")) details.assign(60, {0, 0, str("A sign.")});
  if (self.is("too-many-details")) details.assign(1000, {1, 0, {}});
  if (self.is("huge-text")) advice.statement.own = {"A sign.", std::uint64_t{1} << 40};
  if (self.is("details-missing")) advice.detail_count = 3;
  if (details.empty()) return;
  advice.details = details.data();
  advice.detail_count = static_cast<std::uint32_t>(details.size());
  advice.detail_stride = sizeof(caveat_words);
}

caveat_status advise(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const Instance& self = of(instance);
  if (self.is("throws")) throw std::runtime_error("the value was 42");
  if (self.is("throws-a-number")) throw 42;
  if (self.is("fails")) return CAVEAT_FAILED;
  if (self.is("odd-status")) return 1234;
  if (self.is("row-out-of-range")) {
    const caveat_advice advice = right(0);
    sink->advise(sink, batch->rows, &advice);
    return CAVEAT_OK;
  }
  for (std::uint32_t i = 0; i < self.binding->rule_count; ++i) {
    const caveat_outcome& outcome = batch->outcomes[i];
    for (std::uint32_t row = 0; row < batch->rows; ++row) {
      if (self.is("throws-when-met") && bit(outcome.met, row)) throw std::runtime_error("met");
      if (self.is("silent") && bit(outcome.met, row)) continue;
      if (bit(outcome.not_met, row) && !self.is("speaks-on-not-met")) continue;
      if (self.is("gives-up")) {
        sink->fail_profile(sink, row, 3);
        continue;
      }
      if (self.is("no-advice")) sink->advise(sink, row, nullptr);
      caveat_advice advice = right(i);
      std::vector<caveat_words> details;
      spoil(self, advice, details);
      sink->advise(sink, row, &advice);
      if (self.is("twice")) sink->advise(sink, row, &advice);
      caveat_value value{};
      if (self.is("derives-in-advise")) sink->derive(sink, row, 1, &value);
    }
  }
  return CAVEAT_OK;
}

caveat_node leaf(caveat_tri value, const caveat_fact_id* reads) {
  caveat_node node{};
  node.size = sizeof node;
  node.op = CAVEAT_OP_LEAF;
  node.value = value;
  node.reads = reads;
  node.read_count = 1;
  node.words.handle = 1;
  return node;
}

caveat_node over(caveat_op op, caveat_tri value, const std::vector<caveat_node_id>& children) {
  caveat_node node{};
  node.size = sizeof node;
  node.op = op;
  node.value = value;
  node.children = children.data();
  node.child_count = static_cast<std::uint32_t>(children.size());
  return node;
}

caveat_tri negated(caveat_tri value) {
  if (value == CAVEAT_UNKNOWN) return value;
  return value == CAVEAT_TRUE ? CAVEAT_FALSE : CAVEAT_TRUE;
}

void check_row(const Instance& self, std::uint32_t row, caveat_tri answer, const caveat_sink* sink) {
  const caveat_fact_id pregnant = 1, nothing = 42;
  caveat_node finding = leaf(answer, &pregnant);
  if (self.is("claims-from-nothing")) finding.value = CAVEAT_FALSE;
  if (self.is("truth-out-of-range")) finding.value = 3;
  if (self.is("reads-undeclared")) finding.reads = &nothing;
  if (self.is("reads-nothing")) finding.read_count = 0;
  if (self.is("wordless-leaf")) finding.words.handle = 0;
  if (self.is("unknown-op")) finding.op = 12;
  caveat_node_id root = sink->node(sink, row, &finding);
  if (self.is("node-contradiction")) {
    const caveat_node all = over(CAVEAT_OP_ALL, negated(answer), {root});
    const std::vector<caveat_node_id> children = {root};
    caveat_node wrong = all;
    wrong.children = children.data();
    root = sink->node(sink, row, &wrong);
  }
  if (self.is("two-parents")) {
    const std::vector<caveat_node_id> twice = {root, root};
    const caveat_node all = over(CAVEAT_OP_ALL, answer, twice);
    root = sink->node(sink, row, &all);
  }
  if (self.is("node-out-of-range")) {
    const std::vector<caveat_node_id> children = {1000};
    const caveat_node all = over(CAVEAT_OP_ALL, answer, children);
    root = sink->node(sink, row, &all);
  }
  if (self.is("deep")) {
    for (int i = 0; i < 100; ++i) {
      const std::vector<caveat_node_id> children = {root};
      const caveat_node all = over(CAVEAT_OP_ANY, answer, children);
      root = sink->node(sink, row, &all);
    }
  }
  for (int i = 0; self.is("many-nodes") && i < 5000; ++i) sink->node(sink, row, &finding);
  caveat_report report{};
  report.size = sizeof report;
  report.check = self.is("check-out-of-range") ? 5 : 1;
  report.value = self.is("report-contradiction") ? negated(answer) : answer;
  report.root = self.is("no-explanation") ? 0 : root;
  if (self.is("check-promises"))
    report.statement.own = str("There is no risk: you are suitable, results are guaranteed.");
  sink->report(sink, row, &report);
  if (self.is("reports-twice")) sink->report(sink, row, &report);
}

caveat_status check(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const Instance& self = of(instance);
  if (self.is("check-throws")) throw std::runtime_error("no");
  if (self.is("check-silent")) return CAVEAT_OK;
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    caveat_tri answer = CAVEAT_UNKNOWN;
    if (bit(batch->columns[0].known, row)) answer = bit(batch->columns[0].truth, row) ? CAVEAT_TRUE : CAVEAT_FALSE;
    check_row(self, row, answer, sink);
  }
  return CAVEAT_OK;
}

caveat_status derive(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const Instance& self = of(instance);
  if (self.is("derive-throws")) throw std::runtime_error("no");
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    const bool known = bit(batch->columns[0].known, row);
    if (!known && !self.is("derives-from-nothing")) continue;
    caveat_value value{};
    value.type = CAVEAT_TYPE_INTEGER;
    value.integer = known && bit(batch->columns[0].truth, row) ? 1 : 0;
    if (self.is("derives-another-type")) value.type = CAVEAT_TYPE_BOOLEAN;
    if (self.is("derives-out-of-range")) value.integer = 11;
    if (self.is("derives-no-value")) value.type = CAVEAT_TYPE_NONE;
    sink->derive(sink, row, self.is("derives-no-such-fact") ? 7 : 1, &value);
    if (self.is("derives-twice")) sink->derive(sink, row, 1, &value);
  }
  return CAVEAT_OK;
}

caveat_plugin make_table() {
  caveat_plugin plugin{};
  plugin.size = sizeof plugin;
  plugin.abi_major = CAVEAT_ABI_MAJOR;
  plugin.abi_minor = CAVEAT_ABI_MINOR;
  plugin.manifest = {caveat_manifest_begin, CAVEAT_MANIFEST_SIZE};
  plugin.bind = &bind;
  plugin.unbind = &unbind;
  plugin.advise = &advise;
  plugin.check = &check;
  plugin.derive = &derive;
  return plugin;
}

}  // namespace

const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t, std::uint32_t) {
  static const caveat_plugin plugin = make_table();
  return &plugin;
}
