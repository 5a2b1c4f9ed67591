#include "base/page.hpp"

#include <algorithm>

namespace caveat {

namespace {

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

// C0 and C1 controls and DEL, white space apart.
std::string without_controls(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool space = c == '\n' || c == '\t' || c == '\r';
    if (c1) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else if (space) {
      out += ' ';
    } else if (c < 0x20 || c == 0x7F) {
      out += "\xEF\xBF\xBD";
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

}  // namespace

void Page::paragraph(std::size_t indent, std::string_view text, std::size_t hanging) {
  const std::string clean = without_controls(text);
  const std::string_view words = clean;
  std::string line(indent, ' ');
  std::size_t column = indent;
  bool empty = true;
  for (std::size_t begin = words.find_first_not_of(' '); begin != std::string_view::npos;) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    const std::string_view word = words.substr(begin, end - begin);
    const std::size_t length = code_points(word);
    if (!empty && column + 1 + length > width_) {
      out_ += line + '\n';
      line.assign(indent + hanging, ' ');
      column = indent + hanging;
      empty = true;
    }
    if (!empty) {
      line += ' ';
      ++column;
    }
    line += word;
    column += length;
    empty = false;
    begin = words.find_first_not_of(' ', end);
  }
  if (!empty) out_ += line + '\n';
}

void Page::rule() {
  for (std::size_t i = 0; i < width_; ++i) out_ += "─";
  out_ += '\n';
}

}  // namespace caveat
