#include "trust/builtin.hpp"

#include <algorithm>

namespace caveat {

namespace {

constexpr std::string_view kDigests[] = {
#include "builtin_digests.inc"
};

}  // namespace

bool is_builtin(std::string_view digest) {
  return std::find(std::begin(kDigests), std::end(kDigests), digest) != std::end(kDigests);
}

}  // namespace caveat
