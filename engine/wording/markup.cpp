#include "wording/markup.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace caveat {
namespace {

constexpr std::size_t kTagMax = 200;
constexpr std::size_t kEntityMax = 12;

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

char32_t decode(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) return lead;
  char32_t c = lead & (0x7Fu >> bytes.size());
  for (const char byte : bytes.substr(1)) c = (c << 6) | (static_cast<unsigned char>(byte) & 0x3Fu);
  return c;
}

bool well_formed(std::string_view bytes) {
  for (const char byte : bytes.substr(1)) {
    if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) return false;
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const char32_t c = decode(bytes);
  return c >= kLeast[bytes.size()] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

struct Named {
  std::string_view name;
  char32_t character;
};

constexpr Named kEntities[] = {
    {"nbsp", U' '},        {"ensp", U' '},      {"emsp", U' '},       {"thinsp", U' '}, {"shy", U'\u00AD'},
    {"zwj", U'\u200D'},    {"zwnj", U'\u200C'}, {"lt", U'<'},         {"gt", U'>'},     {"amp", U'&'},
    {"quot", U'"'},        {"apos", U'\''},     {"rsquo", U'\''},     {"lsquo", U'\''}, {"ldquo", U'"'},
    {"rdquo", U'"'},       {"ndash", U'-'},     {"mdash", U'\u2014'}, {"hyphen", U'-'}, {"percnt", U'%'},
    {"hellip", U'\u2026'}, {"imath", U'i'},     {"inodot", U'i'},     {"Tab", U' '},    {"NewLine", U' '},
    {"period", U'.'},      {"excl", U'!'},      {"commat", U'@'},     {"dollar", U'$'}, {"euro", U'\u20AC'},
    {"pound", U'\u00A3'},  {"lowbar", U'_'},    {"ast", U'*'},        {"bull", U' '},   {"middot", U'\u00B7'},
};

// `&eacute;` and its like: a letter and the name of its accent.
constexpr std::string_view kAccents[] = {"acute", "grave", "circ",  "uml",   "tilde", "ring",
                                         "cedil", "caron", "breve", "slash", "dot",   "macr"};

char32_t named_entity(std::string_view name) {
  for (const Named& entity : kEntities) {
    if (entity.name == name) return entity.character;
  }
  if (name.size() < 4 || !is_letter(name[0])) return 0;
  const auto* found = std::find(std::begin(kAccents), std::end(kAccents), name.substr(1));
  return found == std::end(kAccents) ? U'\0' : char32_t{static_cast<unsigned char>(name[0])};
}

char32_t numeric_entity(std::string_view digits) {
  int base = 10;
  if (!digits.empty() && (digits[0] == 'x' || digits[0] == 'X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return 0;
  return value > 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF) ? value : 0;
}

bool breaks_line(std::string_view tag) {
  constexpr std::string_view kBlocks[] = {"br", "p", "li", "div", "td", "tr", "h1", "h2", "h3", "hr", "ul", "ol"};
  if (!tag.empty() && tag[0] == '/') tag.remove_prefix(1);
  const auto end =
      std::find_if_not(tag.begin(), tag.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  const std::string_view name = tag.substr(0, static_cast<std::size_t>(end - tag.begin()));
  return std::find(std::begin(kBlocks), std::end(kBlocks), name) != std::end(kBlocks);
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = length_by_lead(static_cast<unsigned char>(text[i]));
    if (length == 0 || i + length > text.size()) return false;
    if (length > 1 && !well_formed(text.substr(i, length))) return false;
    i += length;
  }
  return true;
}

bool MarkupReader::skip_tag(bool& line_break) {
  const std::string_view rest = text_.substr(at_, kTagMax);
  if (rest.size() < 3 || !(is_letter(rest[1]) || rest[1] == '/' || rest[1] == '!')) return false;
  const std::size_t close = rest.find('>');
  if (close == std::string_view::npos) return false;
  line_break = breaks_line(rest.substr(1, close - 1));
  at_ += close + 1;
  return true;
}

bool MarkupReader::entity(MarkupUnit& unit) {
  const std::string_view rest = text_.substr(at_, kEntityMax);
  const std::size_t close = rest.find(';');
  if (close == std::string_view::npos || close < 3) return false;
  const std::string_view name = rest.substr(1, close - 1);
  const char32_t character = name[0] == '#' ? numeric_entity(name.substr(1)) : named_entity(name);
  if (character == 0) return false;
  unit = {character, at_, at_ + close + 1};
  at_ = unit.end;
  return true;
}

bool MarkupReader::next(MarkupUnit& unit) {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '<') {
      const std::size_t begin = at_;
      bool line_break = false;
      if (skip_tag(line_break)) {
        if (!line_break) continue;
        unit = {U' ', begin, at_};
        return true;
      }
    }
    if (c == '&' && entity(unit)) return true;
    const std::size_t length = length_by_lead(static_cast<unsigned char>(c));
    unit = {decode(text_.substr(at_, length)), at_, at_ + length};
    at_ = unit.end;
    return true;
  }
  return false;
}

}  // namespace caveat
