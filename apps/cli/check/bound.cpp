#include "check/bound.hpp"

#include "check/allocations.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace caveat::cli {

namespace {

// ---- Between host and plugin
// A table of functions that look like a plugin to the host and pass every call on. What they need to know stands in a
// variable of the thread: the ABI has no room for it, and only one call at a time is made on a thread.

struct Between {
  const caveat_plugin* plugin = nullptr;
  const Manner* manner = nullptr;
  LongerCopies* copies = nullptr;  ///< for what the call hands over
  caveat_sink sink{};              ///< the host's own
};
thread_local Between* t_between = nullptr;

/// The plugin's code runs while one of these lives.
class Inside {
 public:
  Inside() {
    if (t_between->manner->counted) Allocations::enter_plugin();
  }
  ~Inside() { Allocations::leave_plugin(); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
};

/// The host's code runs, called by the plugin.
class Outside {
 public:
  Outside() { Allocations::leave_plugin(); }
  ~Outside() {
    if (t_between->manner->counted) Allocations::enter_plugin();
  }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;
};

extern "C" {

static caveat_status pass_advise(const caveat_sink*, std::uint32_t row, const caveat_advice* advice) {
  const Outside outside;
  return t_between->sink.advise(&t_between->sink, row, advice);
}
static caveat_node_id pass_node(const caveat_sink*, std::uint32_t row, const caveat_node* node) {
  const Outside outside;
  return t_between->sink.node(&t_between->sink, row, node);
}
static caveat_status pass_report(const caveat_sink*, std::uint32_t row, const caveat_report* report) {
  const Outside outside;
  return t_between->sink.report(&t_between->sink, row, report);
}
static caveat_status pass_derive(const caveat_sink*, std::uint32_t row, std::uint32_t fact, const caveat_value* value) {
  const Outside outside;
  return t_between->sink.derive(&t_between->sink, row, fact, value);
}
static caveat_status pass_fail(const caveat_sink*, std::uint32_t row, caveat_text_id reason) {
  const Outside outside;
  return t_between->sink.fail_profile(&t_between->sink, row, reason);
}

static caveat_status pass_bind(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                               caveat_message* message) {
  LongerCopies& copies = *t_between->copies;
  caveat_message* const longer = copies.one(*message);
  const caveat_host* const told = t_between->manner->longer ? copies.one(*host) : host;
  const Inside inside;
  const caveat_status status = t_between->plugin->bind(told, binding, instance, longer);
  message->length = longer->length;
  return status;
}

}  // extern "C"

using Function = caveat_status (*caveat_plugin::*)(caveat_instance*, const caveat_batch*, const caveat_sink*);

template <Function function>
caveat_status pass_batch(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  Between& between = *t_between;
  between.sink = *sink;
  caveat_sink own = *sink;
  own.advise = &pass_advise;
  own.node = &pass_node;
  own.report = &pass_report;
  own.derive = &pass_derive;
  own.fail_profile = &pass_fail;
  const bool longer = between.manner->longer;
  const caveat_batch* const told = longer ? between.copies->batch(*batch) : batch;
  const caveat_sink* const with = longer ? between.copies->one(own) : &own;
  const Inside inside;
  return (between.plugin->*function)(instance, told, with);
}

const caveat_plugin kBetween = [] {
  caveat_plugin table{};
  table.bind = &pass_bind;
  table.advise = &pass_batch<&caveat_plugin::advise>;
  table.check = &pass_batch<&caveat_plugin::check>;
  table.derive = &pass_batch<&caveat_plugin::derive>;
  return table;
}();

const caveat_host kHost = plain_host(CAVEAT_VERSION);

/// While one of these lives, calls on this thread pass through it.
class Passing {
 public:
  explicit Passing(Between& between) { t_between = &between; }
  ~Passing() { t_between = nullptr; }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
};

// ---- What is told, copied so that it can be spoiled

std::unique_ptr<Telling> copy_of(const caveat_binding& raw) {
  auto out = std::make_unique<Telling>();
  out->raw = raw;
  out->rules.assign(raw.rules, raw.rules + raw.rule_count);
  for (const caveat_rule& rule : out->rules) out->fields.emplace_back(rule.fields, rule.fields + rule.field_count);
  return out;
}

void connect(Telling& telling) {
  for (std::size_t i = 0; i < telling.rules.size(); ++i) {
    telling.rules[i].fields = telling.fields[i].data();
    telling.rules[i].field_count = static_cast<std::uint32_t>(telling.fields[i].size());
  }
  telling.raw.rules = telling.rules.data();
  telling.raw.rule_count = static_cast<std::uint32_t>(telling.rules.size());
}

Failure refused(const PluginInfo& plugin, const std::string& why) {
  return fail(ErrorKind::kLoad,
              {DiagnosticLevel::kError, "plugin-refused", Place{plugin.path.string(), 0, 0}, why, {}});
}

void take(std::vector<Derivation> derivations, const Manifest& manifest, const Vocabulary& vocabulary,
          std::vector<Facts>& facts, std::vector<Told>& told) {
  for (std::size_t row = 0; row < derivations.size(); ++row) {
    told[row].derived = std::move(derivations[row].values);
    told[row].failure = std::move(derivations[row].failure);
    told[row].fault = derivations[row].fault;
    for (std::size_t i = 0; i < manifest.derives.size(); ++i) {
      FactState& state = facts[row][*vocabulary.find(manifest.derives[i].name)];
      state = FactState{};
      if (!told[row].derived[i]) continue;
      state.known = true;
      state.value = *told[row].derived[i];
    }
  }
}

void take(std::vector<PluginReply> replies, std::vector<Told>& told) {
  for (std::size_t row = 0; row < replies.size(); ++row) {
    PluginReply& reply = replies[row];
    if (told[row].failure.empty()) std::tie(told[row].failure, told[row].fault) = std::tie(reply.failure, reply.fault);
    if (!reply.drafts.empty()) told[row].drafts = std::move(reply.drafts);
    if (!reply.checks.empty()) told[row].checks = std::move(reply.checks);
  }
}

}  // namespace

Result<Bound> Bound::bind(const caveat_plugin& table, const PluginInfo& plugin, const World& world, const Guard& guard,
                          const Manner& manner, const std::function<void(Telling&)>& change) {
  Bound out(table, plugin, world);
  auto briefing = Briefing::make(plugin, world.rules, world.vocabulary, &guard);
  if (!briefing) return Failure(briefing.error());
  out.briefing_ = std::move(*briefing);
  out.copies_ = std::make_unique<LongerCopies>();
  const caveat_binding* told = &out.briefing_->raw();
  if (change) {
    out.telling_ = copy_of(*told);
    change(*out.telling_);
    connect(*out.telling_);
    told = &out.telling_->raw;
  }
  if (manner.longer) told = out.copies_->binding(*told);
  Between between{&table, &manner, out.copies_.get(), {}};
  const Passing passing(between);
  const std::string failure = call_bind(kBetween, kHost, *told, out.instance_);
  if (!failure.empty()) return refused(plugin, failure);
  return out;
}

Bound::Bound(Bound&& other) noexcept
    : table_(other.table_),
      plugin_(other.plugin_),
      world_(other.world_),
      briefing_(std::move(other.briefing_)),
      telling_(std::move(other.telling_)),
      copies_(std::move(other.copies_)),
      instance_(std::exchange(other.instance_, nullptr)) {}

Bound::~Bound() {
  if (instance_ != nullptr) call_unbind(*table_, instance_);
}

/// Deriving knows of no language.
static std::string_view language_of(Call call, const Manner& manner) {
  return call == Call::kDerive ? std::string_view() : std::string_view(manner.language);
}

std::string Bound::call(Call call, std::span<const Facts* const> profiles, Acceptor& acceptor,
                        const OutcomeBatch* outcomes, const Manner& manner) const {
  const Columns columns(*briefing_, call, profiles, outcomes, language_of(call, manner));
  std::optional<Overshown> overshown;
  if (manner.overshow != nullptr) overshown.emplace(*briefing_, call, columns.raw(), *manner.overshow);
  LongerCopies copies;
  Between between{table_, &manner, &copies, {}};
  const Passing passing(between);
  const caveat_batch& batch = overshown ? overshown->raw() : columns.raw();
  return describe(call_batch(kBetween, instance_, call, batch, sink_into(acceptor, manner.limits)));
}

std::vector<Told> Bound::tell(std::span<const Facts> profiles, std::span<const RuleStatus> statuses,
                              const Manner& manner) const {
  std::vector<Facts> facts(profiles.begin(), profiles.end());
  std::vector<const Facts*> pointers;
  for (const Facts& one : facts) pointers.push_back(&one);
  std::vector<Told> told(facts.size());
  const OutcomeBatch outcomes{facts.size(), statuses};
  const Manifest& manifest = plugin_->manifest;
  const auto run = [&](Call which, auto collect) {
    const OutcomeBatch* shown = which == Call::kAdvise ? &outcomes : nullptr;
    Acceptor acceptor(*briefing_, which, pointers, shown, language_of(which, manner));
    std::string failure = call(which, pointers, acceptor, shown, manner);
    if (!failure.empty()) acceptor.fail_batch(std::move(failure));
    collect(acceptor);
  };
  if (!manifest.derives.empty()) {
    run(Call::kDerive,
        [&](Acceptor& said) { take(said.take_derivations(), manifest, world_->vocabulary, facts, told); });
  }
  const auto collect = [&](Acceptor& said) { take(said.take_replies(), told); };
  if (!manifest.kinds.empty()) run(Call::kAdvise, collect);
  if (!manifest.checks.empty()) run(Call::kCheck, collect);
  return told;
}

// ---- Words

namespace {

std::string words_of(const DraftText& text) {
  return text.vetted != nullptr ? "`" + std::string(text.vetted->in("en")) + "`" : "\"" + text.free + "\"";
}

std::string words_of(const CheckReport& report, std::uint32_t node) {
  const CheckNode& at = report.nodes[node];
  std::string out = std::string(to_string(at.value)) + " " + words_of(at.text) + " {";
  for (const FactId fact : at.reads) out += " " + std::to_string(fact);
  for (const std::uint32_t child : at.children) out += " (" + words_of(report, child) + ")";
  return out + " }";
}

}  // namespace

std::string Bound::words(const Told& told) const {
  std::string out;
  if (!told.failure.empty()) return "it failed: " + told.failure;
  for (std::size_t i = 0; i < told.derived.size(); ++i) {
    const FactDeclaration& fact = plugin_->manifest.derives[i];
    out += fact.name + " = " + (told.derived[i] ? display(fact, *told.derived[i], "en") : "unknown") + "; ";
  }
  for (const Draft& draft : told.drafts) {
    out += world_->rules[draft.rule]->id + ": " + words_of(draft.title) + " " + words_of(draft.statement);
    for (const DraftText& detail : draft.details) out += " " + words_of(detail);
    if (draft.subject) out += " of fact " + std::to_string(*draft.subject);
    if (draft.severity) out += " as " + std::string(to_string(*draft.severity));
    out += "; ";
  }
  for (const CheckReport& report : told.checks) {
    out += plugin_->manifest.checks[report.check].id + " " + std::string(to_string(report.status));
    out += report.root ? ": " + words_of(report, *report.root) : "";
    out += " " + words_of(report.statement) + "; ";
  }
  return out;
}

}  // namespace caveat::cli
