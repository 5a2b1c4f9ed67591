// Text as the language sees it: code points, case by Unicode's root rules (never by a locale), white space folded for
// `~`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caveat {

std::size_t code_points(std::string_view text);
/// `count` code points from `start`; nothing when `start` lies outside the text.
std::optional<std::string> substring(std::string_view text, std::size_t start, std::size_t count);
std::string upper(std::string_view text);
std::string lower(std::string_view text);
/// `~` on strings: case and runs of white space do not count.
bool equivalent_text(std::string_view a, std::string_view b);

}  // namespace caveat
