// A small generator of numbers whose sequence is ours, so that a seed means the same on every machine (splitmix64).
#pragma once

#include <cstdint>

namespace caveat::bench {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  /// 0 … bound - 1. `bound` is small: the high half of the number is enough.
  int below(int bound) {
    return static_cast<int>(((next() >> 32U) * static_cast<std::uint64_t>(static_cast<unsigned>(bound))) >> 32U);
  }
  /// `low` … `high`, both included.
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(double probability) { return static_cast<double>(next() >> 11U) * 0x1p-53 < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace caveat::bench
