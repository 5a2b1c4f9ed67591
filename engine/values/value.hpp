// A value of the condition language at run time: CQL's values, plus Unknown, which is what a fact without an answer is.
// INVARIANT: Unknown is not null. Null is a value that an author wrote or that CQL's rules gave; Unknown is a missing
// answer, and carries the facts whose answers are missing.
#pragma once

#include "values/decimal.hpp"
#include "values/quantity.hpp"
#include "values/temporal.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace caveat {

/// Index of a fact in its engine's vocabulary.
using FactId = std::uint32_t;

class Value;

struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};

struct Unknown {
  std::vector<FactId> facts;  ///< sorted, without repeats
};

struct List {
  std::vector<Value> elements;
};

/// Elements in the order written.
struct Tuple {
  std::vector<std::pair<std::string, Value>> elements;
};

/// A null bound that is closed means "the least (greatest) value of the type"; one that is open means "unknown bound".
struct Interval {
  std::shared_ptr<const Value> low, high;
  bool low_closed = true, high_closed = true;
};

class Value {
 public:
  using Variant = std::variant<Null, Unknown, bool, std::int32_t, std::int64_t, Decimal, std::string, Date, DateTime,
                               Time, Quantity, Ratio, List, Tuple, Interval>;

  Value() = default;  ///< null
  template <class T>
    requires std::constructible_from<Variant, T&&>
  Value(T&& value) : variant_(std::forward<T>(value)) {}  // NOLINT: values convert on purpose

  [[nodiscard]] const Variant& variant() const { return variant_; }
  template <class T>
  [[nodiscard]] const T* get() const {
    return std::get_if<T>(&variant_);
  }
  template <class T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(variant_);
  }
  [[nodiscard]] bool is_null() const { return is<Null>(); }
  [[nodiscard]] bool is_unknown() const { return is<Unknown>(); }

 private:
  Variant variant_;
};

/// As a CQL literal: `null`, `true`, `5`, `5L`, `5.0`, `'it\'s'`, `@2012-04-30`, `@2012-04-04T`, `@T10:30`, `5.0 'mg'`,
/// `Interval[1, 10]`, `{1, 2}`, `Tuple { Id: 1 }`, `1 'cm':2 'cm'`. Unknown prints as `unknown`.
std::string to_literal(const Value& value);

}  // namespace caveat
