// Verifying: each way to change the past is found.
#include "audit/audit_kit.hpp"

#include "audit/keys.hpp"
#include "audit/record.hpp"
#include "base/digest.hpp"

#include <algorithm>

using namespace caveat::audit_kit;

namespace {

/// What a stranger did to a log of five records, and what verifying must call it.
struct Tampering {
  const char* what;
  const char* sql;
  const char* code;
};

bool has(const caveat::AuditVerification& found, const std::string& code) {
  const auto all = codes(found);
  return std::find(all.begin(), all.end(), code) != all.end();
}

/// Changes a record and makes every later one follow, as one could who does not have the key.
void rewrite(const LogFolder& folder, std::int64_t from) {
  SQLite::Database database(folder.file().string(), SQLite::OPEN_READWRITE);
  database.exec("DROP TRIGGER record_unchanged");
  std::string previous;
  std::vector<std::pair<std::int64_t, std::string>> bodies;
  {
    SQLite::Statement query(database, "SELECT sequence, body FROM record ORDER BY sequence");
    while (query.executeStep()) bodies.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getString());
  }
  for (auto& [sequence, body] : bodies) {
    auto record = caveat::parse_body(body);
    REQUIRE(record);
    if (sequence == from) std::get<caveat::EvaluationEntry>(record->entry).complete ^= true;
    if (sequence > from) record->stamp.previous = previous;
    body = caveat::to_body(*record);
    previous = caveat::sha256(body);
    SQLite::Statement update(database, "UPDATE record SET body = ? WHERE sequence = ?");
    update.bind(1, body);
    update.bind(2, sequence);
    update.exec();
  }
  database.exec(
      "CREATE TRIGGER record_unchanged BEFORE UPDATE ON record\n"
      "  BEGIN SELECT RAISE(ABORT, 'records are never changed'); END");
}

}  // namespace

TEST_CASE("audit.verify: every change of the file is found and named") {
  const Tampering all[] = {
      {"a letter", "UPDATE record SET body = replace(body, 'refer', 'rifer') WHERE sequence = 2", "audit-changed"},
      {"a member", "UPDATE record SET body = json_remove(body, '$.profile_id') WHERE sequence = 3", "audit-changed"},
      {"a member more", "UPDATE record SET body = json_set(body, '$.z', 1) WHERE sequence = 5", "audit-changed"},
      {"white space", "UPDATE record SET body = body || ' ' WHERE sequence = 5", "audit-changed"},
      {"the last record",
       "UPDATE record SET body = replace(body, '\"complete\":true', '\"complete\":false') WHERE sequence = 5",
       "audit-changed"},
      {"one removed", "DELETE FROM record WHERE sequence = 3", "audit-removed"},
      {"some removed", "DELETE FROM record WHERE sequence IN (2, 3, 4)", "audit-removed"},
      {"the first removed", "DELETE FROM record WHERE sequence = 1", "audit-removed"},
      {"the last removed", "DELETE FROM record WHERE sequence = 5", "audit-cut"},
      {"all removed", "DELETE FROM record", "audit-no-record"},
      {"two exchanged",
       "UPDATE record SET sequence = -3 WHERE sequence = 3; UPDATE record SET sequence = 3 WHERE "
       "sequence = 4; UPDATE record SET sequence = 4 WHERE sequence = -3",
       "audit-moved"},
      {"one closed up", "DELETE FROM record WHERE sequence = 4; UPDATE record SET sequence = 4 WHERE sequence = 5",
       "audit-moved"},
      {"one doubled", "INSERT INTO record SELECT 6, body, mac FROM record WHERE sequence = 5", "audit-moved"},
      {"a seal", "UPDATE record SET mac = replace(mac, substr(mac, 1, 1), 'x') WHERE sequence = 5", "audit-unsealed"},
      {"a pack's bytes", "UPDATE content SET bytes = CAST(bytes || x'20' AS BLOB) WHERE rowid = 5", "audit-content"},
      {"a pack removed", "DELETE FROM content WHERE rowid = 5", "audit-content"},
      {"what was loaded", "DELETE FROM content WHERE rowid = 1", "audit-content"},
      {"a table more", "CREATE TABLE more (a)", "audit-schema"},
  };
  for (const Tampering& tampering : all) {
    const LogFolder folder;
    folder.record(4);
    folder.tamper(tampering.sql);
    const auto found = folder.verify();
    INFO(tampering.what << ": " << kit::all_of(found.findings));
    CHECK_FALSE(found.holds());
    CHECK(has(found, tampering.code));
  }
}

TEST_CASE("audit.verify: a protection that was switched off is found") {
  const LogFolder folder;
  folder.record(1);
  folder.sql("DROP TRIGGER record_kept");
  CHECK(codes(folder.verify()) == std::vector<std::string>{"audit-schema"});
}

TEST_CASE("audit.verify: a chain rewritten to its end is found by the key, and by a copy of the anchor") {
  const LogFolder folder;
  folder.record(4);
  const fs::path copy = folder.path() / "copy.anchor";
  fs::copy_file(folder.anchor(), copy);
  rewrite(folder, 3);
  fs::remove(folder.anchor());

  const auto keyed = folder.verify();
  CHECK(codes(keyed) == std::vector<std::string>{"audit-unsealed", "audit-unsealed", "audit-unsealed"});

  fs::rename(folder.key(), folder.path() / "elsewhere");
  const auto without = folder.verify();
  CHECK(without.holds());  // which is why the key and the anchor are there
  CHECK_FALSE(without.keyed);
  CHECK_FALSE(without.anchored);
  const auto anchored = must(caveat::verify_audit({folder.file(), {}, copy}));
  CHECK(codes(anchored) == std::vector<std::string>{"audit-changed"});
}

