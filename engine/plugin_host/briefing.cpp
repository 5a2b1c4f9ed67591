#include "plugin_host/briefing.hpp"

#include <algorithm>
#include <cassert>

namespace caveat {

namespace {

caveat_type to_abi(FactType type) {
  switch (type) {
    case FactType::kBoolean: return CAVEAT_TYPE_BOOLEAN;
    case FactType::kInteger: return CAVEAT_TYPE_INTEGER;
    case FactType::kDecimal: return CAVEAT_TYPE_DECIMAL;
    case FactType::kQuantity: return CAVEAT_TYPE_QUANTITY;
    case FactType::kChoice: return CAVEAT_TYPE_CHOICE;
    case FactType::kChoices: return CAVEAT_TYPE_CHOICES;
    case FactType::kDate: return CAVEAT_TYPE_DATE;
  }
  return CAVEAT_TYPE_NONE;
}

caveat_type to_abi(FieldType type) {
  switch (type) {
    case FieldType::kText: return CAVEAT_TYPE_TEXT;
    case FieldType::kString: return CAVEAT_TYPE_STRING;
    case FieldType::kInteger: return CAVEAT_TYPE_INTEGER;
    case FieldType::kDecimal: return CAVEAT_TYPE_DECIMAL;
    case FieldType::kBoolean: return CAVEAT_TYPE_BOOLEAN;
    case FieldType::kChoice: return CAVEAT_TYPE_CHOICE;
    case FieldType::kFact: return CAVEAT_TYPE_FACT;
  }
  return CAVEAT_TYPE_NONE;
}

caveat_severity to_abi(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return CAVEAT_SEVERITY_CRITICAL;
    case Severity::kWarning: return CAVEAT_SEVERITY_WARNING;
    case Severity::kInfo: return CAVEAT_SEVERITY_INFO;
  }
  return CAVEAT_SEVERITY_INFO;
}

std::uint32_t count(std::size_t size) { return static_cast<std::uint32_t>(size); }

bool has_placeholders(const Text& text) {
  const auto has = [](const auto& entry) {
    return entry.second.find("{label}") != std::string::npos || entry.second.find("{value}") != std::string::npos;
  };
  return std::any_of(text.by_language.begin(), text.by_language.end(), has);
}

caveat_names names(const std::vector<caveat_str>& all) { return {all.data(), count(all.size()), sizeof(caveat_str)}; }

}  // namespace

caveat_str borrow(std::string_view text) { return {text.data(), text.size()}; }

caveat_decimal to_abi(Decimal decimal) {
  return {static_cast<std::uint64_t>(decimal.units()), static_cast<std::int64_t>(decimal.units() >> 64)};
}

bool is_shown(const FactState& state) {
  if (!state.known) return false;
  const Date* date = std::get_if<Date>(&state.value);
  return date == nullptr || date->precision == Precision::kDay;
}

Briefing::Briefing(const PluginInfo& plugin, std::vector<const Rule*> rules, const Guard* guard)
    : plugin_(plugin), guard_(guard), rules_(std::move(rules)) {}

Result<std::unique_ptr<Briefing>> Briefing::make(const PluginInfo& plugin, std::vector<const Rule*> rules,
                                                 const Vocabulary& vocabulary, const Guard* guard) {
  std::unique_ptr<Briefing> bound(new Briefing(plugin, std::move(rules), guard));
  Diagnostics diagnostics;
  bound->read_all(vocabulary, diagnostics);
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  bound->name_everything();
  bound->tell_rules(vocabulary);
  bound->tell_facts();
  return bound;
}

const BoundText* Briefing::text(caveat_text_id handle) const {
  return handle == 0 || handle > texts_.size() ? nullptr : &texts_[handle - 1];
}

const BoundFact* Briefing::fact(caveat_fact_id handle) const {
  return handle == 0 || handle > facts_.size() ? nullptr : &facts_[handle - 1];
}

FactId Briefing::read(const std::string& name, Call call, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  const auto id = vocabulary.find(name);
  if (!id) {
    diagnostics.error("unknown-fact", Place{plugin_.path.string(), 0, 0},
                      "the plugin `" + plugin_.manifest.id + "` reads the fact `" + name + "`, which nothing declares",
                      did_you_mean(name, vocabulary.names()));
    return 0;
  }
  const caveat_fact_id handle = add_fact(*id, vocabulary);
  facts_[handle - 1].seen[static_cast<std::size_t>(call)] = true;
  return *id;
}

void Briefing::read_all(const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  const Manifest& manifest = plugin_.manifest;
  for (const std::string& name : manifest.reads) read(name, Call::kAdvise, vocabulary, diagnostics);
  for (const FactDeclaration& fact : manifest.derives) {
    std::vector<FactId>& reads = derived_reads_.emplace_back();
    for (const std::string& name : fact.reads) reads.push_back(read(name, Call::kDerive, vocabulary, diagnostics));
  }
  for (const CheckSchema& check : manifest.checks) {
    std::vector<FactId>& reads = check_reads_.emplace_back();
    for (const std::string& name : check.reads) reads.push_back(read(name, Call::kCheck, vocabulary, diagnostics));
  }
  columns_ = facts_.size();
  compare_expectations(vocabulary, diagnostics);
}

