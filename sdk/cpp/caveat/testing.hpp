// A host for a plugin's own tests: header-only, C++17, nothing of the engine. It loads the built library, binds it to
// facts and rules that the test makes up, calls it, and gives back what it said, as words that a test can compare.
//
//   #include <caveat/testing.hpp>
//
//   namespace testing = caveat::sdk::testing;
//
//   int main() {
//     testing::Host host(CAVEAT_PLUGIN_FILE);                 // caveat_add_plugin_test() defines it
//     host.fact("age", CAVEAT_TYPE_INTEGER);                  // every fact that the manifest reads
//     host.rule("dose_note", "second").text("why", "Because of the first.");
//     host.bind();
//     const testing::Said said = host.advise({{"age", 34}}, {caveat::sdk::Status::kMet});
//     CAVEAT_EXPECT(said.advice("second").details == testing::Lines{"Because of the first."});
//     return testing::result();
//   }
//
// It is a host of a later minor: every array's stride is longer than the plugin's own sizeof. It refuses little of what
// the engine refuses; that is what `caveat plugin check` is for.
#pragma once

#include <caveat/testing/material.hpp>

#include <dlfcn.h>

namespace caveat::sdk::testing {

/// An element of an array as a host of a later minor hands it over: longer than the plugin knows.
template <class T>
struct Longer {
  T value{};
  std::uint64_t more[2] = {~std::uint64_t{0}, ~std::uint64_t{0}};
};
template <class T>
using Array = std::vector<Longer<T>>;

class Host {
 public:
  /// Loads a built plugin. Throws when it is none.
  explicit Host(const std::string& library) : Host(load(library)) {}
  explicit Host(const caveat_plugin* plugin)
      : plugin_(plugin == nullptr ? (mistake("the plugin refuses this host"), plugin) : plugin),
        manifest_(view(plugin->manifest)) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() {
    if (instance_ != nullptr) plugin_->unbind(instance_);
  }

  /// Declares a fact. Every call of the plugin sees it; a real host shows each call only what the manifest declares.
  void fact(std::string name, caveat_type type, std::string unit = {}) {
    add_fact({std::move(name), std::move(unit), {}, type});
  }
  void choice(std::string name, Lines values) {
    add_fact({std::move(name), {}, std::move(values), CAVEAT_TYPE_CHOICE});
  }
  void choices(std::string name, Lines values) {
    add_fact({std::move(name), {}, std::move(values), CAVEAT_TYPE_CHOICES});
  }

  TestRule& rule(const std::string& kind, std::string id) {
    TestRule& rule = rules_.emplace_back();
    rule.id_ = std::move(id);
    rule.kind_ = place(manifest_.kinds, kind);
    for (const Manifest::Field& schema : manifest_.fields[kind]) rule.fields_.push_back({schema, {}});
    return rule;
  }

  /// Tells the plugin all of the above. Throws with the plugin's own words when it refuses.
  void bind() {
    tell_names();
    tell_facts();
    tell_rules();
    std::string words(512, '\0');
    caveat_message message{sizeof(caveat_message), static_cast<std::uint32_t>(words.size()), words.data(), 0};
    const caveat_status status = plugin_->bind(&host_, &binding_, &instance_, &message);
    words.resize(std::min<std::size_t>(words.size(), message.length));
    if (status != CAVEAT_OK) throw std::runtime_error("bind: " + std::to_string(status) + " " + words);
  }

  /// One profile, and where each rule stands, in the order in which they were made.
  Said advise(const Profile& profile, std::vector<Status> statuses) {
    return call(&caveat_plugin::advise, {profile}, {std::move(statuses)}).front();
  }
  Said check(const Profile& profile) { return call(&caveat_plugin::check, {profile}, {}).front(); }
  Said derive(const Profile& profile) { return call(&caveat_plugin::derive, {profile}, {}).front(); }

  // The same for several at once: what is said of each, in their order.
  std::vector<Said> advise(const std::vector<Profile>& profiles, const std::vector<std::vector<Status>>& statuses) {
    return call(&caveat_plugin::advise, profiles, statuses);
  }
  std::vector<Said> check(const std::vector<Profile>& profiles) { return call(&caveat_plugin::check, profiles, {}); }
  std::vector<Said> derive(const std::vector<Profile>& profiles) { return call(&caveat_plugin::derive, profiles, {}); }

