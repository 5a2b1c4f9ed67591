// Recording: what a receipt promises, what is stored and what is not, and when recording refuses.
#include "audit/audit_kit.hpp"

#include "base/digest.hpp"
#include "base/private_file.hpp"

#include <algorithm>
#include <atomic>
#include <sys/stat.h>
#include <thread>

using namespace caveat::audit_kit;
using caveat::AuditLog;
using caveat::ErrorKind;

namespace {

std::string code_of_open(const caveat::AuditOptions& options, ErrorKind kind) {
  const auto log = AuditLog::open(options);
  REQUIRE_FALSE(log);
  CHECK(log.error().kind == kind);
  return first(log.error()).code;
}

mode_t mode_of(const fs::path& file) {
  struct stat about{};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

}  // namespace

TEST_CASE("audit.log: a receipt numbers the record and brings the result whose digest was recorded") {
  const LogFolder folder;
  const caveat::Evaluation spoken = evaluation();
  {
    const AuditLog log = folder.open();
    const auto receipt = must(log.record(spoken));
    CHECK(receipt.sequence == 2);  // the first record is the log's own
    CHECK(receipt.result == spoken.to_json());
    CHECK(must(log.record(spoken)).sequence == 3);
    // It is there for another connection before the log is closed.
    CHECK(folder.column("SELECT count(*) FROM record").front() == "3");
  }
  {
    const AuditLog again = folder.open();
    CHECK(must(again.record(spoken)).sequence == 4);
  }
  const auto found = folder.verify();
  CHECK(found.holds());
  CHECK(found.records == 4);
  CHECK(found.evaluations == 3);
  CHECK(found.keyed);
  CHECK(found.anchored);
}

TEST_CASE("audit.log: what several threads record at once is all there, in one chain") {
  const LogFolder folder;
  constexpr int kThreads = 8, kEach = 25;
  std::vector<std::uint64_t> sequences;
  {
    const AuditLog log = folder.open();
    std::vector<std::vector<std::uint64_t>> got(kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        const caveat::Evaluation spoken = evaluation("t-" + std::to_string(t), t % 2 == 0);
        for (int i = 0; i < kEach; ++i) {
          const auto receipt = log.record(spoken);
          if (receipt) got[static_cast<std::size_t>(t)].push_back(receipt->sequence);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& one : got) {
      CHECK(std::is_sorted(one.begin(), one.end()));
      sequences.insert(sequences.end(), one.begin(), one.end());
    }
  }
  std::sort(sequences.begin(), sequences.end());
  REQUIRE(sequences.size() == std::size_t{kThreads} * kEach);
  for (std::size_t i = 0; i < sequences.size(); ++i) CHECK(sequences[i] == i + 2);
  const auto found = folder.verify();
  CHECK(found.holds());
  CHECK(found.evaluations == sequences.size());
}

TEST_CASE("audit.log: what is asked for without waiting is done when the log is closed") {
  const LogFolder folder;
  std::atomic<int> done = 0, failed = 0;
  {
    const AuditLog log = folder.open();
    const caveat::Evaluation spoken = evaluation();
    for (int i = 0; i < 500; ++i) {
      log.record(spoken, [&](caveat::Result<caveat::AuditReceipt> receipt) { receipt ? ++done : ++failed; });
    }
  }
  CHECK(done == 500);
  CHECK(failed == 0);
  CHECK(folder.verify().evaluations == 500);
}

TEST_CASE("audit.privacy: no answer, no person and no guessable digest is in the files") {
  const LogFolder folder;
  const std::string name = "Maria-Musterfrau-1990";
  const caveat::Evaluation spoken = evaluation(name, true);
  {
    const AuditLog log = folder.open();
    must(log.record(spoken));
    const auto bad_time = must(caveat::Profile::from_text(profile_text(name, true), engine().vocabulary()));
    must(log.record(engine().evaluate(bad_time, {.at = {"when " + name + " came"}, .pack = name, .language = name})));
    // Before the log is closed, the newest records stand in the write-ahead log.
    const std::string wal = read_file(folder.file().string() + "-wal");
    CHECK_FALSE(wal.empty());
    CHECK(wal.find(name) == std::string::npos);
  }
  const auto json = kit::as_json(spoken);
  const std::string profile_digest = kit::text(json.at("profile").at("digest"));
  const std::vector<std::string> secrets = {name, kit::text(json.at("id")), profile_digest.substr(7),
                                            caveat::sha256(spoken.to_json()).substr(7)};
  for (const fs::path& file : {folder.file(), folder.key(), folder.anchor()}) {
    const std::string bytes = read_file(file);
    CHECK_FALSE(bytes.empty());
    for (const std::string& secret : secrets) CHECK(bytes.find(secret) == std::string::npos);
  }
  // Records hold these keys and no others: one more is a decision about what may be known.
  std::vector<std::string> keys;
  const auto record = kit::json::parse(folder.column("SELECT body FROM record WHERE sequence = 2").front());
  for (const auto& member : record.as_object()) keys.emplace_back(member.key());
  CHECK(keys == std::vector<std::string>{"at", "complete", "context", "disposition", "evaluation", "language",
                                         "outcomes", "pack", "previous", "profile", "profile_id", "recorded", "result",
                                         "schema", "sequence", "type"});
  // Which rules were met tells of answers. Their names stand in the packs' files, which are not a person's.
  for (const std::string& body : folder.column("SELECT body FROM record"))
    CHECK(body.find("pregnancy") == std::string::npos);
}

TEST_CASE("audit.privacy: equal answers are equal under one key, and cannot be linked under two") {
  const LogFolder one, other;
  one.record(4);
  other.record(4);
  const std::string profiles = "SELECT body ->> '$.profile' FROM record WHERE sequence > 1";
  const auto here = one.column(profiles), there = other.column(profiles);
  CHECK(here[0] == here[2]);
  CHECK(here[0] != here[1]);
  for (const std::string& digest : here) CHECK(std::find(there.begin(), there.end(), digest) == there.end());
  const auto ids = one.column("SELECT body ->> '$.profile_id' FROM record WHERE sequence > 1");
  CHECK(ids[0] != ids[2]);
}

TEST_CASE("audit.privacy: only the owner can read the files") {
  const LogFolder folder;
  const mode_t before = ::umask(0);
  folder.record(1);
  {
    const AuditLog log = folder.open();
    must(log.record(evaluation()));
    for (const char* suffix : {"", "-wal", "-shm", ".key", ".anchor", ".lock"})
      CHECK(mode_of(folder.file().string() + suffix) == 0600);
  }
  ::umask(before);
}

TEST_CASE("audit.append_only: SQL cannot change, remove, replace or reorder") {
  const LogFolder folder;
  folder.record(2);
  for (const char* statement :
       {"UPDATE record SET body = '{}' WHERE sequence = 2", "DELETE FROM record WHERE sequence = 3",
        "INSERT OR REPLACE INTO record VALUES (2, '{}', '')", "INSERT INTO record VALUES (9, '{}', '')",
        "INSERT INTO record VALUES (NULL, '{}', '')", "UPDATE content SET bytes = x'00'", "DELETE FROM content"}) {
    INFO(statement);
    CHECK_THROWS_AS(folder.sql(statement), SQLite::Exception);
  }
  folder.sql("INSERT OR REPLACE INTO content SELECT digest, x'00' FROM content");  // changes nothing
  CHECK(folder.verify().holds());
}

TEST_CASE("audit.clock: a clock that steps back is noted and nothing else") {
  const LogFolder folder;
  std::vector<std::string> times = {"2026-11-22T10:00:00Z", "2026-11-22T10:00:05Z", "2026-11-22T09:00:00Z",
                                    "2026-11-22T09:00:00Z"};
  auto options = folder.options();
  options.clock = [&times, next = std::size_t{0}]() mutable { return caveat::Instant{times.at(next++)}; };
  {
    const AuditLog log = must(AuditLog::open(options));
    for (int i = 0; i < 3; ++i) must(log.record(evaluation()));
  }
  CHECK(folder.column("SELECT body ->> '$.clock' FROM record") == std::vector<std::string>{"", "", "stepped-back", ""});
  const auto found = folder.verify();
  CHECK(found.holds());
  CHECK(found.clock_steps_back == 1);
}

TEST_CASE("audit.open: the key belongs to the log, to its owner, and is never made twice") {
  const LogFolder folder;
  folder.record(1);
  auto options = folder.options();

  fs::permissions(folder.key(), fs::perms::group_read, fs::perm_options::add);
  CHECK(code_of_open(options, ErrorKind::kInput) == "exposed");
  fs::permissions(folder.key(), fs::perms::group_read, fs::perm_options::remove);

  const LogFolder other;
  other.record(1);
  options.key = other.key();
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-wrong-key");
  options.key = folder.anchor();
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-no-key");

  options.key.clear();
  fs::rename(folder.key(), folder.path() / "elsewhere");
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-no-key");
  CHECK_FALSE(fs::exists(folder.key()));
  options.key = folder.path() / "elsewhere";
  must(AuditLog::open(options));
}

TEST_CASE("audit.open: one writer a log, however it is opened") {
  const LogFolder folder;
  {
    const AuditLog log = folder.open();
    CHECK(code_of_open(folder.options(), ErrorKind::kInput) == "audit-locked");
    CHECK(folder.verify().holds());  // reading needs no lock
  }
  must(AuditLog::open(folder.options()));
}

TEST_CASE("audit.open: what is no log, is of a later version, or is not there") {
  const LogFolder folder;
  auto options = folder.options();
  options.file = folder.path() / "no/such/folder/audit.db";
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-unavailable");
  options.file = folder.path();
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-unavailable");

  options.file = folder.path() / "text";
  std::ofstream(options.file) << "This is not a database, and it is longer than the header of one would be, by far.";
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-not-a-log");
  const auto verified = caveat::verify_audit({options.file, {}, {}});
  REQUIRE_FALSE(verified);
  CHECK(first(verified.error()).code == "audit-not-a-log");

  options.file = folder.path() / "other.db";
  SQLite::Database(options.file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (a)");
  CHECK(code_of_open(options, ErrorKind::kInput) == "audit-not-a-log");

  folder.record(1);
  folder.sql("PRAGMA user_version = 99");
  CHECK(code_of_open(folder.options(), ErrorKind::kInput) == "audit-newer");
}

TEST_CASE("audit.open: a log that was cut off before its anchor is not written on") {
  const LogFolder folder;
  folder.record(3);
  folder.tamper("DELETE FROM record WHERE sequence = 4");
  CHECK(code_of_open(folder.options(), ErrorKind::kInternal) == "audit-damaged");
  fs::remove(folder.file());
  CHECK(code_of_open(folder.options(), ErrorKind::kInternal) == "audit-damaged");
  CHECK(read_file(folder.anchor()).find("\"sequence\":4") != std::string::npos);
}

TEST_CASE("audit.open: an anchor that is gone is noted in the log") {
  const LogFolder folder;
  folder.record(1);
  fs::remove(folder.anchor());
  folder.record(1);
  CHECK(folder.column("SELECT body ->> '$.note' FROM record WHERE sequence = 3").front() == "anchor-missing");
  CHECK(folder.verify().holds());
}
