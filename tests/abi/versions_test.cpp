#include "versions.hpp"

namespace caveat::test {

TEST_CASE("abi.versions: today's host works with plugins of the first minor, of its own and of a later one") {
  for (const Placement placement : {Placement::kInProcess, Placement::kIsolated}) {
    check_versions_plugin("frozen_1_0", kOlderHost, placement);
    check_versions_plugin("todays", kOlderHost, placement);
    check_versions_plugin("later_minor", kOlderHost, placement);
  }
}

}  // namespace caveat::test
