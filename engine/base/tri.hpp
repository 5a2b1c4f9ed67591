// Three-valued truth, after Kleene. The whole of it: nothing else in the engine decides what unknown does to a Boolean.
// INVARIANT: unknown is zero, so forgotten memory reads as "unknown" and never as "no".
#pragma once

#include <cstdint>
#include <string_view>

namespace caveat {

enum class Tri : std::uint8_t { kUnknown = 0, kFalse = 1, kTrue = 2 };

constexpr Tri tri(bool value) { return value ? Tri::kTrue : Tri::kFalse; }

constexpr bool known(Tri a) { return a != Tri::kUnknown; }

constexpr Tri tri_not(Tri a) {
  if (a == Tri::kUnknown) return Tri::kUnknown;
  return tri(a == Tri::kFalse);
}

constexpr Tri tri_and(Tri a, Tri b) {
  if (a == Tri::kFalse || b == Tri::kFalse) return Tri::kFalse;
  if (a == Tri::kTrue && b == Tri::kTrue) return Tri::kTrue;
  return Tri::kUnknown;
}

constexpr Tri tri_or(Tri a, Tri b) { return tri_not(tri_and(tri_not(a), tri_not(b))); }

constexpr Tri tri_implies(Tri a, Tri b) { return tri_or(tri_not(a), b); }

constexpr Tri tri_xor(Tri a, Tri b) {
  if (!known(a) || !known(b)) return Tri::kUnknown;
  return tri(a != b);
}

constexpr std::string_view to_string(Tri a) {
  switch (a) {
    case Tri::kFalse: return "false";
    case Tri::kTrue: return "true";
    case Tri::kUnknown: break;
  }
  return "unknown";
}

}  // namespace caveat
