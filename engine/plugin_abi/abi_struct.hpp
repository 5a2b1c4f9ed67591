// Structs of the plugin ABI as their reader knows them, whatever version their writer was compiled for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace caveat {

/// A size-prefixed struct: what the writer's is shorter by reads as zero.
template <class T>
T sized(const T* raw) {
  T out{};
  std::memcpy(&out, raw, std::min<std::size_t>(raw->size, sizeof out));
  return out;
}

/// Element `index` of an array whose stride may be smaller or larger than the reader's struct.
template <class T>
T strided(const T* first, std::uint32_t stride, std::uint32_t index) {
  T out{};
  std::memcpy(&out, reinterpret_cast<const char*>(first) + std::size_t{stride} * index,
              std::min<std::size_t>(stride, sizeof out));
  return out;
}

}  // namespace caveat
