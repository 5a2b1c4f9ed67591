#include "conditions/signatures.hpp"

#include "conditions/operators.hpp"

#include <algorithm>
#include <cassert>
#include <map>

namespace caveat {
namespace {

/// Reads a row's `spec`. The table is ours: a malformed row is a programmer's mistake.
class SpecReader {
 public:
  explicit SpecReader(std::string_view spec) : rest_(spec) {}

  void read(Signature& into) {
    while (!rest_.starts_with("->")) {
      into.parameters.push_back(type());
      if (take("...")) into.variadic = true;
      take(",");
    }
    take("->");
    into.result = type();
    assert(rest_.empty());
  }

 private:
  void skip() {
    while (rest_.starts_with(" ")) rest_.remove_prefix(1);
  }

  bool take(std::string_view text) {
    skip();
    const bool found = rest_.starts_with(text);
    if (found) rest_.remove_prefix(text.size());
    skip();
    return found;
  }

  Type type() {
    const auto end = std::find_if(rest_.begin(), rest_.end(),
                                  [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); });
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    if (word.size() == 1) {
      Type variable(TypeKind::kVariable);
      variable.variable = word[0];
      skip();
      return variable;
    }
    if (word != "List" && word != "Interval") {
      skip();
      const auto scalar = parse_scalar_type(word);
      assert(scalar);
      return *scalar;
    }
    take("<");
    Type element = type();
    take(">");
    return word == "List" ? list_of(std::move(element)) : interval_of(std::move(element));
  }

  std::string_view rest_;
};

std::vector<Signature> build() {
  std::vector<Signature> all;
  for (const auto rows : {arithmetic_rows(), comparison_rows(), logic_rows(), temporal_rows(), timing_rows(),
                          list_rows(), interval_rows(), string_rows(), conversion_rows(), aggregate_rows()}) {
    for (const auto& row : rows) {
      Signature signature;
      signature.name = row.name;
      signature.spec = row.spec;
      signature.flags = row.flags;
      signature.implementation = row.implementation;
      SpecReader(row.spec).read(signature);
      all.push_back(std::move(signature));
    }
  }
  return all;
}

using Index = std::map<std::string_view, std::vector<const Signature*>, std::less<>>;

const Index& index() {
  static const Index by_name = [] {
    Index made;
    for (const auto& signature : signatures()) made[signature.name].push_back(&signature);
    return made;
  }();
  return by_name;
}

}  // namespace

const std::vector<Signature>& signatures() {
  static const std::vector<Signature> table = build();
  return table;
}

std::span<const Signature* const> signatures_named(std::string_view name) {
  const auto found = index().find(name);
  if (found == index().end()) return {};
  return found->second;
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& [name, rows] : index()) {
      if (name[0] >= 'A' && name[0] <= 'Z') made.emplace_back(name);
    }
    return made;
  }();
  return names;
}

std::string readable_name(std::string_view name) {
  if (name == "$offset") return "… before, after or within … of";
  if (name == "$first of" || name == "$last of") return "before or after";
  if (name == "[]") return "[…]";
  return std::string(name);
}

}  // namespace caveat
