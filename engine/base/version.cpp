#include "base/version.hpp"

#include <algorithm>
#include <charconv>

namespace caveat {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// `-rc.1`, `+build.5`: letters, digits, hyphens and dots.
bool is_suffix(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '+';
  };
  return text.size() > 1 && (text.front() == '-' || text.front() == '+') &&
         std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::string to_string(const Version& version) {
  return std::to_string(version.parts[0]) + '.' + std::to_string(version.parts[1]) + '.' +
         std::to_string(version.parts[2]);
}

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  for (std::size_t i = 0; i < version.parts.size(); ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version.parts[i]);
    if (error != std::errc() || end == text.data()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return version;
    const bool last = i + 1 == version.parts.size();
    if (last) return is_suffix(text) ? std::optional(version) : std::nullopt;
    if (text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  return std::nullopt;
}

bool VersionRequirement::admits(const Version& candidate) const {
  switch (kind) {
    case Kind::kAtLeast: return candidate >= version;
    case Kind::kExactly: return candidate == version;
    case Kind::kBelow: return candidate < version;
    case Kind::kCompatible: return candidate >= version && candidate.parts[0] == version.parts[0];
  }
  return false;
}

std::optional<VersionRequirement> parse_version_requirement(std::string_view text) {
  text = trim(text);
  VersionRequirement requirement;
  if (text.starts_with(">=")) {
    text.remove_prefix(2);
  } else if (text.starts_with("<")) {
    requirement.kind = VersionRequirement::Kind::kBelow;
    text.remove_prefix(1);
  } else if (text.starts_with("=")) {
    requirement.kind = VersionRequirement::Kind::kExactly;
    text.remove_prefix(1);
  } else {
    requirement.kind = VersionRequirement::Kind::kCompatible;
  }
  const auto version = parse_version(trim(text));
  if (!version) return std::nullopt;
  requirement.version = *version;
  return requirement;
}

}  // namespace caveat
