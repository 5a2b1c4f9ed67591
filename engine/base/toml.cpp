#include "base/toml.hpp"

#include "base/quote.hpp"
#include "base/toml_errors.hpp"
#include "base/toml_source.hpp"

#include <algorithm>
#include <deque>
#include <new>
#include <toml++/toml.h>
#include <utility>

namespace caveat {

namespace {

TomlType type_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::array: return TomlType::kArray;
    case toml::node_type::string: return TomlType::kString;
    case toml::node_type::integer: return TomlType::kInteger;
    case toml::node_type::floating_point: return TomlType::kDecimal;
    case toml::node_type::boolean: return TomlType::kBoolean;
    case toml::node_type::date: return TomlType::kDate;
    case toml::node_type::time: return TomlType::kTime;
    case toml::node_type::date_time: return TomlType::kDateTime;
    default: return TomlType::kTable;
  }
}

bool before(const toml::source_position& a, const toml::source_position& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

using Entry = std::pair<const toml::key*, const toml::node*>;

// toml++ sorts a table by key; the file's order is that of the keys' own places.
std::vector<Entry> in_file_order(const toml::table& table) {
  std::vector<Entry> entries;
  entries.reserve(table.size());
  for (const auto& [key, node] : table) entries.emplace_back(&key, &node);
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return before(a.first->source().begin, b.first->source().begin);
  });
  return entries;
}

}  // namespace

std::string_view describe(TomlType type) {
  switch (type) {
    case TomlType::kTable: return "a table";
    case TomlType::kArray: return "a list";
    case TomlType::kString: return "a string";
    case TomlType::kInteger: return "an integer";
    case TomlType::kDecimal: return "a decimal";
    case TomlType::kBoolean: return "a Boolean";
    case TomlType::kDate: return "a date";
    case TomlType::kDateTime: return "a date-time";
    case TomlType::kTime: break;
  }
  return "a time";
}

struct TomlValue::Data {
  const TomlDocument::Impl* document = nullptr;
  const toml::node* node = nullptr;
  TomlType type = TomlType::kTable;
  std::size_t begin = 0;
  std::vector<TomlValue> elements;
  std::vector<TomlEntry> entries;
};

struct TomlDocument::Impl {
  Impl(std::string the_text, std::string the_file)
      : text(std::move(the_text)), file(std::move(the_file)), index(text) {}

  TomlValue build(const toml::node& node) {
    const toml::source_position begin = node.source().begin;
    TomlValue::Data& data = values.emplace_back();
    data.document = this;
    data.node = &node;
    data.type = type_of(node.type());
    data.begin = index.offset(begin.line, begin.column);
    if (const toml::array* array = node.as_array()) build_elements(data, *array);
    if (const toml::table* table = node.as_table()) build_entries(data, *table);
    TomlValue value;
    value.data_ = &data;
    return value;
  }

  void build_elements(TomlValue::Data& data, const toml::array& array) {
    data.elements.reserve(array.size());
    for (const toml::node& element : array) data.elements.push_back(build(element));
  }

  void build_entries(TomlValue::Data& data, const toml::table& table) {
    data.entries.reserve(table.size());
    for (const auto& [key, node] : in_file_order(table)) {
      const toml::source_position begin = key->source().begin;
      data.entries.push_back(
          {key->str(), {file, begin.line, begin.column}, build(*node), index.offset(begin.line, begin.column)});
    }
  }

  std::string text;
  std::string file;
  LineIndex index;
  toml::table parsed;
  std::deque<TomlValue::Data> values;  // never moves its elements
  TomlValue root;
};

TomlType TomlValue::type() const { return data_->type; }

Place TomlValue::place() const { return data_->document->index.place(data_->begin, data_->document->file); }

std::size_t TomlValue::offset() const { return data_->begin; }

std::optional<std::string_view> TomlValue::string() const {
  const auto* value = data_->node->as_string();
  if (value == nullptr) return std::nullopt;
  return std::string_view(value->get());
}

std::optional<std::int64_t> TomlValue::integer() const {
  const auto* value = data_->node->as_integer();
  if (value == nullptr) return std::nullopt;
  return value->get();
}

