#include "conditions/text_functions.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace caveat {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

icu::UnicodeString decode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string encode(const icu::UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

std::string fold(std::string_view text) {
  icu::UnicodeString unicode = decode(text);
  std::string folded;
  for (const char c : encode(unicode.foldCase())) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) folded += c;
    if (blank && (folded.empty() || folded.back() != ' ')) folded += ' ';
  }
  return folded;
}

}  // namespace

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += continues(c) ? 0U : 1U;
  return count;
}

std::optional<std::string> substring(std::string_view text, std::size_t start, std::size_t count) {
  std::string out;
  std::size_t index = 0;
  bool inside = false;
  for (const char c : text) {
    if (!continues(c)) {
      inside = index >= start && index - start < count;
      ++index;
    }
    if (inside) out += c;
  }
  if (start >= index) return std::nullopt;
  return out;
}

std::string upper(std::string_view text) { return encode(decode(text).toUpper(icu::Locale::getRoot())); }
std::string lower(std::string_view text) { return encode(decode(text).toLower(icu::Locale::getRoot())); }
bool equivalent_text(std::string_view a, std::string_view b) { return fold(a) == fold(b); }

}  // namespace caveat
