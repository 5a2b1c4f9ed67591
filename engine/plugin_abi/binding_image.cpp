#include "plugin_abi/binding_image.hpp"

namespace caveat::wire {

namespace {

std::string_view view(caveat_str text) { return {text.data, text.size}; }

caveat_str borrow(std::string_view text) { return {text.data(), text.size()}; }

std::uint32_t count(std::size_t size) { return static_cast<std::uint32_t>(size); }

void write_strings(Writer& out, const caveat_str* first, std::uint32_t size) {
  out.value(size);
  for (std::uint32_t i = 0; i < size; ++i) out.text(view(first[i]));
}

void write_names(Writer& out, const caveat_names& names) { write_strings(out, names.names, names.count); }

void write_value(Writer& out, const caveat_value& value) {
  caveat_value plain = value;
  plain.string = {};
  out.value(plain);
  out.text(view(value.string));
}

void write_field(Writer& out, const caveat_field& field) {
  out.text(view(field.name));
  out.value(field.type);
  out.value(field.list);
  out.value(field.present);
  out.value(field.count);
  for (std::uint32_t i = 0; i < field.count; ++i) write_value(out, field.values[i]);
}

void write_rule(Writer& out, const caveat_rule& rule) {
  out.text(view(rule.id));
  out.value(rule.kind);
  out.value(rule.severity);
  out.value(rule.title);
  out.value(rule.says);
  out.value(rule.field_count);
  for (std::uint32_t i = 0; i < rule.field_count; ++i) write_field(out, rule.fields[i]);
}

void write_fact(Writer& out, const caveat_fact& fact) {
  out.text(view(fact.name));
  out.value(fact.type);
  out.value(fact.column);
  out.text(view(fact.unit));
  write_strings(out, fact.choices, fact.choice_count);
}

}  // namespace

void write_binding(Writer& out, const caveat_binding& binding) {
  write_names(out, binding.kinds);
  write_names(out, binding.derived);
  write_names(out, binding.checks);
  write_names(out, binding.texts);
  out.value(binding.rule_count);
  for (std::uint32_t i = 0; i < binding.rule_count; ++i) write_rule(out, binding.rules[i]);
  out.value(binding.fact_count);
  for (std::uint32_t i = 0; i < binding.fact_count; ++i) write_fact(out, binding.facts[i]);
}

BindingImage::BindingImage(Reader& in) {
  raw_.size = sizeof raw_;
  raw_.kinds = read_names(in);
  raw_.derived = read_names(in);
  raw_.checks = read_names(in);
  raw_.texts = read_names(in);
  read_rules(in);
  read_facts(in);
}

const std::vector<caveat_str>& BindingImage::read_strings(Reader& in) {
  auto list = std::make_unique<std::vector<caveat_str>>(in.value<std::uint32_t>());
  for (caveat_str& text : *list) text = borrow(in.text());
  return *strings_.emplace_back(std::move(list));
}

caveat_names BindingImage::read_names(Reader& in) {
  const auto& list = read_strings(in);
  return {list.data(), count(list.size()), sizeof(caveat_str)};
}

caveat_field BindingImage::read_field(Reader& in) {
  caveat_field field{};
  field.name = borrow(in.text());
  field.type = in.value<caveat_type>();
  field.list = in.value<std::uint32_t>();
  field.present = in.value<std::uint32_t>();
  field.count = in.value<std::uint32_t>();
  auto values = std::make_unique<std::vector<caveat_value>>(field.count);
  for (caveat_value& value : *values) {
    value = in.value<caveat_value>();
    value.string = borrow(in.text());
  }
  field.values = values_.emplace_back(std::move(values))->data();
  field.value_stride = sizeof(caveat_value);
  return field;
}

void BindingImage::read_rules(Reader& in) {
  rules_.resize(in.value<std::uint32_t>());
  for (caveat_rule& rule : rules_) {
    rule.id = borrow(in.text());
    rule.kind = in.value<std::uint32_t>();
    rule.severity = in.value<caveat_severity>();
    rule.title = in.value<caveat_text_id>();
    rule.says = in.value<caveat_text_id>();
    rule.field_count = in.value<std::uint32_t>();
    auto fields = std::make_unique<std::vector<caveat_field>>();
    for (std::uint32_t i = 0; i < rule.field_count; ++i) fields->push_back(read_field(in));
    rule.fields = fields_.emplace_back(std::move(fields))->data();
    rule.field_stride = sizeof(caveat_field);
  }
  raw_.rules = rules_.data();
  raw_.rule_count = count(rules_.size());
  raw_.rule_stride = sizeof(caveat_rule);
}

void BindingImage::read_facts(Reader& in) {
  facts_.resize(in.value<std::uint32_t>());
  for (caveat_fact& fact : facts_) {
    fact.name = borrow(in.text());
    fact.type = in.value<caveat_type>();
    fact.column = in.value<std::uint32_t>();
    fact.unit = borrow(in.text());
    const auto& choices = read_strings(in);
    fact.choices = choices.data();
    fact.choice_count = count(choices.size());
    fact.choice_stride = sizeof(caveat_str);
  }
  raw_.facts = facts_.data();
  raw_.fact_count = count(facts_.size());
  raw_.fact_stride = sizeof(caveat_fact);
}

}  // namespace caveat::wire
