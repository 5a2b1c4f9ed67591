// Profiles that are kept: sealed, bound to their record, and enough to replay from.
#include "audit/audit_kit.hpp"

#include "audit/profile_codec.hpp"
#include "audit/replay.hpp"
#include "audit/sealing.hpp"

using namespace caveat::audit_kit;
using caveat::AuditLog;
using caveat::SealingKey;

namespace {

/// Every type of fact, every reason, sources that disagree, warnings, and places.
const std::string kPack = R"(
[fact.flag]
type = "boolean"
label = "Flag"
ask = "Flag?"
[fact.count]
type = "integer"
label = "Count"
ask = "Count?"
[fact.temperature]
type = "decimal"
label = "Temperature"
ask = "Temperature?"
[fact.dose]
type = "quantity"
unit = "mg"
label = "Dose"
ask = "Dose?"
[fact.kind]
type = "choice"
values = ["a", "b"]
label = "Kind"
ask = "Kind?"
[fact.kinds]
type = "choices"
values = ["x", "y", "z"]
label = "Kinds"
ask = "Kinds?"
[fact.given_on]
type = "date"
label = "Day"
ask = "Day?"
valid_for = "3 months"
)" + kit::rule("contraindication", "any",
               "flag or count > 3 or temperature > 38.5 or dose > 5 'mg' or kind = 'b' or given_on "
               "> @2026-01-01");

const std::vector<std::string> kProfiles = {
    R"({})",
    R"({"id":"p-1","recorded":"2026-11-01","facts":{"flag":true,"count":9007199254740993,"temperature":38.50000001,
        "dose":{"value":0.5,"unit":"g"},"kind":"b","kinds":["z","x"],"given_on":"2026-06-30"}})",
    R"({"id":"ü \"q\" \u0001","facts":{"flag":[{"value":true,"source":"a","recorded":"2026-11-01"},{"value":false}],
        "count":{"unknown":"declined"},"temperature":null,"dose":{"unknown":"not-asked"},"kinds":[],
        "given_on":{"value":"2026-01-02","recorded":"2025-01-02","source":"form"},"nobody":1}})",
    R"({"recorded":"2027-11-01","facts":{"flag":{"value":true,"recorded":"2028-01-01"}}})",
};

caveat::Profile read(const caveat::Engine& engine, const std::string& text) {
  caveat::ProfileOptions options;
  options.file = "a profile.json";
  options.lenient = true;
  return must(caveat::Profile::from_text(text, engine.vocabulary(), options));
}

}  // namespace

TEST_CASE("audit.profiles: what is read back is what was evaluated, to the last byte of the result") {
  const kit::TempFolder rules;
  const caveat::Engine engine = kit::engine_of(rules, kPack);
  for (const std::string& text : kProfiles) {
    INFO(text);
    const caveat::Profile profile = read(engine, text);
    const std::string kept = caveat::to_text(profile.data(), engine.vocabulary());
    const auto back = caveat::parse_profile(kept, engine.vocabulary());
    REQUIRE(back);
    CHECK(caveat::to_text(*back, engine.vocabulary()) == kept);
    CHECK(caveat::canonical_json(*back, engine.vocabulary()) ==
          caveat::canonical_json(profile.data(), engine.vocabulary()));
    CHECK(back->digest == profile.digest());
    for (std::size_t cut = 0; cut < kept.size(); cut += 7)
      CHECK_FALSE(caveat::parse_profile(kept.substr(0, cut), engine.vocabulary()));
  }
}

TEST_CASE("audit.profiles: a log that keeps them replays without the profile") {
  const kit::TempFolder rules;
  const caveat::Engine engine = kit::engine_of(rules, kPack);
  const LogFolder folder;
  auto options = folder.options();
  options.profiles = true;
  std::vector<std::string> results;
  {
    const AuditLog log = must(AuditLog::open(options));
    for (const std::string& text : kProfiles) {
      const auto spoken = engine.evaluate(read(engine, text), {.at = {kit::kAt}});
      results.push_back(must(log.record(spoken)).result);
    }
  }
  CHECK(folder.verify().holds());
  const SealingKey key = must(SealingKey::read(folder.file().string() + ".profiles-key"));
  auto reader = must(caveat::AuditReader::open(folder.file(), {}));
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto line = must(reader.find(std::to_string(i + 2)));
    const auto source = must(caveat::kept_profile(reader, line, key));
    const auto again = must(caveat::replay(reader, line, {.plugins = kit::kPlugins}, source));
    CHECK(again.same);
    CHECK(again.result == results[i]);
    CHECK(again.differences.empty());
  }
}

