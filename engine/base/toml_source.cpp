#include "base/toml_source.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace caveat {

namespace {

// Walks a TOML string one decoded unit at a time: a byte as written, an escape, a line break, or nothing at all for
// what a line-ending backslash swallows. The text was parsed before, so it is well-formed.
class StringWalk {
 public:
  StringWalk(std::string_view text, std::size_t begin) : text_(text), at_(begin), quote_(text[begin]) {
    multi_line_ = text_.substr(begin, 3).find_first_not_of(quote_) == std::string_view::npos &&
                  text_.substr(begin, 3).size() == 3;
    at_ += multi_line_ ? 3 : 1;
    if (multi_line_) at_ += line_break_length(at_);
    skip_swallowed();
  }

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t unit_size() const { return unit().decoded; }
  // In a multi-line string, one or two quotes before the closing three are part of the value: `"""say "yes""""`.
  [[nodiscard]] bool done() const {
    if (at_ >= text_.size()) return true;
    if (text_[at_] != quote_) return false;
    return !multi_line_ || std::min(text_.find_first_not_of(quote_, at_), text_.size()) - at_ == 3;
  }
  void next() {
    at_ += unit().written;
    skip_swallowed();
  }

 private:
  struct Unit {
    std::size_t written = 1;
    std::size_t decoded = 1;
  };

  [[nodiscard]] Unit unit() const {
    if (quote_ == '"' && text_[at_] == '\\') return escape();
    const std::size_t line_break = multi_line_ ? line_break_length(at_) : 0;
    return line_break > 0 ? Unit{line_break, 1} : Unit{};
  }

  [[nodiscard]] Unit escape() const {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : ' ';
    if (kind == 'u') return {6, encoded_size(text_.substr(at_ + 2, 4))};
    if (kind == 'U') return {10, encoded_size(text_.substr(at_ + 2, 8))};
    return {2, 1};
  }

  static std::size_t encoded_size(std::string_view digits) {
    std::uint32_t code_point = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), code_point, 16);
    if (code_point < 0x80) return 1;
    if (code_point < 0x800) return 2;
    return code_point < 0x10000 ? 3 : 4;
  }

  [[nodiscard]] std::size_t line_break_length(std::size_t at) const {
    if (text_.substr(at, 2) == "\r\n") return 2;
    return text_.substr(at, 1) == "\n" ? 1 : 0;
  }

  // A backslash at the end of a line swallows all white space up to the next character.
  void skip_swallowed() {
    while (multi_line_ && quote_ == '"' && at_ < text_.size() && text_[at_] == '\\') {
      const std::size_t end = text_.find_first_not_of(" \t", at_ + 1);
      if (end == std::string_view::npos || line_break_length(end) == 0) return;
      at_ = std::min(text_.find_first_not_of(" \t\r\n", end), text_.size());
    }
  }

  std::string_view text_;
  std::size_t at_;
  char quote_;
  bool multi_line_ = false;
};

}  // namespace

std::size_t offset_in_string(std::string_view text, std::size_t begin, std::size_t decoded) {
  StringWalk walk(text, begin);
  while (!walk.done() && decoded >= walk.unit_size()) {
    decoded -= walk.unit_size();
    walk.next();
  }
  return walk.at();
}

std::string_view string_source(std::string_view text, std::size_t begin) {
  constexpr std::size_t kToTheEnd = std::numeric_limits<std::size_t>::max();
  const std::size_t last = offset_in_string(text, begin, kToTheEnd);
  const std::size_t quotes = text.substr(begin, 3) == "\"\"\"" || text.substr(begin, 3) == "'''" ? 3 : 1;
  return text.substr(begin, last + quotes - begin);
}

std::string_view scalar_source(std::string_view text, std::size_t begin, bool spaced) {
  constexpr std::string_view kEnds = " \t\r\n,]}#";
  std::size_t end = std::min(text.find_first_of(kEnds, begin), text.size());
  const bool date_alone = end - begin == std::string_view("2026-11-01").size();
  if (spaced && date_alone && end < text.size()) end = std::min(text.find_first_of(kEnds, end + 1), text.size());
  return text.substr(begin, end - begin);
}

}  // namespace caveat
