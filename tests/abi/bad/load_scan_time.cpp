// Works for a while as soon as it is loaded.
#include "good.hpp"

#include <ctime>

namespace {
struct Preparation {
  Preparation() {
    const std::clock_t until = std::clock() + CLOCKS_PER_SEC * 2 / 5;
    while (std::clock() < until) {}
  }
} preparation;
}  // namespace

CAVEAT_PLUGIN(Good)
