// Semantic versions and what a pack requires of them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

struct Version {
  std::array<std::uint32_t, 3> parts{};
  friend auto operator<=>(const Version&, const Version&) = default;
};

std::string to_string(const Version& version);  ///< `1.2.3`

/// `1`, `1.2` or `1.2.3`; a pre-release or build suffix of the last is accepted and not compared.
std::optional<Version> parse_version(std::string_view text);

/// A requirement: `>= 1.2`, `< 2`, `= 1.2.3`, or a bare version, which admits every later one of the same major.
struct VersionRequirement {
  enum class Kind : std::uint8_t { kAtLeast, kBelow, kExactly, kCompatible } kind = Kind::kAtLeast;
  Version version;
  [[nodiscard]] bool admits(const Version& candidate) const;
};
std::optional<VersionRequirement> parse_version_requirement(std::string_view text);

}  // namespace caveat
