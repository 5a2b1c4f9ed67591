#include "check/checks.hpp"

#include <vector>

namespace caveat::cli {

std::span<const Check> plugin_checks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> out;
    for (const std::span<const Check> group : {load_checks(), logic_checks(), output_checks(), robustness_checks()}) {
      out.insert(out.end(), group.begin(), group.end());
    }
    return out;
  }();
  return all;
}

}  // namespace caveat::cli