 private:
  using Function = caveat_status (*caveat_plugin::*)(caveat_instance*, const caveat_batch*, const caveat_sink*);

  struct TestFact {
    std::string name, unit;
    Lines choices;
    caveat_type type = CAVEAT_TYPE_NONE;
  };

  /// A fact's values in a batch.
  struct Column {
    std::vector<std::uint64_t> known, truth, sets;
    std::vector<std::int64_t> integers;
    std::vector<caveat_decimal> decimals;
    std::vector<std::uint32_t> choices;
  };

  static const caveat_plugin* load(const std::string& library) {
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) mistake(dlerror());
    caveat_plugin_entry_fn entry = nullptr;
    void* symbol = dlsym(handle, CAVEAT_PLUGIN_ENTRY);
    if (symbol == nullptr) mistake(library + " exports no " CAVEAT_PLUGIN_ENTRY);
    std::memcpy(&entry, &symbol, sizeof entry);
    return entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR);
  }

  static std::uint32_t place(const Lines& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) mistake("the manifest has no `" + name + "`");
    return static_cast<std::uint32_t>(found - names.begin()) + 1;
  }

  template <class T>
  static std::uint32_t count(const T& all) {
    return static_cast<std::uint32_t>(all.size());
  }
  template <class T>
  static const T* first(const Array<T>& all) {
    return all.empty() ? nullptr : &all.front().value;
  }

  void add_fact(TestFact fact) { facts_.push_back(std::move(fact)); }

  // ---- bind()

  Array<caveat_str>& borrowed(const Lines& names) {
    Array<caveat_str>& out = names_.emplace_back();
    for (const std::string& name : names) out.push_back({borrow(name), {}});
    return out;
  }

  caveat_names tell(const Lines& names) {
    const Array<caveat_str>& told = borrowed(names);
    return {first(told), count(told), sizeof told.front()};
  }

  void tell_names() {
    binding_.size = sizeof binding_;
    binding_.kinds = tell(manifest_.kinds);
    binding_.derived = tell(manifest_.derived);
    binding_.checks = tell(manifest_.checks);
    binding_.texts = tell(manifest_.texts);
    for (const std::string& id : manifest_.texts) texts_.push_back("[" + id + "]");
  }

  void tell_facts() {
    for (const TestFact& fact : facts_) {
      const Array<caveat_str>& choices = borrowed(fact.choices);
      caveat_fact raw{};
      raw.name = borrow(fact.name);
      raw.type = fact.type;
      raw.column = count(raw_facts_) + 1;
      raw.unit = borrow(fact.unit);
      raw.choices = first(choices);
      raw.choice_count = count(choices);
      raw.choice_stride = sizeof choices.front();
      raw_facts_.push_back({raw, {}});
    }
    binding_.facts = first(raw_facts_);
    binding_.fact_count = count(raw_facts_);
    binding_.fact_stride = sizeof raw_facts_.front();
  }

  void tell_rules() {
    for (TestRule& rule : rules_) {
      caveat_rule raw{};
      raw.id = borrow(rule.id_);
      raw.kind = rule.kind_;
      raw.severity = static_cast<caveat_severity>(rule.severity_);
      raw.title = add_text(rule.id_ + ".title");
      raw.says = add_text(rule.id_ + ".says");
      Array<caveat_field>& fields = raw_fields_.emplace_back();
      for (TestRule::Field& field : rule.fields_) fields.push_back({tell_field(field), {}});
      raw.fields = first(fields);
      raw.field_count = count(fields);
      raw.field_stride = sizeof fields.front();
      raw_rules_.push_back({raw, {}});
    }
    binding_.rules = first(raw_rules_);
    binding_.rule_count = count(raw_rules_);
    binding_.rule_stride = sizeof raw_rules_.front();
  }

  caveat_field tell_field(TestRule::Field& field) {
    static const std::map<std::string, caveat_type> types = {
        {"text", CAVEAT_TYPE_TEXT},       {"string", CAVEAT_TYPE_STRING}, {"integer", CAVEAT_TYPE_INTEGER},
        {"decimal", CAVEAT_TYPE_DECIMAL}, {"choice", CAVEAT_TYPE_CHOICE}, {"boolean", CAVEAT_TYPE_BOOLEAN},
        {"fact", CAVEAT_TYPE_FACT}};
    const std::string& declared = field.schema.type;
    const bool list = declared.rfind("list of ", 0) == 0;
    const auto type = types.find(list ? declared.substr(8) : declared);
    if (type == types.end()) mistake("`" + field.schema.name + "` has no type");
    Array<caveat_value>& values = raw_values_.emplace_back();
    for (TestRule::Element& element : field.elements) values.push_back({tell_value(type->second, element), {}});
    caveat_field raw{};
    raw.name = borrow(field.schema.name);
    raw.type = type->second;
    raw.list = list ? 1 : 0;
    raw.present = values.empty() ? 0 : 1;
    raw.count = count(values);
    raw.values = first(values);
    raw.value_stride = sizeof values.front();
    return raw;
  }

  caveat_value tell_value(caveat_type type, const TestRule::Element& element) {
    caveat_value raw = element.raw;
    raw.type = type;
    if (type == CAVEAT_TYPE_TEXT) raw.number = add_text(element.words);
    if (type == CAVEAT_TYPE_FACT) raw.number = fact_handle(element.words);
    if (type == CAVEAT_TYPE_STRING || type == CAVEAT_TYPE_CHOICE) raw.string = borrow(element.words);
    return raw;
  }

  caveat_text_id add_text(std::string words) {
    texts_.push_back(std::move(words));
    return count(texts_);
  }

  caveat_fact_id fact_handle(const std::string& name) const {
    for (std::uint32_t i = 0; i < facts_.size(); ++i) {
      if (facts_[i].name == name) return i + 1;
    }
    mistake("no fact `" + name + "` was declared");
  }

  // ---- Calls

  struct Call {
    Host& host;
    std::vector<Said> said;
    std::vector<Lines> nodes;  ///< by row: each node as words
    std::vector<std::vector<Tri>> values;
    Said* at(std::uint32_t row) { return row < said.size() ? &said[row] : nullptr; }
  };

  std::vector<Said> call(Function function, const std::vector<Profile>& profiles,
                         const std::vector<std::vector<Status>>& statuses) {
    if (instance_ == nullptr) mistake("call bind() first");
    if (plugin_->*function == nullptr) mistake("the plugin has no such function");
    const auto rows = count(profiles);
    const std::size_t words = (profiles.size() + 63) / 64;
    std::deque<Column> storage;
    Array<caveat_column> columns;
    for (const TestFact& fact : facts_) columns.push_back({column(fact, profiles, storage.emplace_back()), {}});
    std::vector<std::uint64_t> planes(rules_.size() * 3 * words);
    Array<caveat_outcome> outcomes;
    for (std::size_t rule = 0; !statuses.empty() && rule < rules_.size(); ++rule) {
      outcomes.push_back({outcome(rule, statuses, planes.data() + rule * 3 * words, words), {}});
    }
    caveat_batch batch{};
    batch.size = sizeof batch;
    batch.rows = rows;
    batch.words = static_cast<std::uint32_t>(words);
    batch.columns = first(columns);
    batch.column_count = count(columns);
    batch.column_stride = sizeof(Longer<caveat_column>);
    batch.outcomes = first(outcomes);
    batch.outcome_count = count(outcomes);
    batch.outcome_stride = sizeof(Longer<caveat_outcome>);
    batch.language = borrow("en");
    return run(function, batch);
  }

  std::vector<Said> run(Function function, const caveat_batch& batch) {
    Call call{*this, std::vector<Said>(batch.rows), std::vector<Lines>(batch.rows),
              std::vector<std::vector<Tri>>(batch.rows)};
    const caveat_sink sink = {sizeof(caveat_sink), 0,        &call,      nullptr,    0,
                              &on_advise,          &on_node, &on_report, &on_derive, &on_fail};
    const caveat_status status = (plugin_->*function)(instance_, &batch, &sink);
    for (Said& one : call.said) {
      if (status != CAVEAT_OK) one.faults.push_back("the call returned " + std::to_string(status));
    }
    return std::move(call.said);
  }

  static void set(std::vector<std::uint64_t>& plane, std::size_t row) {
    plane[row / 64] |= std::uint64_t{1} << (row % 64);
  }

  static caveat_column column(const TestFact& fact, const std::vector<Profile>& profiles, Column& to) {
    const std::size_t rows = profiles.size();
    to.known.resize((rows + 63) / 64);
    to.truth.resize(to.known.size());
    to.sets.resize(rows), to.integers.resize(rows), to.decimals.resize(rows), to.choices.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const auto found = profiles[row].find(fact.name);
      if (found != profiles[row].end()) store(fact, found->second, row, to);
    }
    const caveat_type type = fact.type;
    const bool whole = type == CAVEAT_TYPE_INTEGER || type == CAVEAT_TYPE_DATE;
    const bool exact = type == CAVEAT_TYPE_DECIMAL || type == CAVEAT_TYPE_QUANTITY;
    return {type,
            0,
            to.known.data(),
            type == CAVEAT_TYPE_BOOLEAN ? to.truth.data() : nullptr,
            whole ? to.integers.data() : nullptr,
            exact ? to.decimals.data() : nullptr,
            type == CAVEAT_TYPE_CHOICE ? to.choices.data() : nullptr,
            type == CAVEAT_TYPE_CHOICES ? to.sets.data() : nullptr};
  }

  static void store(const TestFact& fact, const Value& value, std::size_t row, Column& to) {
    const caveat_value& raw = value.raw();
    const bool is_decimal = raw.type == CAVEAT_TYPE_DECIMAL && fact.type == CAVEAT_TYPE_QUANTITY;
    if (raw.type != fact.type && !is_decimal) mistake("a value of `" + fact.name + "` has another type");
    set(to.known, row);
    if (raw.number == CAVEAT_TRUE) set(to.truth, row);
    to.integers[row] = raw.integer;
    to.decimals[row] = raw.decimal;
    for (const std::string& name : value.names()) {
      to.choices[row] = place(fact.choices, name);
      to.sets[row] |= std::uint64_t{1} << (to.choices[row] - 1);
    }
  }

  caveat_outcome outcome(std::size_t rule, const std::vector<std::vector<Status>>& statuses, std::uint64_t* planes,
                         std::size_t words) const {
    std::uint64_t* const by_status[] = {nullptr, planes + words, planes, planes + 2 * words};
    for (std::size_t row = 0; row < statuses.size(); ++row) {
      if (statuses[row].size() != rules_.size()) mistake("give the status of every rule");
      std::uint64_t* plane = by_status[static_cast<std::size_t>(statuses[row][rule])];
      if (plane != nullptr) plane[row / 64] |= std::uint64_t{1} << (row % 64);
    }
    return {planes, planes + words, planes + 2 * words};
  }

  // ---- The sink

  std::string words(const caveat_words& words) const {
    if (words.handle == 0) return std::string(view(words.own));
    return words.handle <= texts_.size() ? texts_[words.handle - 1] : "a text that does not exist";
  }
  std::string fact_name(caveat_fact_id fact) const {
    return fact == 0 || fact > facts_.size() ? "no such fact" : facts_[fact - 1].name;
  }

  static Call& of(const caveat_sink* sink) { return *static_cast<Call*>(sink->host); }

  static caveat_status refuse(Said* said, std::string why) {
    if (said != nullptr) said->faults.push_back(std::move(why));
    return CAVEAT_REFUSED;
  }

  static caveat_status on_advise(const caveat_sink* sink, std::uint32_t row, const caveat_advice* advice) {
    Call& call = of(sink);
    const Host& host = call.host;
    Said* said = call.at(row);
    if (said == nullptr || advice->rule == 0 || advice->rule > host.rules_.size()) return refuse(said, "no such rule");
    Advice out;
    out.title = host.words(advice->title);
    out.statement = host.words(advice->statement);
    for (std::uint32_t i = 0; i < advice->detail_count; ++i) {
      out.details.push_back(host.words(element(advice->details, advice->detail_stride, i)));
    }
    if (advice->subject != 0) out.subject = host.fact_name(advice->subject);
    out.severity = static_cast<Severity>(advice->severity);
    const std::string& rule = host.rules_[advice->rule - 1].id_;
    if (!said->advices.emplace(rule, std::move(out)).second) return refuse(said, "a second advisory on " + rule);
    return CAVEAT_OK;
  }

  static caveat_node_id on_node(const caveat_sink* sink, std::uint32_t row, const caveat_node* node) {
    Call& call = of(sink);
    Said* said = call.at(row);
    if (said == nullptr) return 0;
    static const char* const values[] = {"unknown", "false", "true"};
    static const char* const operations[] = {"", "", "all", "any", "not"};
    const std::string own = call.host.words(node->words);
    const bool leaf = node->op == CAVEAT_OP_LEAF;
    if (node->op < CAVEAT_OP_LEAF || node->op > CAVEAT_OP_NOT || node->value > CAVEAT_TRUE) {
      return refuse(said, "no such node"), 0;
    }
    std::string text = (leaf ? own : operations[node->op]) + "=" + values[node->value] + (leaf ? "{" : "(");
    for (std::uint32_t i = 0; leaf && i < node->read_count; ++i) {
      text += (i == 0 ? "" : ", ") + call.host.fact_name(node->reads[i]);
    }
    for (std::uint32_t i = 0; i < node->child_count; ++i) {
      const caveat_node_id child = node->children[i];
      if (child == 0 || child > call.nodes[row].size()) return refuse(said, "no such child"), 0;
      text += (i == 0 ? "" : ", ") + call.nodes[row][child - 1];
    }
    call.nodes[row].push_back(text + (leaf ? "}" : ")"));
    call.values[row].push_back(static_cast<Tri>(node->value));
    return count(call.nodes[row]);
  }

  static caveat_status on_report(const caveat_sink* sink, std::uint32_t row, const caveat_report* report) {
    Call& call = of(sink);
    Said* said = call.at(row);
    const Lines& checks = call.host.manifest_.checks;
    if (said == nullptr || report->check == 0 || report->check > checks.size()) return refuse(said, "no such check");
    if (report->root == 0 || report->root > call.nodes[row].size()) return refuse(said, "no explanation");
    const auto value = static_cast<Tri>(report->value);
    if (call.values[row][report->root - 1] != value) return refuse(said, "the explanation has another value");
    Report out{value, call.nodes[row][report->root - 1], call.host.words(report->statement)};
    const std::string& check = checks[report->check - 1];
    if (!said->reports.emplace(check, std::move(out)).second) return refuse(said, "a second report on " + check);
    return CAVEAT_OK;
  }

  static caveat_status on_derive(const caveat_sink* sink, std::uint32_t row, std::uint32_t fact,
                                 const caveat_value* value) {
    Call& call = of(sink);
    Said* said = call.at(row);
    const Lines& derived = call.host.manifest_.derived;
    if (said == nullptr || fact == 0 || fact > derived.size()) return refuse(said, "no such derived fact");
    if (value->type == CAVEAT_TYPE_NONE) return CAVEAT_OK;
    if (!said->derived.emplace(derived[fact - 1], shown(*value)).second) return refuse(said, "derived twice");
    return CAVEAT_OK;
  }

  static caveat_status on_fail(const caveat_sink* sink, std::uint32_t row, caveat_text_id reason) {
    caveat_words words{};
    words.handle = reason;
    refuse(of(sink).at(row), "it gave up: " + of(sink).host.words(words));
    return CAVEAT_OK;
  }

  static std::string shown(const caveat_value& value) {
    switch (value.type) {
      case CAVEAT_TYPE_BOOLEAN: return value.number == CAVEAT_TRUE ? "true" : "false";
      case CAVEAT_TYPE_CHOICE: return std::to_string(value.number);
      case CAVEAT_TYPE_CHOICES: return std::to_string(value.set);
      case CAVEAT_TYPE_DECIMAL:
      case CAVEAT_TYPE_QUANTITY: return shown(value.decimal);
      default: return std::to_string(value.integer);
    }
  }

  /// All eight places. A test's numbers are small.
  static std::string shown(const caveat_decimal& value) {
    const auto units = static_cast<std::int64_t>(value.low);
    const std::int64_t size = units < 0 ? -units : units;
    std::string places = std::to_string(size % 100'000'000);
    places.insert(0, 8 - places.size(), '0');
    return (units < 0 ? "-" : "") + std::to_string(size / 100'000'000) + "." + places;
  }

  static const void* no_extension(const caveat_host*, caveat_str) { return nullptr; }

  const caveat_plugin* plugin_;
  Manifest manifest_;
  std::deque<TestFact> facts_;
  std::deque<TestRule> rules_;
  Lines texts_;  ///< by handle
  caveat_host host_{sizeof(caveat_host), CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR, 0, {"test", 4}, &no_extension};
  caveat_instance* instance_ = nullptr;

  // What binding_ points to. Inner vectors are not touched again once they are pointed to.
  caveat_binding binding_{};
  std::deque<Array<caveat_str>> names_;
  Array<caveat_fact> raw_facts_;
  Array<caveat_rule> raw_rules_;
  std::deque<Array<caveat_field>> raw_fields_;
  std::deque<Array<caveat_value>> raw_values_;
};

}  // namespace caveat::sdk::testing