std::optional<bool> TomlValue::boolean() const {
  const auto* value = data_->node->as_boolean();
  if (value == nullptr) return std::nullopt;
  return value->get();
}

std::string_view TomlValue::source_text() const {
  const std::string_view text = data_->document->text;
  switch (data_->type) {
    case TomlType::kTable:
    case TomlType::kArray: return {};
    case TomlType::kString: return string_source(text, data_->begin);
    default: return scalar_source(text, data_->begin, data_->type == TomlType::kDateTime);
  }
}

Place TomlValue::place_in_string(std::size_t offset) const {
  if (data_->type != TomlType::kString) return place();
  const std::size_t at = offset_in_string(data_->document->text, data_->begin, offset);
  return data_->document->index.place(at, data_->document->file);
}

std::span<const TomlValue> TomlValue::elements() const { return data_->elements; }

std::span<const TomlEntry> TomlValue::entries() const { return data_->entries; }

const TomlValue* TomlValue::find(std::string_view key) const {
  const TomlEntry* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

const TomlEntry* TomlValue::find_entry(std::string_view key) const {
  const auto found = std::find_if(data_->entries.begin(), data_->entries.end(),
                                  [&](const TomlEntry& entry) { return entry.key == key; });
  return found == data_->entries.end() ? nullptr : &*found;
}

Result<TomlDocument> TomlDocument::parse(std::string text, std::string file, ErrorKind kind, const TextLimits& limits) {
  text.erase(0, text.size() - without_byte_order_mark(text).size());
  if (const auto checked = check_text(text, file, kind); !checked) return Failure(checked.error());
  if (const auto bounded = check_bounds(text, Notation::kToml, file, limits, kind); !bounded) {
    return Failure(bounded.error());
  }
  auto impl = std::make_unique<Impl>(std::move(text), std::move(file));
  try {
    impl->parsed = toml::parse(std::string_view(impl->text));
    impl->root = impl->build(impl->parsed);
  } catch (const toml::parse_error& error) {
    const std::size_t offset = impl->index.offset(error.source().begin.line, error.source().begin.column);
    return fail(kind, toml_syntax_error(error.description(), offset, impl->text, impl->file));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return fail(ErrorKind::kInternal, Diagnostic{DiagnosticLevel::kError,
                                                 "internal",
                                                 {impl->file, 0, 0},
                                                 std::string("could not be parsed: ") + error.what(),
                                                 {}});
  }
  return TomlDocument(std::move(impl));
}

Result<TomlDocument> TomlDocument::read(const std::filesystem::path& path, ErrorKind kind, const TextLimits& limits) {
  Result<std::string> text = read_text(path, limits, kind);
  if (!text) return Failure(text.error());
  return parse(*std::move(text), path.string(), kind, limits);
}

const TomlValue& TomlDocument::root() const { return impl_->root; }
const std::string& TomlDocument::file() const { return impl_->file; }
std::string_view TomlDocument::text() const { return impl_->text; }

TomlDocument::TomlDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TomlDocument::TomlDocument(TomlDocument&&) noexcept = default;
TomlDocument& TomlDocument::operator=(TomlDocument&&) noexcept = default;
TomlDocument::~TomlDocument() = default;

void refuse_unknown_keys(const TomlValue& table, const std::vector<std::string>& allowed, std::string_view what,
                         Diagnostics& diagnostics) {
  constexpr std::size_t kListedMax = 100;
  std::size_t refused = 0;
  for (const TomlEntry& entry : table.entries()) {
    if (std::find(allowed.begin(), allowed.end(), entry.key) != allowed.end() || ++refused > kListedMax) continue;
    std::string help = did_you_mean(entry.key, allowed);
    if (help.empty()) help = allowed.empty() ? "no keys are allowed here" : "allowed: " + backticked_list(allowed);
    diagnostics.error("unknown-key", entry.key_place, std::string(what) + " has no key " + in_backticks(entry.key),
                      std::move(help));
  }
  if (refused <= kListedMax) return;
  diagnostics.error(
      "unknown-key", table.place(),
      std::string(what) + " has " + std::to_string(refused - kListedMax) + " more keys that are not allowed");
}

}  // namespace caveat
