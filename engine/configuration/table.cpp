#include "configuration/table.hpp"

namespace caveat {

namespace {

std::string absent(bool required) { return required ? "required" : "none"; }

std::string title(const std::string& name) { return name.empty() ? "the configuration" : "`[" + name + "]`"; }

const TomlDocument& empty_document() {
  static const TomlDocument document = *TomlDocument::parse({}, {}, ErrorKind::kInternal);
  return document;
}

}  // namespace

ConfigurationTable::ConfigurationTable(const TomlValue& table, std::string name, ConfigurationReading& reading)
    : table_(table),
      name_(std::move(name)),
      reading_(reading),
      reader_(table_, table_.place(), title(name_), reading.diagnostics) {}

void ConfigurationTable::note(std::string_view key, std::string absent) {
  if (reading_.keys != nullptr) reading_.keys->push_back({name_, std::string(key), std::move(absent)});
}

void ConfigurationTable::flag(std::string_view key, bool& target) {
  note(key, target ? "true" : "false");
  if (const auto truth = reader_.boolean(key)) target = *truth;
}

void ConfigurationTable::text(std::string_view key, std::string& target, bool required) {
  note(key, absent(required));
  if (std::string text = reader_.string(key, required); !text.empty()) target = std::move(text);
}

void ConfigurationTable::texts(std::string_view key, std::vector<std::string>& target, std::string absent) {
  note(key, std::move(absent));
  if (reader_.value(key) != nullptr) target = reader_.strings(key);
}

void ConfigurationTable::path(std::string_view key, std::filesystem::path& target, bool required) {
  std::string text;
  this->text(key, text, required);
  if (!text.empty()) target = absolute(text);
}

void ConfigurationTable::folders(std::string_view key, Folders& target) {
  std::vector<std::string> paths;
  texts(key, paths);
  for (const std::string& each : paths) target.paths.push_back(absolute(each));
}

void ConfigurationTable::date(std::string_view key, std::string& target, bool required) {
  note(key, absent(required));
  const TomlValue* value = reader_.value(key, required);
  if (value == nullptr) return;
  if (!value->is(TomlType::kDate)) return reader_.wrong_type(key, *value, "a date such as 2026-11-30, without quotes");
  target = value->source_text();
}

std::uint64_t ConfigurationTable::read_number(std::string_view key, std::uint64_t standard, std::uint64_t least,
                                              std::uint64_t most) {
  note(key, std::to_string(standard));
  const TomlValue* value = reader_.value(key);
  if (value == nullptr) return standard;
  const auto number = value->integer();
  if (!number) {
    reader_.wrong_type(key, *value, "a whole number");
  } else if (*number < 0 || static_cast<std::uint64_t>(*number) < least || static_cast<std::uint64_t>(*number) > most) {
    reading_.diagnostics.error("out-of-range", value->place(),
                               "`" + std::string(key) + "` is " + std::to_string(*number) + "; it is between " +
                                   std::to_string(least) + " and " + std::to_string(most));
  } else {
    return static_cast<std::uint64_t>(*number);
  }
  return standard;
}

std::vector<TomlValue> ConfigurationTable::tables_of(std::string_view key, TomlType type) {
  if (reading_.keys != nullptr) return {empty_document().root()};
  const TomlValue* value = reader_.value(key);
  if (value == nullptr) return {};
  std::vector<TomlValue> out;
  if (type == TomlType::kTable) out.push_back(*value);
  if (type == TomlType::kArray) out.assign(value->elements().begin(), value->elements().end());
  const auto is_table = [](const TomlValue& each) { return each.is(TomlType::kTable); };
  if (value->is(type) && std::all_of(out.begin(), out.end(), is_table)) return out;
  const std::string name = (name_.empty() ? "" : name_ + '.') + std::string(key);
  reading_.diagnostics.error("wrong-type", value->place(), "`" + name + "` is not written as a table",
                             type == TomlType::kTable ? "write [" + name + "]" : "write [[" + name + "]]");
  return {};
}

Place ConfigurationTable::place() const { return table_.place(); }

Place ConfigurationTable::place(std::string_view key) const {
  const TomlValue* value = table_.find(key);
  return value == nullptr ? place() : value->place();
}

std::filesystem::path ConfigurationTable::absolute(const std::filesystem::path& path) const {
  return path.is_absolute() ? path : (reading_.folder / path).lexically_normal();
}

}  // namespace caveat
