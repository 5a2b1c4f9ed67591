// A validated profile as bytes, and back: all that an evaluation reads of it, places and warnings included, so that a
// replay has the same bytes wherever the profile came from. docs/formats/audit.md, section 7.
#pragma once

#include "profile/profile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caveat {

std::string to_text(const ProfileData& profile, const Vocabulary& vocabulary);

/// Nothing when the text is not one that to_text() wrote, or names facts or values that `vocabulary` does not declare.
std::optional<ProfileData> parse_profile(std::string_view text, const Vocabulary& vocabulary);

}  // namespace caveat
