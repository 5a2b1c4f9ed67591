// What a plugin may say of one profile. docs/formats/plugin-abi.md lists them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace caveat {

struct PluginQuotas {
  static constexpr std::uint32_t kDetailsMax = 64;  ///< of one advice
  static constexpr std::size_t kNodesMax = 1000;
  static constexpr std::uint32_t kDepthMax = 32;  ///< of an explanation
  static constexpr std::uint32_t kReadsMax = 64;  ///< of one leaf
  static constexpr std::uint32_t kChildrenMax = 256;
  static constexpr std::size_t kOwnTextBytesMax = 4096;               ///< one text in the plugin's own words
  static constexpr std::size_t kOwnBytesMax = std::size_t{64} << 10;  ///< all of them
};

}  // namespace caveat
