// The small notations of trust: digests, and ids that stand for several.
#pragma once

#include <string_view>

namespace caveat {

/// `sha256:` and 64 hexadecimal digits, small letters.
bool is_digest(std::string_view text);

/// Letters that the ids of plugins and packs are made of, at least one.
bool is_id(std::string_view text);
/// An id, or the beginning of ids and a `*`.
bool is_pattern(std::string_view text);
bool matches(std::string_view pattern, std::string_view id);

}  // namespace caveat
