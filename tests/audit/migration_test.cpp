// Logs of earlier schemas: read as they are, brought to this version when they are written on, never rewritten.
#include "audit/audit_kit.hpp"

#include "audit/reader.hpp"
#include "audit/schema.hpp"
#include "audit/stats.hpp"

using namespace caveat::audit_kit;
using caveat::AuditLog;

namespace {

std::string after(const std::string& text, const std::string& mark) {
  const auto begin = text.find(mark);
  REQUIRE(begin != std::string::npos);
  return text.substr(begin + mark.size(), text.find('\n', begin) - begin - mark.size()) + "\n";
}

/// Makes the log that the SQL file describes.
void make_log(const LogFolder& folder, const std::string& name) {
  const std::string sql = read_file(kit::kSource / "tests/audit/data" / name);
  SQLite::Database(folder.file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  std::ofstream(folder.key()) << after(sql, "-- key: ");
  std::ofstream(folder.anchor()) << after(sql, "-- anchor: ");
  for (const fs::path& file : {folder.file(), folder.key(), folder.anchor()})
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::string version_of(const LogFolder& folder) { return folder.column("PRAGMA user_version").front(); }

}  // namespace

TEST_CASE("audit.migration: a log of the first schema is read as it is") {
  const LogFolder folder;
  make_log(folder, "schema_1.sql");
  const std::string bytes = read_file(folder.file());
  const auto found = folder.verify();
  INFO(kit::all_of(found.findings));
  CHECK(found.holds());
  CHECK(found.keyed);
  CHECK(found.anchored);
  CHECK(found.records == 4);
  CHECK(found.evaluations == 2);
  CHECK(found.clock_steps_back == 1);
  auto reader = must(caveat::AuditReader::open(folder.file(), {}));
  CHECK(must(stats_of(reader)).dispositions == std::array<std::uint64_t, 4>{1, 0, 0, 1});
  CHECK(read_file(folder.file()) == bytes);
  folder.tamper("UPDATE record SET body = replace(body, 'refer', 'incomplete') WHERE sequence = 2");
  CHECK_FALSE(folder.verify().holds());
}

TEST_CASE("audit.migration: a log of the first schema is taken up, and what it says stays as it was") {
  const LogFolder folder;
  make_log(folder, "schema_1.sql");
  const auto before = folder.column("SELECT body || mac FROM record");
  auto options = folder.options();
  options.profiles = true;
  {
    const AuditLog log = must(AuditLog::open(options));
    CHECK(must(log.record(evaluation())).sequence == 5);
  }
  CHECK(version_of(folder) == std::to_string(caveat::audit_migrations().size()));
  CHECK(folder.column("SELECT body || mac FROM record WHERE sequence < 5") == before);
  const auto found = folder.verify();
  INFO(kit::all_of(found.findings));
  CHECK(found.holds());
  CHECK(found.records == 5);
  CHECK_THROWS_AS(folder.sql("DELETE FROM profile"), SQLite::Exception);
}

TEST_CASE("audit.migration: a migration that cannot be finished leaves the log as it was") {
  const LogFolder folder;
  make_log(folder, "schema_1.sql");
  folder.sql("CREATE TABLE profile (in_the_way)");
  const auto opened = AuditLog::open(folder.options());
  REQUIRE_FALSE(opened);
  CHECK(version_of(folder) == "1");
  folder.sql("DROP TABLE profile");
  must(AuditLog::open(folder.options()));
}
