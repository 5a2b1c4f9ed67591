// Logic that is strict in Unknown, and what asks about null. And, or and implies are the interpreter's.
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/value_functions.hpp"

namespace caveat {
namespace {

Value negation(const Arguments& in) { return Value(!in.get<bool>(0)); }
Value exclusive_or(const Arguments& in) { return Value(in.get<bool>(0) != in.get<bool>(1)); }

template <bool expected>
Value is_null(const Arguments& in) {
  return Value(in.values[0].is_null() == expected);
}

template <bool truth, bool expected>
Value is_truth(const Arguments& in) {
  return Value((boolean_of(in.values[0]) == truth) == expected);
}

Value coalesce(const Arguments& in) {
  for (const auto& value : in.values) {
    if (!value.is_null()) return value;
  }
  return Value();
}

Value coalesce_list(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  for (const auto& value : in.get<List>(0).elements) {
    if (!value.is_null()) return value;
  }
  return Value();
}

// Message(source, condition, code, severity, message): the source; an error when the severity says so.
Value message(const Arguments& in) {
  const bool applies = boolean_of(in.values[1]) == true;
  const auto* severity = in.values[3].get<std::string>();
  if (!applies || !severity || *severity != "Error") return in.values[0];
  const auto* text = in.values[4].get<std::string>();
  return in.run.raise(text ? "message: " + *text : "message of severity `Error`");
}

constexpr unsigned kTest = kSeesNull | kNeverNull;

constexpr SignatureRow kRows[] = {
    {"not", "Boolean -> Boolean", kNeverNull, negation},
    {"xor", "Boolean, Boolean -> Boolean", kNeverNull, exclusive_or},
    {"IsNull", "T -> Boolean", kTest, is_null<true>},
    {"IsNotNull", "T -> Boolean", kTest | kInternal, is_null<false>},
    {"IsTrue", "Boolean -> Boolean", kTest, is_truth<true, true>},
    {"IsNotTrue", "Boolean -> Boolean", kTest | kInternal, is_truth<true, false>},
    {"IsFalse", "Boolean -> Boolean", kTest, is_truth<false, true>},
    {"IsNotFalse", "Boolean -> Boolean", kTest | kInternal, is_truth<false, false>},
    {"Coalesce", "List<T> -> T", kSeesNull, coalesce_list},
    {"Coalesce", "T... -> T", kSeesNull, coalesce},
    {"Message", "T, Boolean, String, String, String -> T", kSeesNull | kRaises, message},
};

}  // namespace

std::span<const SignatureRow> logic_rows() { return kRows; }

}  // namespace caveat
