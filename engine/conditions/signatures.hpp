// The signature table: every operator and function of the language as data. The checker picks a row by the operands'
// types; the interpreter calls its implementation. Rows stand beside their implementations (operators_*.cpp).
//
// INVARIANT: an implementation never sees Unknown. The interpreter answers for all of them (interpreter.cpp).
#pragma once

#include "conditions/types.hpp"
#include "values/value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

struct Expression;
class Runtime;

/// What an implementation gets: its operands' values, in order, converted to the row's types; the node, for its static
/// types, precision and text; the run, for the clock and for raising errors.
struct Arguments {
  std::span<const Value> values;
  const Expression& node;
  Runtime& run;

  template <class T>
  [[nodiscard]] const T& get(std::size_t index) const {
    return *values[index].get<T>();
  }
  [[nodiscard]] std::size_t size() const { return values.size(); }
};

using Implementation = Value (*)(const Arguments&);

/// Flags of a row. Without kSeesNull the result is null when an operand is, and the implementation is not called.
inline constexpr unsigned kSeesNull = 1;    ///< decides itself what a null operand does
inline constexpr unsigned kRaises = 2;      ///< may raise a run-time error
inline constexpr unsigned kClock = 4;       ///< depends on the evaluation's time
inline constexpr unsigned kPrecision = 8;   ///< takes a precision: `same day as`
inline constexpr unsigned kMonotone = 16;   ///< of uncertain whole numbers the extremes decide (interpreter.cpp)
inline constexpr unsigned kNeverNull = 32;  ///< gives a value whenever its operands have one
inline constexpr unsigned kInternal = 64;   ///< made by the parser, not written by anybody

/// `spec` reads `Integer, List<T> -> Boolean`. Single capitals are variables: T any type, O one with an order, P one
/// that may bound an interval, D a date or time. `T...` as the last parameter stands for two or more.
struct SignatureRow {
  std::string_view name;
  std::string_view spec;
  unsigned flags;
  Implementation implementation;
};

struct Signature {
  std::string_view name;
  std::string_view spec;
  std::vector<Type> parameters;
  Type result;
  bool variadic = false;
  unsigned flags = 0;
  Implementation implementation = nullptr;
  [[nodiscard]] bool has(unsigned flag) const { return (flags & flag) != 0; }
};

/// The whole table, in the order in which overloads are tried on equal cost.
const std::vector<Signature>& signatures();
/// Rows of one name.
std::span<const Signature* const> signatures_named(std::string_view name);
/// Names that can be written as `Name(…)`.
const std::vector<std::string>& function_names();
/// How an operator's name reads in a message: `$offset` is `… before or after`.
std::string readable_name(std::string_view name);

}  // namespace caveat
