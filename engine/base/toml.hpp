// TOML documents with exact places. Everything the engine reads in TOML (packs, manifests, lexicons, profiles) goes
// through here, because toml++ alone loses three things that Caveat needs: the order of keys, the text of a decimal,
// and where inside a string a character stands.
#pragma once

#include "base/diagnostics.hpp"
#include "base/text_file.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class TomlDocument;

/// One key of a table with its value, in file order. Borrowed from the document.
struct TomlEntry;

enum class TomlType { kTable, kArray, kString, kInteger, kDecimal, kBoolean, kDate, kDateTime, kTime };

/// What a type is called in a message: `a table`, `a list`, `a string`, …
std::string_view describe(TomlType type);

/// A value in a document: cheap to copy, valid as long as the document lives.
class TomlValue {
 public:
  [[nodiscard]] TomlType type() const;
  /// Where the value starts.
  [[nodiscard]] Place place() const;
  /// The same as a byte offset in the document's text.
  [[nodiscard]] std::size_t offset() const;

  [[nodiscard]] bool is(TomlType type) const { return this->type() == type; }
  /// Each is null when the value is of another type.
  [[nodiscard]] std::optional<std::string_view> string() const;
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  /// The scalar's text as written: exact decimals are parsed from it. `_` digit separators and a string's quotes are
  /// included; empty for lists and tables.
  [[nodiscard]] std::string_view source_text() const;
  /// The place of byte `offset` of a decoded string, escapes and multi-line strings included.
  [[nodiscard]] Place place_in_string(std::size_t offset) const;

  /// Elements of an array; empty for other types.
  [[nodiscard]] std::span<const TomlValue> elements() const;
  /// Entries of a table in file order; empty for other types. Dotted keys stand as nested tables at their first place.
  [[nodiscard]] std::span<const TomlEntry> entries() const;
  /// The value under `key`, or nullptr.
  [[nodiscard]] const TomlValue* find(std::string_view key) const;
  [[nodiscard]] const TomlEntry* find_entry(std::string_view key) const;

 private:
  friend class TomlDocument;
  struct Data;
  const Data* data_ = nullptr;
};

struct TomlEntry {
  std::string_view key;
  Place key_place;
  TomlValue value;
  std::size_t key_offset = 0;  ///< byte offset of the key in the document's text
};

/// A parsed file. Immutable; values borrow from it.
class TomlDocument {
 public:
  /// `text` is checked (UTF-8, NUL, bounds) before it is parsed. `file` stands in every place.
  static Result<TomlDocument> parse(std::string text, std::string file, ErrorKind kind, const TextLimits& limits = {});
  static Result<TomlDocument> read(const std::filesystem::path& path, ErrorKind kind, const TextLimits& limits = {});

  [[nodiscard]] const TomlValue& root() const;
  [[nodiscard]] const std::string& file() const;
  [[nodiscard]] std::string_view text() const;

  TomlDocument(TomlDocument&&) noexcept;
  TomlDocument& operator=(TomlDocument&&) noexcept;
  ~TomlDocument();

 private:
  friend class TomlValue;
  struct Impl;
  explicit TomlDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Reports every key of `table` that is not in `allowed`, with the nearest allowed one as help.
void refuse_unknown_keys(const TomlValue& table, const std::vector<std::string>& allowed, std::string_view what,
                         Diagnostics& diagnostics);

}  // namespace caveat
