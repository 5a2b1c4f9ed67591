#include "base/quote.hpp"

#include <algorithm>

namespace caveat {

namespace {

constexpr std::size_t kBytesMax = 80;
constexpr std::size_t kWordsMax = 64;

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string in_backticks(std::string_view text) {
  std::size_t end = std::min(text.size(), kBytesMax);
  while (end > 0 && end < text.size() && continues_code_point(text[end])) --end;
  std::string out = "`" + std::string(text.substr(0, end)) + (end < text.size() ? "…`" : "`");
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == '\x7F'; };
  std::replace_if(out.begin(), out.end(), control, ' ');
  return out;
}

std::string backticked_list(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < kWordsMax; ++i) out += (i == 0 ? "" : ", ") + in_backticks(words[i]);
  if (words.size() > kWordsMax) out += " and " + std::to_string(words.size() - kWordsMax) + " more";
  return out;
}

}  // namespace caveat
