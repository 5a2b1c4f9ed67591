#include "versions.hpp"

namespace caveat::test {

TEST_CASE("abi.versions: today's host works with plugins of the first minor, of its own and of a later one") {
  check_versions_plugin("frozen_1_0", kOlderHost);
  check_versions_plugin("todays", kOlderHost);
  check_versions_plugin("later_minor", kOlderHost);
}

}  // namespace caveat::test
