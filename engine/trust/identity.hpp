// What is vouched for: a plugin, or a rule pack.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace caveat {

enum class Artifact : std::uint8_t { kPlugin, kPack };

std::string_view to_string(Artifact kind);  ///< `plugin`, `pack`

/// Version of the condition language that packs are written in.
inline constexpr std::uint32_t kConditionLanguage = 1;

/// What a plugin's manifest or a pack's header says that it is. Borrows its texts.
struct Identity {
  Artifact kind = Artifact::kPlugin;
  std::string_view id, version;
  std::uint32_t interface_version = 1;  ///< a plugin's ABI (major version), a pack's condition language
};

/// What the trusted comment of its signature has to be, to the letter:
/// `caveat plugin id=org.example.doses version=1.0.0 abi=1`, `caveat pack id=blood version=1.0.0 language=1`.
std::string claim(const Identity& identity);

/// Where its signature lies: beside a plugin's file, `doses.so.minisig`; inside a pack's folder, `pack.minisig`.
std::filesystem::path signature_path(Artifact kind, const std::filesystem::path& path);

}  // namespace caveat