void Briefing::compare_expectations(const Vocabulary& vocabulary, Diagnostics& diagnostics) const {
  for (const ExpectedFact& expected : plugin_.manifest.expects) {
    const auto id = vocabulary.find(expected.name);
    if (!id) continue;  // reported where it is read
    const std::string other = contradiction(expected, vocabulary[*id]);
    if (other.empty()) continue;
    diagnostics.error("other-fact", vocabulary[*id].place,
                      "of the fact `" + expected.name + "` the plugin `" + plugin_.manifest.id + "` " + other,
                      "declare the fact as the plugin expects it, or leave the plugin out");
  }
}

void Briefing::name_everything() {
  const Manifest& manifest = plugin_.manifest;
  for (const KindSchema& kind : manifest.kinds) kind_names_.push_back(borrow(kind.name));
  for (const FactDeclaration& fact : manifest.derives) derived_names_.push_back(borrow(fact.name));
  for (const CheckSchema& check : manifest.checks) check_names_.push_back(borrow(check.id));
  for (const auto& [id, text] : manifest.texts) {
    text_names_.push_back(borrow(id));
    add_text(text);
  }
  raw_.size = sizeof raw_;
  raw_.kinds = names(kind_names_);
  raw_.derived = names(derived_names_);
  raw_.checks = names(check_names_);
  raw_.texts = names(text_names_);
}

caveat_text_id Briefing::add_text(const Text& text) {
  texts_.push_back({&text, has_placeholders(text)});
  return count(texts_.size());
}

caveat_fact_id Briefing::add_fact(FactId id, const Vocabulary& vocabulary) {
  const auto same = [id](const BoundFact& fact) { return fact.id == id; };
  const auto found = std::find_if(facts_.begin(), facts_.end(), same);
  if (found != facts_.end()) return count(static_cast<std::size_t>(found - facts_.begin()) + 1);
  facts_.push_back({id, &vocabulary[id], {}});
  return count(facts_.size());
}

void Briefing::tell_rules(const Vocabulary& vocabulary) {
  for (const Rule* rule : rules_) tell_rule(*rule, vocabulary);
  raw_.rules = raw_rules_.data();
  raw_.rule_count = count(raw_rules_.size());
  raw_.rule_stride = sizeof(caveat_rule);
}

void Briefing::tell_rule(const Rule& rule, const Vocabulary& vocabulary) {
  const auto& kinds = plugin_.manifest.kinds;
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const KindSchema& k) { return k.name == rule.kind->name; });
  assert(kind != kinds.end());
  caveat_rule raw{};
  raw.id = borrow(rule.full_id);
  raw.kind = count(static_cast<std::size_t>(kind - kinds.begin()) + 1);
  raw.severity = to_abi(rule.severity);
  raw.title = add_text(rule.title);
  raw.says = add_text(rule.says);
  std::vector<caveat_field>& fields = raw_fields_.emplace_back();
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    fields.push_back(tell_field(kind->fields[i], rule.fields[i], vocabulary));
  }
  raw.fields = fields.data();
  raw.field_count = count(fields.size());
  raw.field_stride = sizeof(caveat_field);
  raw_rules_.push_back(raw);
}

caveat_field Briefing::tell_field(const FieldSchema& schema, const FieldValue& value, const Vocabulary& vocabulary) {
  std::vector<caveat_value>& values = raw_values_.emplace_back();
  for (const FieldScalar& scalar : value.elements) values.push_back(tell_value(schema, scalar, vocabulary));
  caveat_field raw{};
  raw.name = borrow(schema.name);
  raw.type = to_abi(schema.type);
  raw.list = schema.list ? 1 : 0;
  raw.present = value.present ? 1 : 0;
  raw.count = count(values.size());
  raw.values = values.data();
  raw.value_stride = sizeof(caveat_value);
  return raw;
}

caveat_value Briefing::tell_value(const FieldSchema& schema, const FieldScalar& scalar, const Vocabulary& vocabulary) {
  caveat_value raw{};
  raw.type = to_abi(schema.type);
  if (const auto* text = std::get_if<Text>(&scalar)) raw.number = add_text(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&scalar)) raw.integer = *whole;
  if (const auto* decimal = std::get_if<Decimal>(&scalar)) raw.decimal = to_abi(*decimal);
  if (const auto* truth = std::get_if<bool>(&scalar)) raw.number = *truth ? CAVEAT_TRUE : CAVEAT_FALSE;
  if (const auto* fact = std::get_if<FactId>(&scalar)) raw.number = add_fact(*fact, vocabulary);
  if (const auto* string = std::get_if<std::string>(&scalar)) {
    raw.string = borrow(*string);
    const auto choice = std::find(schema.choices.begin(), schema.choices.end(), *string);
    if (choice != schema.choices.end())
      raw.number = count(static_cast<std::size_t>(choice - schema.choices.begin()) + 1);
  }
  return raw;
}

void Briefing::tell_facts() {
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    const FactDeclaration& declaration = *facts_[i].declaration;
    std::vector<caveat_str>& choices = raw_choices_.emplace_back();
    for (const std::string& value : declaration.values) choices.push_back(borrow(value));
    caveat_fact raw{};
    raw.name = borrow(declaration.name);
    raw.type = to_abi(declaration.type);
    raw.column = i < columns_ ? count(i + 1) : 0;
    raw.unit = borrow(declaration.unit);
    raw.choices = choices.data();
    raw.choice_count = count(choices.size());
    raw.choice_stride = sizeof(caveat_str);
    raw_facts_.push_back(raw);
  }
  raw_.facts = raw_facts_.data();
  raw_.fact_count = count(raw_facts_.size());
  raw_.fact_stride = sizeof(caveat_fact);
}

}  // namespace caveat
