#include "plugin_abi/batch_image.hpp"

namespace caveat::wire {

namespace {

/// Which of a column's arrays are there.
enum Has : std::uint32_t { kTruth = 1, kIntegers = 2, kDecimals = 4, kChoices = 8, kSets = 16 };

template <class T>
void write_array(Writer& out, const T* first, std::size_t count) {
  if (first != nullptr) out.array(first, count);
}

void write_column(Writer& out, const caveat_column& column, std::uint32_t rows, std::uint32_t words) {
  std::uint32_t has = 0;
  if (column.truth != nullptr) has |= kTruth;
  if (column.integers != nullptr) has |= kIntegers;
  if (column.decimals != nullptr) has |= kDecimals;
  if (column.choices != nullptr) has |= kChoices;
  if (column.sets != nullptr) has |= kSets;
  out.value(column.type);
  out.value(has);
  out.array(column.known, words);
  write_array(out, column.truth, words);
  write_array(out, column.integers, rows);
  write_array(out, column.decimals, rows);
  write_array(out, column.choices, rows);
  write_array(out, column.sets, rows);
}

caveat_column read_column(Reader& in, std::uint32_t rows, std::uint32_t words) {
  caveat_column column{};
  column.type = in.value<caveat_type>();
  const auto has = in.value<std::uint32_t>();
  column.known = in.array<std::uint64_t>(words);
  if (has & kTruth) column.truth = in.array<std::uint64_t>(words);
  if (has & kIntegers) column.integers = in.array<std::int64_t>(rows);
  if (has & kDecimals) column.decimals = in.array<caveat_decimal>(rows);
  if (has & kChoices) column.choices = in.array<std::uint32_t>(rows);
  if (has & kSets) column.sets = in.array<std::uint64_t>(rows);
  return column;
}

}  // namespace

void write_batch(Writer& out, const caveat_batch& batch) {
  out.value(batch.rows);
  out.value(batch.words);
  out.value(batch.column_count);
  out.value(batch.outcome_count);
  out.text({batch.language.data, batch.language.size});
  for (std::uint32_t i = 0; i < batch.column_count; ++i) write_column(out, batch.columns[i], batch.rows, batch.words);
  for (std::uint32_t i = 0; i < batch.outcome_count; ++i) {
    out.array(batch.outcomes[i].met, batch.words);
    out.array(batch.outcomes[i].not_met, batch.words);
    out.array(batch.outcomes[i].failed, batch.words);
  }
}

BatchImage::BatchImage(Reader& in) {
  raw_.size = sizeof raw_;
  raw_.rows = in.value<std::uint32_t>();
  raw_.words = in.value<std::uint32_t>();
  columns_.resize(in.value<std::uint32_t>());
  outcomes_.resize(in.value<std::uint32_t>());
  const std::string_view language = in.text();
  for (caveat_column& column : columns_) column = read_column(in, raw_.rows, raw_.words);
  for (caveat_outcome& outcome : outcomes_) {
    outcome.met = in.array<std::uint64_t>(raw_.words);
    outcome.not_met = in.array<std::uint64_t>(raw_.words);
    outcome.failed = in.array<std::uint64_t>(raw_.words);
  }
  raw_.columns = columns_.data();
  raw_.column_count = static_cast<std::uint32_t>(columns_.size());
  raw_.column_stride = sizeof(caveat_column);
  raw_.outcomes = outcomes_.data();
  raw_.outcome_count = static_cast<std::uint32_t>(outcomes_.size());
  raw_.outcome_stride = sizeof(caveat_outcome);
  raw_.language = {language.data(), language.size()};
}

}  // namespace caveat::wire
