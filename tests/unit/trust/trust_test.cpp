#include "trust/trust.hpp"

#include "base/digest.hpp"
#include "base/text_file.hpp"
#include "support/catch.hpp"

#include <filesystem>

using caveat::Placement;
using caveat::Standing;
using caveat::Trust;

namespace {

const std::filesystem::path kPlugins(CAVEAT_BINARY_DIR "/lib/caveat/plugins");

std::string bytes_of(const std::filesystem::path& path) {
  auto bytes = caveat::read_text(path, {}, caveat::ErrorKind::kLoad);
  REQUIRE(bytes);
  return std::move(*bytes);
}

caveat::Result<Standing> judge(std::string_view bytes, const caveat::TrustOptions& options = {}) {
  return Trust::load(options)->plugin("plugins/x.so", bytes, "org.example.x", "1.0.0", 1);
}

}  // namespace

TEST_CASE("trust.trust: the standard plugins are known by their bytes, wherever they lie") {
  for (const char* name : {"contraindications", "approaches", "timeline", "information"}) {
    const std::string bytes = bytes_of(kPlugins / (std::string(name) + ".so"));
    INFO(name);
    const auto standing = judge(bytes);
    REQUIRE(standing);
    CHECK(standing->placement == Placement::kInProcess);
    CHECK(standing->reason == "builtin");
    CHECK(standing->digest == caveat::sha256(bytes));
  }
}

TEST_CASE("trust.trust: a changed copy of a standard plugin is not builtin") {
  std::string bytes = bytes_of(kPlugins / "timeline.so");
  for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto standing = judge(changed);
    REQUIRE(standing);
    CHECK(standing->placement == Placement::kIsolated);
  }
  CHECK(judge(bytes + '\0')->placement == Placement::kIsolated);
}

TEST_CASE("trust.trust: what is not signed runs isolated, or not at all") {
  const auto standing = judge("bytes of some plugin");
  REQUIRE(standing);
  CHECK(standing->placement == Placement::kIsolated);
  CHECK(standing->reason == "not signed");

  caveat::TrustOptions strict;
  strict.allow_unsigned = false;
  const auto refused = judge("bytes of some plugin", strict);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == caveat::ErrorKind::kLoad);
  CHECK(refused.error().diagnostics.front().code == "not-signed");
  CHECK(refused.error().diagnostics.front().place.file == "plugins/x.so");
  CHECK(judge(bytes_of(kPlugins / "timeline.so"), strict));  // part of Caveat
}
