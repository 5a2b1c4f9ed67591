// Aggregates: nulls in the list are passed over; an empty list has no sum, no least and no mean.
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>

namespace caveat {
namespace {

std::vector<Value> present(const Arguments& in) {
  std::vector<Value> values;
  for (const auto& element : in.get<List>(0).elements) {
    if (!element.is_null()) values.push_back(element);
  }
  return values;
}

Value count(const Arguments& in) {
  return Value(in.values[0].is_null() ? std::int32_t{0} : static_cast<std::int32_t>(present(in).size()));
}

Value all_true(const Arguments& in) {
  if (in.values[0].is_null()) return Value(true);
  const auto values = present(in);
  return Value(std::all_of(values.begin(), values.end(), [](const Value& value) { return *value.get<bool>(); }));
}

Value any_true(const Arguments& in) {
  if (in.values[0].is_null()) return Value(false);
  const auto values = present(in);
  return Value(std::any_of(values.begin(), values.end(), [](const Value& value) { return *value.get<bool>(); }));
}

// ---- Sums
// ------------------------------------------------------------------------------------------------------------

template <class Integer, bool product>
Value integer_fold(const Arguments& in) {
  const auto values = present(in);
  if (values.empty()) return Value();
  Integer total = product ? 1 : 0;
  for (const auto& value : values) {
    const auto each = *value.get<Integer>();
    if (product ? __builtin_mul_overflow(total, each, &total) : __builtin_add_overflow(total, each, &total))
      return Value();
  }
  return Value(total);
}

std::optional<Decimal> sum(const std::vector<Decimal>& values) {
  std::optional<Decimal> total = Decimal();
  for (const auto& value : values) {
    if (total) total = add(*total, value);
  }
  return total;
}

std::optional<Decimal> product(const std::vector<Decimal>& values) {
  std::optional<Decimal> total = Decimal(1);
  for (const auto& value : values) {
    if (total) total = multiply(*total, value);
  }
  return total;
}

std::optional<Decimal> mean(const std::vector<Decimal>& values) {
  const auto total = sum(values);
  return total ? divide(*total, Decimal(static_cast<std::int64_t>(values.size()))) : std::nullopt;
}

std::optional<Decimal> median(const std::vector<Decimal>& values) {
  std::vector<Decimal> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const auto middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return mean({sorted[middle - 1], sorted[middle]});
}

std::optional<Decimal> variance(const std::vector<Decimal>& values, std::size_t less) {
  if (values.size() <= less) return std::nullopt;
  const auto middle = mean(values);
  std::vector<Decimal> squares;
  for (const auto& value : values) {
    const auto distance = middle ? subtract(value, *middle) : std::nullopt;
    const auto square = distance ? multiply(*distance, *distance) : std::nullopt;
    if (!square) return std::nullopt;
    squares.push_back(*square);
  }
  const auto total = sum(squares);
  return total ? divide(*total, Decimal(static_cast<std::int64_t>(values.size() - less))) : std::nullopt;
}

std::optional<Decimal> sample_variance(const std::vector<Decimal>& values) { return variance(values, 1); }
std::optional<Decimal> population_variance(const std::vector<Decimal>& values) { return variance(values, 0); }

std::optional<Decimal> root(const std::optional<Decimal>& value) { return value ? square_root(*value) : std::nullopt; }
std::optional<Decimal> sample_deviation(const std::vector<Decimal>& values) { return root(sample_variance(values)); }
std::optional<Decimal> population_deviation(const std::vector<Decimal>& values) {
  return root(population_variance(values));
}

std::optional<Decimal> geometric_mean(const std::vector<Decimal>& values) {
  std::vector<Decimal> logarithms;
  for (const auto& value : values) {
    if (value == Decimal()) return Decimal();
    const auto logarithm = ln(value);
    if (!logarithm) return std::nullopt;
    logarithms.push_back(*logarithm);
  }
  const auto middle = mean(logarithms);
  return middle ? exp(*middle) : std::nullopt;
}

using DecimalFold = std::optional<Decimal> (*)(const std::vector<Decimal>&);

template <DecimalFold fold>
Value decimals(const Arguments& in) {
  std::vector<Decimal> values;
  for (const auto& value : present(in)) values.push_back(*value.get<Decimal>());
  const auto result = values.empty() ? std::nullopt : fold(values);
  return result ? Value(*result) : Value();
}

// In the unit of the first; null when one cannot be converted to it. A variance is of the unit's square.
template <DecimalFold fold, bool squared>
Value quantities(const Arguments& in) {
  const auto all = present(in);
  if (all.empty()) return Value();
  const std::string& unit = all.front().get<Quantity>()->unit;
  std::vector<Decimal> values;
  for (const auto& value : all) {
    const auto& quantity = *value.get<Quantity>();
    const auto amount =
        quantity.unit == unit ? std::optional(quantity.value) : convert(quantity.value, quantity.unit, unit);
    if (!amount) return Value();
    values.push_back(*amount);
  }
  const auto result = fold(values);
  if (!result) return Value();
  if (!squared) return Value(Quantity{*result, unit});
  const auto square = multiply(Quantity{Decimal(1), unit}, Quantity{Decimal(1), unit});
  return square ? Value(Quantity{*result, square->unit}) : Value();
}

// ---- Order
// -----------------------------------------------------------------------------------------------------------

template <bool greatest>
Value extreme(const Arguments& in) {
  const auto values = present(in);
  if (values.empty()) return Value();
  Value best = values.front();
  for (const auto& value : values) {
    const auto ordering = order(value, best);
    if (!ordering) return Value();
    if (greatest ? *ordering > 0 : *ordering < 0) best = value;
  }
  return best;
}

// The most frequent; the first of them on a tie.
Value mode(const Arguments& in) {
  const auto values = present(in);
  Value best;
  std::ptrdiff_t most = 0;
  for (const auto& value : values) {
    const auto times =
        std::count_if(values.begin(), values.end(), [&](const Value& other) { return equal(value, other) == true; });
    if (times > most) {
      most = times;
      best = value;
    }
  }
  return best;
}

constexpr unsigned kTest = kSeesNull | kNeverNull;

constexpr SignatureRow kRows[] = {
    {"Count", "List<T> -> Integer", kTest, count},
    {"AllTrue", "List<Boolean> -> Boolean", kTest, all_true},
    {"AnyTrue", "List<Boolean> -> Boolean", kTest, any_true},
    {"Sum", "List<Integer> -> Integer", 0, integer_fold<std::int32_t, false>},
    {"Sum", "List<Long> -> Long", 0, integer_fold<std::int64_t, false>},
    {"Sum", "List<Decimal> -> Decimal", 0, decimals<sum>},
    {"Sum", "List<Quantity> -> Quantity", 0, quantities<sum, false>},
    {"Product", "List<Integer> -> Integer", 0, integer_fold<std::int32_t, true>},
    {"Product", "List<Long> -> Long", 0, integer_fold<std::int64_t, true>},
    {"Product", "List<Decimal> -> Decimal", 0, decimals<product>},
    {"Avg", "List<Decimal> -> Decimal", 0, decimals<mean>},
    {"Avg", "List<Quantity> -> Quantity", 0, quantities<mean, false>},
    {"Median", "List<Decimal> -> Decimal", 0, decimals<median>},
    {"Median", "List<Quantity> -> Quantity", 0, quantities<median, false>},
    {"Variance", "List<Decimal> -> Decimal", 0, decimals<sample_variance>},
    {"Variance", "List<Quantity> -> Quantity", 0, quantities<sample_variance, true>},
    {"PopulationVariance", "List<Decimal> -> Decimal", 0, decimals<population_variance>},
    {"PopulationVariance", "List<Quantity> -> Quantity", 0, quantities<population_variance, true>},
    {"StdDev", "List<Decimal> -> Decimal", 0, decimals<sample_deviation>},
    {"StdDev", "List<Quantity> -> Quantity", 0, quantities<sample_deviation, false>},
    {"PopulationStdDev", "List<Decimal> -> Decimal", 0, decimals<population_deviation>},
    {"PopulationStdDev", "List<Quantity> -> Quantity", 0, quantities<population_deviation, false>},
    {"GeometricMean", "List<Decimal> -> Decimal", 0, decimals<geometric_mean>},
    {"Min", "List<O> -> O", 0, extreme<false>},
    {"Max", "List<O> -> O", 0, extreme<true>},
    {"Mode", "List<T> -> T", 0, mode},
};

}  // namespace

std::span<const SignatureRow> aggregate_rows() { return kRows; }

}  // namespace caveat
