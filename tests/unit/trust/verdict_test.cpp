// Who vouches for bytes, and what never loads: with real keys and files.
#include "base/digest.hpp"
#include "base/source_file.hpp"
#include "support/catch.hpp"
#include "trust/secret_key.hpp"
#include "trust/trust.hpp"
#include "trust_support.hpp"

#include <functional>

using caveat::Artifact;
using caveat::Denial;
using caveat::Identity;
using caveat::Origin;
using caveat::Placement;
using caveat::SecretKey;
using caveat::Standing;
using caveat::Trust;
using caveat::TrustedKey;
using caveat::TrustOptions;
using caveat::testing::Folder;

namespace {

const std::string kId = "org.example.doses";
const std::string kBytes = "the bytes of a library";

/// A site: a folder with a plugin and a pack, a key that it trusts and one that it does not.
struct Site {
  Folder folder;
  SecretKey key = SecretKey::generate();
  SecretKey stranger = SecretKey::generate();
  std::filesystem::path plugin = folder.path() / "doses.so";
  TrustOptions options = [this] {
    TrustOptions out;
    out.keys.push_back({key.public_key().line(), "Example Ltd", {"org.example.*"}, {"blood"}});
    return out;
  }();

  void sign(const SecretKey& with, const std::string& bytes = kBytes, const std::string& version = "1.2.0") const {
    sign_as(with, bytes, caveat::claim(Identity{Artifact::kPlugin, kId, version, 1}));
  }
  void sign_as(const SecretKey& with, const std::string& bytes, const std::string& comment) const {
    folder.write("doses.so.minisig", with.sign(bytes, comment).file());
  }
  void pin(const std::string& bytes = kBytes, caveat::Version lowest = {{1, 0, 0}}) {
    caveat::Lock lock;
    lock.pin({Artifact::kPlugin, kId, lowest, caveat::sha256(bytes), {}});
    options.lock = folder.write("caveat.lock", lock.text());
  }
  [[nodiscard]] caveat::Result<Standing> judge(const std::string& bytes = kBytes, const std::string& id = kId,
                                               const std::string& version = "1.2.0") const {
    const auto trust = Trust::load(options);
    if (!trust) return caveat::Failure(trust.error());
    return trust->plugin(plugin, bytes, id, version, 1);
  }
};

/// The codes of what forbids loading; empty when it loads.
std::string codes(const caveat::Result<Standing>& standing) {
  if (standing) return "";
  CHECK(standing.error().kind == caveat::ErrorKind::kLoad);
  std::string out;
  for (const auto& diagnostic : standing.error().diagnostics) {
    INFO(to_string(diagnostic));
    CHECK_FALSE(diagnostic.help.empty());
    out += (out.empty() ? "" : " ") + diagnostic.code;
  }
  return out;
}

Standing loaded(const caveat::Result<Standing>& standing) {
  if (!standing) FAIL(to_string(standing.error().diagnostics.front()));
  return *standing;
}

std::string key_of(const SecretKey& key) { return caveat::key_name(key.public_key().id); }

}  // namespace

TEST_CASE("trust.verdict: in process only when signed, pinned and named") {
  for (const int which : {0, 1, 2, 3, 4, 5, 6, 7}) {
    const bool is_signed = (which & 1) != 0, pinned = (which & 2) != 0, named = (which & 4) != 0;
    Site site;
    if (is_signed) site.sign(site.key);
    if (pinned) site.pin();
    if (named) site.options.in_process = {kId};
    const Standing standing = loaded(site.judge());
    INFO(which << ": " << standing.reason);
    CHECK((standing.placement == Placement::kInProcess) == (which == 7));
    CHECK(standing.pinned == pinned);
    CHECK(standing.signer == (is_signed ? "Example Ltd" : ""));
  }
}

