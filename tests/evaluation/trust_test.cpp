// Whose packs an engine loads, through the public API.
#include "evaluation/kit.hpp"

#include "base/digest.hpp"
#include "evaluation/snapshot.hpp"
#include "support/process.hpp"
#include "trust/identity.hpp"
#include "trust/secret_key.hpp"

#include <atomic>
#include <thread>

using kit::booleans, kit::kHeader, kit::load, kit::options_for, kit::rule, kit::TempFolder;

namespace {

const std::string kBody = booleans({"a"}) + rule("contraindication", "one", "a");

std::string refusal(const caveat::EngineOptions& options) {
  const auto engine = caveat::Engine::load(options);
  if (engine) return "";
  CHECK(engine.error().kind == caveat::ErrorKind::kLoad);
  return engine.error().diagnostics.front().code;
}

/// The signature of a pack that is one file, `pack.toml`.
std::string sign_test_pack(const caveat::SecretKey& key, const std::string& text) {
  const std::string listing = caveat::sha256(text).substr(std::string_view("sha256:").size()) + "  pack.toml\n";
  const caveat::Identity identity{caveat::Artifact::kPack, "test", "1.0.0", 1};
  return key.sign(listing, caveat::claim(identity)).file();
}

const caveat::Pack& pack_of(const caveat::Engine& engine, std::string_view id) {
  return engine.snapshot().find(id)->pack;
}

}  // namespace

TEST_CASE("evaluation.trust: a pack's digest is what sha256sum says of it") {
  const caveat::Engine engine = load(options_for(kit::kSource / "rules/microneedling"));
  const auto printed = caveat::testing::run(
      {.arguments = {"/bin/sh", "-c", "LC_ALL=C sha256sum *.toml"}, .directory = kit::kSource / "rules/microneedling"});
  REQUIRE(printed.exit_code == 0);
  CHECK(pack_of(engine, "microneedling").digest == caveat::sha256(printed.out));
  CHECK(pack_of(engine, "microneedling").origin.digest == caveat::sha256(printed.out));
}

TEST_CASE("evaluation.trust: the standard packs are part of Caveat, and a changed copy is not") {
  const caveat::Engine engine = load(options_for(kit::kSource / "rules/microneedling"));
  CHECK(pack_of(engine, "microneedling").origin.builtin);
  const TempFolder folder;
  std::filesystem::copy(kit::kSource / "rules/microneedling", folder.path() / "copy");
  caveat::EngineOptions options = options_for(folder.path());
  options.trust.allow_unsigned = false;
  CHECK(refusal(options).empty());  // wherever the copy lies
  folder.write("copy/more.toml", "");
  CHECK(refusal(options) == "not-signed");
  options.trust.allow_unsigned = true;
  CHECK(pack_of(load(options), "microneedling").origin.reason == "not signed");
}

TEST_CASE("evaluation.trust: a signed pack loads where only those do, and a changed one nowhere") {
  const TempFolder folder;
  folder.write("test/pack.toml", kHeader + kBody);
  const auto key = caveat::SecretKey::generate();
  caveat::EngineOptions options = options_for(folder.path());
  options.trust.allow_unsigned = false;
  options.trust.keys = {{key.public_key().line(), "A clinic", {}, {"test"}}};
  CHECK(refusal(options) == "not-signed");
  folder.write("test/pack.minisig", sign_test_pack(key, kHeader + kBody));
  CHECK(pack_of(load(options), "test").origin.signer == "A clinic");
  folder.write("test/pack.toml", kHeader + kBody + "\n");
  CHECK(refusal(options) == "modified");
  options.trust.allow_unsigned = true;
  CHECK(refusal(options) == "modified");
  options.trust.keys.clear();  // nobody can tell any more
  CHECK(refusal(options).empty());
}

TEST_CASE("evaluation.trust: what was signed is what speaks, while somebody exchanges the file") {
  const TempFolder folder;
  const std::string good = kHeader + kBody, bad = kHeader + booleans({"a"}) + rule("contraindication", "other", "a");
  folder.write("test/pack.toml", good);
  const auto key = caveat::SecretKey::generate();
  caveat::EngineOptions options = options_for(folder.path());
  options.trust.keys = {{key.public_key().line(), "A clinic", {}, {"test"}}};
  folder.write("test/pack.minisig", sign_test_pack(key, good));
  std::atomic<bool> done = false;
  std::thread exchanger([&] {
    for (bool turn = true; !done; turn = !turn) {
      folder.write("next", turn ? bad : good);
      std::filesystem::rename(folder.path() / "next", folder.path() / "test/pack.toml");
    }
  });
  for (int i = 0; i < 25; ++i) {
    const auto engine = caveat::Engine::load(options);
    if (!engine) {
      CHECK(engine.error().diagnostics.front().code == "modified");
    } else {
      CHECK(pack_of(*engine, "test").rules.front().id == "one");
      CHECK(pack_of(*engine, "test").origin.signer == "A clinic");
    }
  }
  done = true;
  exchanger.join();
  folder.write("test/pack.toml", bad);
  CHECK(refusal(options) == "modified");
}

TEST_CASE("evaluation.trust: trust that cannot be read ends loading") {
  const TempFolder folder;
  folder.write("test/pack.toml", kHeader + kBody);
  caveat::EngineOptions options = options_for(folder.path());
  options.trust.lock = folder.path() / "caveat.lock";
  CHECK(refusal(options) == "unreadable");
  options.trust.lock.clear();
  options.trust.keys = {{"nonsense", "A clinic", {"*"}, {}}};
  CHECK(refusal(options) == "bad-key");
}

TEST_CASE("rules.loading: file names that a listing cannot name are refused") {
  for (const char* name : {"a\nb.toml", "a\\b.toml"}) {
    const TempFolder folder;
    folder.write("test/pack.toml", kHeader + kBody);
    std::ofstream(folder.path() / "test" / name) << "\n";
    CHECK(refusal(options_for(folder.path())) == "bad-file-name");
  }
}
