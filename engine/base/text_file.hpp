// Reading text that came from outside: bounded in size, UTF-8, without NUL; and finding places in it.
#pragma once

#include <caveat/result.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// Limits on any text read from outside. docs/formats/limits.md lists them with their reasons.
struct TextLimits {
  std::size_t bytes_max = std::size_t{16} << 20;
  std::size_t depth_max = 32;          ///< nesting of arrays and tables
  std::size_t entries_max = 100'000;   ///< keys and elements, counted before anything is built
  std::size_t string_max = std::size_t{1} << 20;  ///< bytes of one string, key or bare word as written
};

/// Reads a whole file (`-` is standard input). Never holds more than `bytes_max` + 1 bytes; a larger file is refused
/// unread where its size is known. Errors have `kind`; the place is the file's name.
Result<std::string> read_text(const std::filesystem::path& path, const TextLimits& limits, ErrorKind kind);

/// Refuses text that is not UTF-8 or holds a NUL byte, with the place of the first offending byte.
Result<void> check_text(std::string_view text, const std::string& file, ErrorKind kind);

enum class Notation { kToml, kJson };

/// Refuses text that nests deeper or holds more keys and elements than `limits` allows, before a parser sees it:
/// a parser's own memory grows with both. Knows strings and comments of both notations; assumes nothing else.
Result<void> check_bounds(std::string_view text, Notation notation, const std::string& file, const TextLimits& limits,
                          ErrorKind kind);

/// Removes a UTF-8 byte order mark from the start of a text.
std::string_view without_byte_order_mark(std::string_view text);

/// Turns byte offsets of one text into places, and back. Building costs one pass; a look-up reads at most one stride.
/// Keeps 8 bytes a stride however many lines there are: a text of newlines alone must not cost ten times its size.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  /// The place of byte `offset` (clamped to the end), column in code points.
  [[nodiscard]] Place place(std::size_t offset, const std::string& file) const;
  /// The byte offset of a line and column, clamped to the text.
  [[nodiscard]] std::size_t offset(std::uint32_t line, std::uint32_t column) const;

 private:
  static constexpr std::size_t kStride = 64;
  struct Mark {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
  };
  void advance(Mark& mark, std::size_t offset) const;

  std::string_view text_;
  std::vector<Mark> marks_;  ///< of the code point that offset `index * kStride` lies in or starts
};

}  // namespace caveat