TEST_CASE("audit.profiles: none is kept unless it is asked for, and none can be read in the files") {
  const LogFolder without;
  without.record(1);
  CHECK_FALSE(fs::exists(without.file().string() + ".profiles-key"));
  CHECK(without.column("SELECT count(*) FROM profile").front() == "0");

  const LogFolder folder;
  auto options = folder.options();
  options.profiles = true;
  const std::string name = "Maria-Musterfrau-1990";
  {
    const AuditLog log = must(AuditLog::open(options));
    must(log.record(evaluation(name)));
    must(log.record(evaluation(name)));
  }
  const std::string bytes = read_file(folder.file());
  for (const std::string& secret : {name, std::string("\"pregnant\""), std::string("caveat.audit.profile/1")})
    CHECK(bytes.find(secret) == std::string::npos);
  const auto sealed = folder.column("SELECT sealed FROM profile");
  CHECK(sealed[0] != sealed[1]);  // equal profiles are sealed into other bytes

  // Without its key the log goes on only without profiles: another key would hide that theirs is gone.
  fs::rename(folder.file().string() + ".profiles-key", folder.path() / "gone");
  const auto refused = AuditLog::open(options);
  REQUIRE_FALSE(refused);
  CHECK(first(refused.error()).code == "audit-no-key");
  must(AuditLog::open(folder.options()));
}

TEST_CASE("audit.profiles: one that was changed, exchanged, removed or added is found") {
  for (const char* statement :
       {"UPDATE profile SET sealed = CAST(sealed || x'00' AS BLOB) WHERE sequence = 2",
        "UPDATE profile SET sequence = -2 WHERE sequence = 2; UPDATE profile SET sequence = 2 WHERE sequence = 3; "
        "UPDATE profile SET sequence = 3 WHERE sequence = -2",
        "DELETE FROM profile WHERE sequence = 3", "INSERT INTO profile VALUES (1, x'00')"}) {
    INFO(statement);
    const LogFolder folder;
    auto options = folder.options();
    options.profiles = true;
    {
      const AuditLog log = must(AuditLog::open(options));
      must(log.record(evaluation("p-1", true)));
      must(log.record(evaluation("p-2", false)));
    }
    CHECK_THROWS_AS(folder.sql("DELETE FROM profile"), SQLite::Exception);
    CHECK_THROWS_AS(folder.sql("INSERT OR REPLACE INTO profile VALUES (3, x'00')"), SQLite::Exception);
    folder.tamper(statement);
    const auto found = codes(folder.verify());
    CHECK_FALSE(found.empty());
    for (const std::string& code : found) CHECK(code == "audit-content");
  }
}

TEST_CASE("audit.sealing: opens with its key alone, and not when a bit changed") {
  const LogFolder folder;
  const SealingKey key = must(SealingKey::read_or_make(folder.path() / "key"));
  const SealingKey same = must(SealingKey::read(folder.path() / "key"));
  const SealingKey other = must(SealingKey::read_or_make(folder.path() / "other"));
  for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, 'y')}) {
    std::string sealed = key.seal(text);
    CHECK(must(same.open(sealed)) == text);
    CHECK_FALSE(other.open(sealed));
    for (std::size_t at = 0; at < sealed.size(); at += 1 + sealed.size() / 50) {
      sealed[at] = static_cast<char>(sealed[at] ^ 1);
      CHECK_FALSE(key.open(sealed));
      sealed[at] = static_cast<char>(sealed[at] ^ 1);
    }
    CHECK_FALSE(key.open(std::string_view(sealed).substr(1)));
    CHECK_FALSE(key.open(sealed + 'x'));
  }
  CHECK_FALSE(key.open(""));
  CHECK_FALSE(SealingKey::read(folder.path() / "nowhere"));
}