TEST_CASE("audit.verify: an older copy of the anchor is true, one that is newer than the log is not") {
  const LogFolder folder;
  folder.record(2);
  const fs::path older = folder.path() / "older.anchor";
  fs::copy_file(folder.anchor(), older);
  folder.record(2);
  CHECK(must(caveat::verify_audit({folder.file(), {}, older})).holds());
  folder.tamper("DELETE FROM record WHERE sequence > 3");
  CHECK(must(caveat::verify_audit({folder.file(), {}, older})).holds());
  CHECK(codes(folder.verify()) == std::vector<std::string>{"audit-cut"});

  const LogFolder other;
  other.record(2);
  CHECK(codes(must(caveat::verify_audit({folder.file(), {}, other.anchor()}))) ==
        std::vector<std::string>{"audit-anchor"});
}

TEST_CASE("audit.verify: an anchor and a key that are named must be there") {
  const LogFolder folder;
  folder.record(1);
  const fs::path nowhere = folder.path() / "nowhere";
  CHECK_FALSE(caveat::verify_audit({folder.file(), {}, nowhere}));
  CHECK_FALSE(caveat::verify_audit({folder.file(), nowhere, {}}));
  CHECK_FALSE(caveat::verify_audit({nowhere, {}, {}}));
  CHECK_FALSE(caveat::verify_audit({folder.file(), {}, folder.key()}));
}

TEST_CASE("audit.verify: reads a log in a folder that cannot be written, and beside one who records") {
  const LogFolder folder;
  const caveat::AuditLog log = folder.open();
  must(log.record(evaluation()));
  const auto found = folder.verify();
  CHECK(found.holds());
  CHECK(found.records == 2);
}

TEST_CASE("audit.record: bytes are canonical, and reading gives them back") {
  caveat::EvaluationEntry entry;
  entry.at = "2026-11-22T10:00:00+01:00";
  entry.language = "en";
  entry.pack = "microneedling";
  entry.disposition = caveat::Disposition::kRefer;
  entry.complete = true;
  entry.outcomes = {1, 2, 3, 4};
  entry.failed_plugins = {"caveat.timeline"};
  entry.context = "sha256:00";
  entry.evaluation = "aa";
  entry.profile = "bb";
  entry.profile_id = "cc";
  entry.result = "dd";
  const std::string body =
      R"({"at":"2026-11-22T10:00:00+01:00","clock":"stepped-back","complete":true,"context":"sha256:00",)"
      R"("disposition":"refer","evaluation":"aa","failed_plugins":["caveat.timeline"],"language":"en",)"
      R"("outcomes":{"failed":4,"met":1,"not-met":2,"undetermined":3},"pack":"microneedling","previous":"sha256:11",)"
      R"("profile":"bb","profile_id":"cc","recorded":"2026-11-22T09:00:00Z","result":"dd","schema":"caveat.audit/1",)"
      R"("sequence":7,"type":"evaluation"})";
  CHECK(caveat::to_body({{7, "sha256:11", "2026-11-22T09:00:00Z", true}, entry}) == body);
  const std::string first =
      R"({"key":"k","log":"l","previous":"p","recorded":"r","schema":"caveat.audit/1","sequence":1,"type":"log"})";
  CHECK(caveat::to_body({{1, "p", "r", false}, caveat::LogEntry{"l", "k"}}) == first);
  for (const std::string& text : {body, first}) {
    const auto record = caveat::parse_body(text);
    REQUIRE(record);
    CHECK(caveat::to_body(*record) == text);
  }
  for (const char* bad :
       {"", "null", "[]", "{}", R"({"schema":"caveat.audit/1","sequence":1,"type":"log"})",
        R"({"log":"l","key":"k","previous":"p","recorded":"r","schema":"caveat.audit/2","sequence":1,"type":"log"})",
        R"({"log":"l","key":"k","previous":"p","recorded":"r","schema":"caveat.audit/1","sequence":-1,"type":"log"})",
        R"({"log":"l","key":1,"previous":"p","recorded":"r","schema":"caveat.audit/1","sequence":1,"type":"log"})"}) {
    INFO(bad);
    CHECK_FALSE(caveat::parse_body(bad));
  }
}

TEST_CASE("audit.keys: digests are HMAC-SHA-256 as RFC 2104 has it, a purpose apart") {
  const LogFolder folder;
  const fs::path file = folder.path() / "key";
  std::ofstream(file) << "caveat.audit.key/1 " << std::string(64, '0') << "\n";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  const auto key = must(caveat::AuditKey::read(file));
  // printf 'caveat.audit.profile\0sha256:x' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
  CHECK(key.digest(caveat::audit_purpose::kProfile, "sha256:x") ==
        "6452a8dc3ea5316b956c89b3c22be812ab6c5413a47121d03f26d6a1c7c065f7");
  CHECK(key.digest(caveat::audit_purpose::kProfile, "x") != key.digest(caveat::audit_purpose::kProfileId, "x"));
  CHECK(key.id() == "1d0cecb52aba216b96a650ab3e38ace5");
}
