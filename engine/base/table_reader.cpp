#include "base/table_reader.hpp"

#include <algorithm>

namespace caveat {

TableReader::TableReader(const TomlValue& table, Place place, std::string what, Diagnostics& diagnostics)
    : table_(table), place_(std::move(place)), what_(std::move(what)), diagnostics_(diagnostics) {}

const TomlValue* TableReader::value(std::string_view key, bool required) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  const TomlValue* found = table_.find(key);
  if (found == nullptr && required) {
    diagnostics_.error("missing-key", place_, what_ + " has no `" + std::string(key) + "`",
                       "add `" + std::string(key) + " = …`");
  }
  return found;
}

std::string TableReader::string(std::string_view key, bool required) {
  const TomlValue* found = value(key, required);
  if (found == nullptr) return {};
  const auto text = found->string();
  if (!text) {
    wrong_type(key, *found, "a string");
    return {};
  }
  if (text->empty()) diagnostics_.error("empty-value", found->place(), "`" + std::string(key) + "` is empty");
  return std::string(*text);
}

std::vector<std::string> TableReader::strings(std::string_view key, bool required) {
  const TomlValue* found = value(key, required);
  if (found == nullptr) return {};
  if (const auto one = found->string()) return {std::string(*one)};
  if (!found->is(TomlType::kArray)) {
    wrong_type(key, *found, "a list of strings");
    return {};
  }
  std::vector<std::string> out;
  for (const TomlValue& element : found->elements()) {
    if (const auto text = element.string()) {
      out.emplace_back(*text);
    } else {
      wrong_type(key, element, "a list of strings");
    }
  }
  return out;
}

std::optional<bool> TableReader::boolean(std::string_view key, bool required) {
  const TomlValue* found = value(key, required);
  if (found == nullptr) return std::nullopt;
  const auto truth = found->boolean();
  if (!truth) wrong_type(key, *found, "`true` or `false`");
  return truth;
}

void TableReader::wrong_type(std::string_view key, const TomlValue& value, std::string_view expected) {
  diagnostics_.error(
      "wrong-type", value.place(),
      "`" + std::string(key) + "` must be " + std::string(expected) + ", not " + std::string(describe(value.type())));
}

void TableReader::refuse_others() { refuse_unknown_keys(table_, asked_, what_, diagnostics_); }

}  // namespace caveat
