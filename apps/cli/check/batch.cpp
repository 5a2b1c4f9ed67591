#include "check/batch.hpp"

#include <algorithm>

namespace caveat::cli {

std::byte* LongerCopies::space(std::size_t bytes) {
  constexpr std::byte kMeaningless{0xa5};
  return spaces_.emplace_back(bytes, kMeaningless).data();
}

caveat_names LongerCopies::names(const caveat_names& raw) {
  return {array(raw.names, raw.stride, raw.count, [](caveat_str&) {}), raw.count, stride<caveat_str>()};
}

const caveat_binding* LongerCopies::binding(const caveat_binding& raw) {
  caveat_binding out = raw;
  out.kinds = names(raw.kinds);
  out.derived = names(raw.derived);
  out.checks = names(raw.checks);
  out.texts = names(raw.texts);
  out.facts = array(raw.facts, raw.fact_stride, raw.fact_count, [&](caveat_fact& fact) {
    fact.choices = array(fact.choices, fact.choice_stride, fact.choice_count, [](caveat_str&) {});
    fact.choice_stride = stride<caveat_str>();
  });
  out.fact_stride = stride<caveat_fact>();
  out.rules = array(raw.rules, raw.rule_stride, raw.rule_count, [&](caveat_rule& rule) {
    rule.fields = array(rule.fields, rule.field_stride, rule.field_count, [&](caveat_field& field) {
      field.values = array(field.values, field.value_stride, field.count, [](caveat_value&) {});
      field.value_stride = stride<caveat_value>();
    });
    rule.field_stride = stride<caveat_field>();
  });
  out.rule_stride = stride<caveat_rule>();
  return one(out);
}

const caveat_batch* LongerCopies::batch(const caveat_batch& raw) {
  caveat_batch out = raw;
  out.columns = array(raw.columns, raw.column_stride, raw.column_count, [](caveat_column&) {});
  out.column_stride = stride<caveat_column>();
  out.outcomes = array(raw.outcomes, raw.outcome_stride, raw.outcome_count, [](caveat_outcome&) {});
  out.outcome_stride = stride<caveat_outcome>();
  return one(out);
}

Overshown::Overshown(const Briefing& bound, Call call, const caveat_batch& raw, Random& random) : raw_(raw) {
  for (std::uint32_t i = 0; i < raw.column_count; ++i) {
    const bool shown = bound.facts()[i].seen_in(call);
    columns_.push_back(shown ? raw.columns[i] : fill(bound.raw().facts[i], raw, storage_.emplace_back(), random));
  }
  raw_.columns = columns_.data();
  raw_.column_stride = sizeof(caveat_column);
}

caveat_column Overshown::fill(const caveat_fact& fact, const caveat_batch& batch, Storage& to, Random& random) {
  to.known.assign(batch.words, ~std::uint64_t{0});
  if (batch.rows % 64 != 0) to.known.back() = (std::uint64_t{1} << (batch.rows % 64)) - 1;
  for (const std::uint64_t known : to.known) to.truth.push_back(random.next() & known);
  const std::uint32_t choices = std::max(fact.choice_count, 1u);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    to.integers.push_back(static_cast<std::int64_t>(random.below(200)));
    to.decimals.push_back({random.below(20'000'000'000), 0});
    to.choices.push_back(static_cast<std::uint32_t>(1 + random.below(choices)));
    to.sets.push_back(choices >= 64 ? random.next() : random.next() & ((std::uint64_t{1} << choices) - 1));
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

}  // namespace caveat::cli
