// Reads a text character by character as a reader would see it: entities resolved, tags left out.
#pragma once

#include <cstddef>
#include <string_view>

namespace caveat {

/// One visible character and the bytes it came from.
struct MarkupUnit {
  char32_t character = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// True when every byte of `text` belongs to a well-formed UTF-8 character.
bool is_utf8(std::string_view text);

/// Walks through well-formed UTF-8.
class MarkupReader {
 public:
  explicit MarkupReader(std::string_view text) : text_(text) {}
  /// The next visible character; false at the end. A tag that breaks a line reads as a space.
  bool next(MarkupUnit& unit);

 private:
  bool skip_tag(bool& breaks_line);
  bool entity(MarkupUnit& unit);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace caveat
