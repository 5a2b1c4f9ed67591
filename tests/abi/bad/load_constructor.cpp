// Greets whoever loads it.
#include "good.hpp"

#include <cstdio>

namespace {
struct Greeting {
  Greeting() { std::fputs("hello\n", stderr); }
} greeting;
}  // namespace

CAVEAT_PLUGIN(Good)
