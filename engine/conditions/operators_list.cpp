// Lists. Members are compared with `=`, where null equals null (CQL 1.5.2, appendix B, 9.10).
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>

namespace caveat {
namespace {

const std::vector<Value>& elements(const Arguments& in, std::size_t index) { return in.get<List>(index).elements; }

std::optional<bool> holds(const std::vector<Value>& list, const Value& value) {
  std::optional<bool> found = false;
  for (const auto& element : list) found = either(found, same_member(element, value));
  return found;
}

bool surely_holds(const std::vector<Value>& list, const Value& value) { return holds(list, value) == true; }

std::optional<bool> holds_all(const std::vector<Value>& list, const std::vector<Value>& wanted) {
  std::optional<bool> all = true;
  for (const auto& value : wanted) all = both(all, holds(list, value));
  return all;
}

std::optional<bool> holds_another(const std::vector<Value>& list, const Value& than) {
  std::optional<bool> another = false;
  for (const auto& element : list) {
    const bool one_null = element.is_null() != than.is_null();
    another = either(another, one_null && !than.is_null() ? std::nullopt : inverse(same_member(element, than)));
  }
  return another;
}

Value in_list(const Arguments& in) {
  return in.values[1].is_null() ? Value(false) : boolean_value(holds(elements(in, 1), in.values[0]));
}
Value list_contains(const Arguments& in) {
  return in.values[0].is_null() ? Value(false) : boolean_value(holds(elements(in, 0), in.values[1]));
}

Value properly_holds(const Value& list, const Value& value) {
  if (list.is_null()) return Value();
  const auto& members = list.get<List>()->elements;
  return boolean_value(both(holds(members, value), holds_another(members, value)));
}
Value properly_in_list(const Arguments& in) { return properly_holds(in.values[1], in.values[0]); }
Value properly_contains(const Arguments& in) { return properly_holds(in.values[0], in.values[1]); }

Value includes(const Arguments& in) { return boolean_value(holds_all(elements(in, 0), elements(in, 1))); }
Value included_in(const Arguments& in) { return boolean_value(holds_all(elements(in, 1), elements(in, 0))); }

Value proper(const std::vector<Value>& larger, const std::vector<Value>& smaller) {
  return boolean_value(both(holds_all(larger, smaller), inverse(holds_all(smaller, larger))));
}
Value properly_includes(const Arguments& in) { return proper(elements(in, 0), elements(in, 1)); }
Value properly_included_in(const Arguments& in) { return proper(elements(in, 1), elements(in, 0)); }

Value exists(const Arguments& in) {
  if (in.values[0].is_null()) return Value(false);
  const auto& list = elements(in, 0);
  return Value(std::any_of(list.begin(), list.end(), [](const Value& element) { return !element.is_null(); }));
}

// ---- Sets
// ------------------------------------------------------------------------------------------------------------

void add_distinct(List& to, const std::vector<Value>& from) {
  for (const auto& value : from) {
    if (!surely_holds(to.elements, value)) to.elements.push_back(value);
  }
}

Value distinct(const Arguments& in) {
  List list;
  add_distinct(list, elements(in, 0));
  return Value(std::move(list));
}

Value union_of(const Arguments& in) {
  List list;
  for (const auto& operand : in.values) {
    if (const auto* part = operand.get<List>()) add_distinct(list, part->elements);
  }
  return Value(std::move(list));
}

Value intersection(const Arguments& in) {
  List kept;
  std::vector<Value> common;
  for (const auto& value : elements(in, 0)) {
    if (surely_holds(elements(in, 1), value)) common.push_back(value);
  }
  add_distinct(kept, common);
  return Value(std::move(kept));
}

Value difference(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  const auto* removed = in.values[1].get<List>();
  std::vector<Value> kept;
  for (const auto& value : elements(in, 0)) {
    if (!removed || !surely_holds(removed->elements, value)) kept.push_back(value);
  }
  List list;
  add_distinct(list, kept);
  return Value(std::move(list));
}

Value flatten(const Arguments& in) {
  List flat;
  for (const auto& inner : elements(in, 0)) {
    if (const auto* list = inner.get<List>()) {
      flat.elements.insert(flat.elements.end(), list->elements.begin(), list->elements.end());
    }
  }
  return Value(std::move(flat));
}

// ---- Parts
// -----------------------------------------------------------------------------------------------------------

Value at_index(const Arguments& in) {
  const auto index = in.get<std::int32_t>(1);
  const auto& list = elements(in, 0);
  if (index < 0 || static_cast<std::size_t>(index) >= list.size()) return Value();
  return list[static_cast<std::size_t>(index)];
}

Value first(const Arguments& in) { return elements(in, 0).empty() ? Value() : elements(in, 0).front(); }
Value last(const Arguments& in) { return elements(in, 0).empty() ? Value() : elements(in, 0).back(); }

Value index_of(const Arguments& in) {
  const auto& list = elements(in, 0);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto same = same_member(list[i], in.values[1]);
    if (!same) return Value();
    if (*same) return Value(static_cast<std::int32_t>(i));
  }
  return Value(std::int32_t{-1});
}

Value length(const Arguments& in) {
  return Value(in.values[0].is_null() ? std::int32_t{0} : static_cast<std::int32_t>(elements(in, 0).size()));
}

// Negative places count from the end.
Value part(const std::vector<Value>& list, std::int64_t from, std::int64_t to) {
  const auto size = static_cast<std::int64_t>(list.size());
  const auto place = [size](std::int64_t index) {
    return std::clamp(index < 0 ? size + index : index, std::int64_t{0}, size);
  };
  List slice;
  for (std::int64_t i = place(from); i < place(to); ++i) slice.elements.push_back(list[static_cast<std::size_t>(i)]);
  return Value(std::move(slice));
}

Value slice(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  const auto& list = elements(in, 0);
  const auto bound = [&in](std::size_t index, std::int64_t missing) {
    if (index >= in.size() || in.values[index].is_null()) return missing;
    return std::int64_t{in.get<std::int32_t>(index)};
  };
  return part(list, bound(1, 0), bound(2, static_cast<std::int64_t>(list.size())));
}

Value skip(const Arguments& in) {
  if (in.values[0].is_null() || in.values[1].is_null()) return in.values[0];
  const auto count = std::max(std::int32_t{0}, in.get<std::int32_t>(1));
  return part(elements(in, 0), count, static_cast<std::int64_t>(elements(in, 0).size()));
}

Value take(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  const auto count = in.values[1].is_null() ? std::int32_t{0} : std::max(std::int32_t{0}, in.get<std::int32_t>(1));
  return part(elements(in, 0), 0, count);
}

Value tail(const Arguments& in) { return part(elements(in, 0), 1, static_cast<std::int64_t>(elements(in, 0).size())); }

Value singleton(const Arguments& in) {
  const auto& list = elements(in, 0);
  if (list.size() > 1) return in.run.raise("`" + text_of(in.node) + "` needs a list of one element at most");
  return list.empty() ? Value() : list.front();
}

constexpr unsigned kTest = kSeesNull;

constexpr SignatureRow kRows[] = {
    {"in", "T, List<T> -> Boolean", kTest, in_list},
    {"contains", "List<T>, T -> Boolean", kTest, list_contains},
    {"properly included in", "T, List<T> -> Boolean", kTest, properly_in_list},
    {"properly includes", "List<T>, T -> Boolean", kTest, properly_contains},
    {"includes", "List<T>, List<T> -> Boolean", 0, includes},
    {"includes", "List<T>, T -> Boolean", kTest, list_contains},
    {"included in", "List<T>, List<T> -> Boolean", 0, included_in},
    {"included in", "T, List<T> -> Boolean", kTest, in_list},
    {"properly includes", "List<T>, List<T> -> Boolean", 0, properly_includes},
    {"properly included in", "List<T>, List<T> -> Boolean", 0, properly_included_in},
    {"exists", "List<T> -> Boolean", kSeesNull | kNeverNull, exists},
    {"Exists", "List<T> -> Boolean", kSeesNull | kNeverNull, exists},
    {"distinct", "List<T> -> List<T>", kNeverNull, distinct},
    {"flatten", "List<List<T>> -> List<T>", kNeverNull, flatten},
    {"Flatten", "List<List<T>> -> List<T>", kNeverNull, flatten},
    {"union", "List<T>, List<T> -> List<T>", kSeesNull | kNeverNull, union_of},
    {"intersect", "List<T>, List<T> -> List<T>", kNeverNull, intersection},
    {"except", "List<T>, List<T> -> List<T>", kSeesNull, difference},
    {"[]", "List<T>, Integer -> T", 0, at_index},
    {"Indexer", "List<T>, Integer -> T", 0, at_index},
    {"First", "List<T> -> T", 0, first},
    {"Last", "List<T> -> T", 0, last},
    {"IndexOf", "List<T>, T -> Integer", 0, index_of},
    {"Length", "List<T> -> Integer", kSeesNull | kNeverNull, length},
    {"Slice", "List<T> -> List<T>", kSeesNull, slice},
    {"Slice", "List<T>, Integer -> List<T>", kSeesNull, slice},
    {"Slice", "List<T>, Integer, Integer -> List<T>", kSeesNull, slice},
    {"Skip", "List<T>, Integer -> List<T>", kSeesNull, skip},
    {"Take", "List<T>, Integer -> List<T>", kSeesNull, take},
    {"Tail", "List<T> -> List<T>", kNeverNull, tail},
    {"singleton from", "List<T> -> T", kRaises, singleton},
};

}  // namespace

std::span<const SignatureRow> list_rows() { return kRows; }

}  // namespace caveat
