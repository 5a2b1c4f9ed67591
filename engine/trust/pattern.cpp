#include "trust/pattern.hpp"

#include <algorithm>

namespace caveat {

namespace {

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

}  // namespace

bool is_digest(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr std::size_t kDigits = 64;
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kDigits) return false;
  text.remove_prefix(kPrefix.size());
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_id_letter); }

bool is_pattern(std::string_view text) {
  return text == "*" || is_id(text.substr(0, text.size() - (text.ends_with('*') ? 1 : 0)));
}

bool matches(std::string_view pattern, std::string_view id) {
  if (!pattern.ends_with('*')) return pattern == id;
  return id.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace caveat
