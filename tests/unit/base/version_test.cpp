#include "base/version.hpp"

#include "support/catch.hpp"

using caveat::parse_version;
using caveat::parse_version_requirement;

TEST_CASE("base.version: versions have one to three parts") {
  CHECK(parse_version("1")->parts == std::array<std::uint32_t, 3>{1, 0, 0});
  CHECK(parse_version("1.2")->parts == std::array<std::uint32_t, 3>{1, 2, 0});
  CHECK(parse_version("1.2.3-rc.1")->parts == std::array<std::uint32_t, 3>{1, 2, 3});
  for (const char* bad : {"", "v1", "1.", "1..2", "1.2.3.4", "1.2.3-", "a.b", "-1", "99999999999"}) {
    INFO(bad);
    CHECK_FALSE(parse_version(bad));
  }
}

TEST_CASE("base.version: requirements") {
  const auto admits = [](const char* requirement, const char* version) {
    return parse_version_requirement(requirement)->admits(*parse_version(version));
  };
  CHECK(admits(">= 1.2", "1.2.0"));
  CHECK(admits(">= 1.2", "2.0"));
  CHECK_FALSE(admits(">= 1.2", "1.1.9"));
  CHECK(admits("= 1.2.3", "1.2.3"));
  CHECK_FALSE(admits("= 1.2.3", "1.2.4"));
  CHECK(admits("1.2", "1.9"));
  CHECK_FALSE(admits("1.2", "2.0"));
  CHECK_FALSE(parse_version_requirement("~> 1"));
}

TEST_CASE("base.version: a suffix is of letters, digits, hyphens and dots") {
  for (const char* good : {"1.2.3-rc.1", "1.2.3+build.5", "1.2.3-rc.1+5"}) CHECK(parse_version(good));
  for (const char* bad : {"1.2.3-a b", "1.2.3-a\n", "1.2.3-\"", "1.2.3_a"}) CHECK_FALSE(parse_version(bad));
}

TEST_CASE("base.version: below a version") {
  CHECK(parse_version_requirement("< 1.2")->admits(*parse_version("1.1.9")));
  CHECK_FALSE(parse_version_requirement("< 1.2")->admits(*parse_version("1.2.0")));
  CHECK(to_string(*parse_version("1.2")) == "1.2.0");
}
