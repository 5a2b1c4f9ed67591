#include "trust/lock.hpp"

#include "support/catch.hpp"
#include "trust_support.hpp"

using caveat::Artifact;
using caveat::Lock;
using caveat::Pin;
using caveat::testing::Folder;

namespace {

const std::string kDigestA = "sha256:" + std::string(64, 'a');
const std::string kDigestB = "sha256:" + std::string(64, 'b');

Pin pin(Artifact kind, std::string id, caveat::Version lowest, std::string digest) {
  return {kind, std::move(id), lowest, std::move(digest), {}};
}

Lock read(const Folder& folder, std::string_view text) {
  auto lock = Lock::read(folder.write("caveat.lock", text));
  if (!lock) FAIL(to_string(lock.error().diagnostics.front()));
  return std::move(*lock);
}

std::string refused(const Folder& folder, std::string_view text) {
  const auto lock = Lock::read(folder.write("caveat.lock", text));
  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == caveat::ErrorKind::kLoad);
  std::string out;
  for (const auto& diagnostic : lock.error().diagnostics) {
    CHECK(diagnostic.place.line > 0);
    out += diagnostic.code + ' ';
  }
  return out;
}

}  // namespace

TEST_CASE("trust.lock: the same pins give the same bytes, in whatever order they came") {
  Lock one, other;
  const Pin a = pin(Artifact::kPlugin, "org.example.a", {{1, 2, 3}}, kDigestA);
  const Pin b = pin(Artifact::kPlugin, "org.example.b", {{0, 1, 0}}, kDigestB);
  const Pin pack = pin(Artifact::kPack, "blood", {{2, 0, 0}}, kDigestA);
  for (const Pin& each : {a, b, pack}) one.pin(each);
  for (const Pin& each : {pack, pin(Artifact::kPlugin, "org.example.a", {{9, 9, 9}}, kDigestB), b, a}) other.pin(each);
  CHECK(one.text() == other.text());
  CHECK(one.text() ==
        "# What this site has looked at and pinned. Written by `caveat plugin trust`; review its changes as you review "
        "code.\nformat = 1\n"
        "\n[[plugin]]\nid = \"org.example.a\"\nlowest = \"1.2.3\"\ndigest = \"" +
            kDigestA +
            "\"\n"
            "\n[[plugin]]\nid = \"org.example.b\"\nlowest = \"0.1.0\"\ndigest = \"" +
            kDigestB +
            "\"\n"
            "\n[[pack]]\nid = \"blood\"\nlowest = \"2.0.0\"\ndigest = \"" +
            kDigestA + "\"\n");

  const Folder folder;
  const Lock again = read(folder, one.text());
  CHECK(again.text() == one.text());
  REQUIRE(again.find(Artifact::kPlugin, "org.example.b") != nullptr);
  CHECK(again.find(Artifact::kPlugin, "org.example.b")->lowest == caveat::Version{{0, 1, 0}});
  CHECK(again.find(Artifact::kPlugin, "org.example.b")->place.line == 9);
  CHECK(again.find(Artifact::kPack, "org.example.b") == nullptr);
  CHECK(again.find(Artifact::kPlugin, "org.example") == nullptr);
}

TEST_CASE("trust.lock: every mistake is reported, and nothing is half read") {
  const Folder folder;
  CHECK(refused(folder, "format = 2\n[[plugin]]\nid = \"A b\"\nlowest = \"one\"\ndigest = \"md5:1\"\ncolour = 1\n") ==
        "unknown-format unknown-key bad-value bad-value bad-value ");
  CHECK(refused(folder, "[[pack]]\n") == "missing-key missing-key missing-key missing-key ");
  CHECK(refused(folder, "format = 1\nplugin = 3\n[[plug]]\n") == "wrong-type unknown-key ");
  const std::string one = "[[pack]]\nid = \"blood\"\nlowest = \"1\"\ndigest = \"" + kDigestA + "\"\n";
  CHECK(refused(folder, "format = 1\n" + one + one) == "duplicate-id ");
  CHECK_FALSE(Lock::read(folder.path() / "nowhere.lock"));
}
