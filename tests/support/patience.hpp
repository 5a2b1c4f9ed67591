// How much more time is allowed to what has to end in time, where a sanitizer slows it down.
#pragma once

#include <cstdint>

namespace caveat::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAVEAT_UNDER_SANITIZER
inline constexpr std::uint32_t kPatience = 6;
#else
inline constexpr std::uint32_t kPatience = 1;
#endif

}  // namespace caveat::test