TEST_CASE("trust.verdict: the reason says who vouches, and what is wanting") {
  Site site;
  CHECK(loaded(site.judge()).reason == "not signed");
  site.sign(site.stranger);
  CHECK(loaded(site.judge()).reason == "signed with the key " + key_of(site.stranger) + ", which is not trusted here");
  site.pin();
  site.options.in_process = {kId};
  CHECK(loaded(site.judge()).reason ==
        "signed with the key " + key_of(site.stranger) +
            ", which is not trusted here, pinned; named in `in_process`, which needs a pin "
            "and a trusted signature too");
  site.sign(site.key);
  const std::string by = "signed by `Example Ltd` (" + key_of(site.key) + ")";
  CHECK(loaded(site.judge()).reason == by + ", pinned, and trusted to run in process");
  site.options.in_process.clear();
  CHECK(loaded(site.judge()).reason == by + ", pinned, not named in `in_process`");
  site.options.lock.clear();
  CHECK(loaded(site.judge()).reason == by + ", not pinned");
  site.options.keys[0].plugins = {"org.other.*"};
  CHECK(loaded(site.judge()).reason == by + ", who is not trusted for this id");
}

TEST_CASE("trust.verdict: modified never loads, allow-listed or not") {
  using Change = std::function<void(Site&)>;
  const std::vector<std::pair<std::string, Change>> changes = {
      {"modified", [](Site& site) { site.sign(site.key, kBytes + "!"); }},
      {"modified", [](Site& site) { site.sign(site.key, ""); }},
      {"bad-signature", [](Site& site) { site.folder.write("doses.so.minisig", ""); }},
      {"bad-signature", [](Site& site) { site.folder.write("doses.so.minisig", "untrusted comment: x\n"); }},
      {"too-large", [](Site& site) { site.folder.write("doses.so.minisig", std::string(70'000, 'x')); }},
      {"unreadable", [](Site& site) { std::filesystem::create_directory(site.folder.path() / "doses.so.minisig"); }},
      {"unreadable",
       [](Site& site) { std::filesystem::create_symlink("nowhere", site.folder.path() / "doses.so.minisig"); }},
      {"wrong-signature", [](Site& site) { site.sign_as(site.key, kBytes, "timestamp:1\tfile:doses.so"); }},
      {"wrong-signature", [](Site& site) { site.sign(site.key, kBytes, "1.2.1"); }},
      {"wrong-signature",
       [](Site& site) { site.sign_as(site.key, kBytes, "caveat pack id=" + kId + " version=1.2.0 language=1"); }},
      {"wrong-signature",
       [](Site& site) { site.sign_as(site.key, kBytes, "caveat plugin id=" + kId + " version=1.2.0 abi=2"); }},
      {"modified", [](Site& site) { site.pin("other bytes"); }},
      {"too-old", [](Site& site) { site.pin(kBytes, {{1, 2, 1}}); }},
      {"modified too-old modified",
       [](Site& site) { site.pin("other bytes", {{2, 0, 0}}), site.sign(site.key, "other bytes"); }},
  };
  for (const bool lenient : {true, false}) {
    for (const auto& [expected, change] : changes) {
      Site site;
      site.options.in_process = {kId};
      site.options.allow_unsigned = lenient;
      site.pin();
      change(site);
      INFO(expected);
      CHECK(codes(site.judge()) == expected);
    }
  }
}

TEST_CASE("trust.verdict: every byte of a signed plugin counts") {
  Site site;
  site.sign(site.key);
  for (std::size_t at = 0; at < kBytes.size(); ++at) {
    std::string changed = kBytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(codes(site.judge(changed)) == "modified");
  }
  CHECK(codes(site.judge(kBytes + '\0')) == "modified");
  CHECK(codes(site.judge(kBytes)).empty());
}

TEST_CASE("trust.verdict: what nobody vouches for does not load where that is not allowed") {
  Site site;
  site.options.allow_unsigned = false;
  CHECK(codes(site.judge()) == "not-signed");
  site.pin();
  CHECK(codes(site.judge()) == "not-signed");
  site.sign(site.stranger);
  CHECK(codes(site.judge()) == "not-signed");
  site.sign(site.key);
  CHECK(codes(site.judge()).empty());
  site.options.keys[0].plugins = {"org.other.*"};
  CHECK(codes(site.judge()) == "not-signed");
}

TEST_CASE("trust.verdict: what is denied does not load, whoever vouches for it") {
  Site site;
  site.sign(site.key);
  site.pin();
  const auto denied = [&](Denial denial) {
    denial.reason = "withdrawn by its vendor";
    site.options.deny = {denial};
    const auto standing = site.judge();
    if (!standing)
      CHECK(standing.error().diagnostics.front().message.find("withdrawn by its vendor") != std::string::npos);
    return codes(standing);
  };
  CHECK(denied({.digest = caveat::sha256(kBytes)}) == "denied");
  CHECK(denied({.key = key_of(site.key)}) == "denied");
  CHECK(denied({.key = site.key.public_key().line()}) == "denied");
  CHECK(denied({.id = kId}) == "denied");
  CHECK(denied({.id = kId, .version = "< 1.3"}) == "denied");
  CHECK(denied({.id = kId, .version = "1.2.0"}) == "denied");
  CHECK(denied({.id = kId, .version = ">= 1"}) == "denied");
  CHECK(denied({.id = kId, .version = "< 1.2"}).empty());
  CHECK(denied({.id = kId, .version = "1.1.0"}).empty());
  CHECK(denied({.id = "org.example.other"}).empty());
  CHECK(denied({.key = key_of(site.stranger)}).empty());
  CHECK(denied({.digest = caveat::sha256("other")}).empty());
}

TEST_CASE("trust.verdict: a pack is vouched for by its listing") {
  Site site;
  const std::string facts = "facts", rules = "rules";
  const auto listing = [](std::vector<caveat::SourceFile> files) { return caveat::listing(files); };
  const std::string whole = listing({{"facts.toml", facts}, {"pack.toml", rules}});
  const auto judge = [&](const std::string& text) {
    return Trust::load(site.options)->pack(site.folder.path(), text, "blood", "1.0.0");
  };
  CHECK(judge(whole)->reason == "not signed");
  site.folder.write("pack.minisig", site.key.sign(whole, "caveat pack id=blood version=1.0.0 language=1").file());
  const auto origin = judge(whole);
  REQUIRE(origin);
  CHECK(origin->signer == "Example Ltd");
  CHECK(origin->digest == caveat::sha256(whole));
  CHECK_FALSE(judge(listing({{"facts.toml", facts}})));
  CHECK_FALSE(judge(listing({{"facts.toml", facts}, {"pack.toml", facts}})));
  CHECK_FALSE(judge(listing({{"facts.toml", facts}, {"more.toml", ""}, {"pack.toml", rules}})));
  CHECK_FALSE(judge(listing({{"fact.toml", facts}, {"pack.toml", rules}})));
}

TEST_CASE("trust.verdict: options that say nothing sensible are refused, all at once") {
  const Folder folder;
  TrustOptions options;
  const std::string line = SecretKey::generate().public_key().line();
  options.keys = {{"RWnonsense", "A", {"*"}}, {line, "", {}, {}}, {line, "B", {"org.*.x", "*"}}};
  options.deny = {{},
                  {.digest = "sha256:1", .reason = "r"},
                  {.key = "RW", .reason = "r"},
                  {.key = "b", .id = "a"},
                  {.id = "a", .version = "later", .reason = "r"},
                  {.id = "org.example.a"}};
  options.in_process = {"org.example.*"};
  options.lock = folder.path() / "nowhere.lock";
  const auto trust = Trust::load(options);
  REQUIRE_FALSE(trust);
  std::string all;
  for (const auto& diagnostic : trust.error().diagnostics) all += diagnostic.code + ' ';
  CHECK(all ==
        "bad-key no-name no-ids bad-pattern duplicate-key bad-denial bad-denial bad-denial bad-denial bad-denial "
        "bad-denial bad-id unreadable ");
}
