#include "audit/store.hpp"

#include "audit/schema.hpp"
#include "base/private_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <map>
#include <new>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr int kBusyMs = 5'000;

struct Said {
  ErrorKind kind;
  const char* code;
  const char* message;
  const char* help;
};

// What a code of SQLite means for whoever runs the log.
Said said_by(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorKind::kInternal, "audit-full", "the disk is full: nothing can be recorded",
              "make room; what was not recorded was not answered"};
    case SQLITE_READONLY:
      return {ErrorKind::kInput, "audit-read-only", "the audit log cannot be written", "check who owns the file"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::kInput, "audit-unavailable", "the audit log cannot be opened",
              "check the path, and who may use it"};
    case SQLITE_NOTADB: return {ErrorKind::kInput, "audit-not-a-log", "the file is not an audit log", ""};
    case SQLITE_CORRUPT:
      return {ErrorKind::kInternal, "audit-damaged", "the audit log is damaged",
              "keep the file as it is; `caveat audit verify` says from where on"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorKind::kInput, "audit-locked", "another program holds the audit log", ""};
    default: return {ErrorKind::kInternal, "audit-failed", "the audit log cannot be used", ""};
  }
}

Failure refuse(const Said& said, const fs::path& file, const std::string& detail = {}) {
  std::string message = said.message;
  if (!detail.empty()) message += ": " + detail;
  return fail(said.kind, {DiagnosticLevel::kError, said.code, {file.string()}, std::move(message), said.help});
}

Failure translate(const SQLite::Exception& exception, const fs::path& file) {
  if ((exception.getErrorCode() & 0xff) == SQLITE_NOMEM) throw std::bad_alloc();
  return refuse(said_by(exception.getErrorCode()), file, exception.what());
}

// A path that SQLite takes as one, whatever characters it holds.
std::string uri_of(const fs::path& file, const char* query) {
  std::string out = "file:";
  for (const char c : fs::absolute(file).string()) {
    constexpr std::string_view kReserved = "%?#";
    if (kReserved.find(c) == std::string_view::npos) {
      out += c;
    } else {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4U];
      out += kHex[static_cast<unsigned char>(c) & 15U];
    }
  }
  return out + query;
}

// Tables and triggers: their names, and what made them.
std::map<std::string, std::string> objects_of(SQLite::Database& database) {
  std::map<std::string, std::string> objects;
  SQLite::Statement query(database, "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'");
  while (query.executeStep()) objects.emplace(query.getColumn(0).getString(), query.getColumn(1).getString());
  return objects;
}

AuditRow row_of(SQLite::Statement& query) {
  return {query.getColumn(0).getInt64(), query.getColumn(1).getString(), query.getColumn(2).getString(), {}};
}

constexpr std::int32_t kProfilesSince = 2;  // the schema's version that has the table

constexpr const char* kRowByNumber = "SELECT sequence, body, mac FROM record WHERE sequence = ?";
constexpr const char* kLastRow = "SELECT sequence, body, mac FROM record ORDER BY sequence DESC LIMIT 1";
constexpr const char* kRowsFrom = "SELECT sequence, body, mac FROM record WHERE sequence >= ? ORDER BY sequence";

}  // namespace

struct AuditStore::Impl {
  Impl(fs::path path, const std::string& name, int flags) : file(std::move(path)), database(name, flags, kBusyMs) {}

  fs::path file;
  SQLite::Database database;
  std::int32_t version = 0;
  bool in_doubt = false;
  std::optional<SQLite::Statement> add_row, add_content, add_profile;

  // No program but ours wrote this schema; nothing in it may call functions of ours or others.
  void configure(bool writing) {
    database.exec("PRAGMA trusted_schema = OFF");
    if (!writing) {
      database.exec("PRAGMA query_only = ON");
      return;
    }
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    // What an earlier process left in the write-ahead log is brought into the database, and synced with it: after a
    // failed sync only that makes sure that what can be read is on the disk.
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  Result<void> check_version() {
    const std::int64_t application = database.execAndGet("PRAGMA application_id").getInt64();
    version = database.execAndGet("PRAGMA user_version").getInt();
    const auto current = static_cast<std::int32_t>(audit_migrations().size());
    if (version == 0 && application == 0 && objects_of(database).empty()) return {};
    if (application != kAuditApplication || version < 1) return refuse(said_by(SQLITE_NOTADB), file);
    if (version <= current) return {};
    return refuse({ErrorKind::kInput, "audit-newer", "a later version of Caveat made this audit log",
                   "use that version, or a later one"},
                  file);
  }

  void migrate() {
    const auto steps = audit_migrations();
    if (version == static_cast<std::int32_t>(steps.size())) return;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
      database.exec(std::string(steps[step]));
    }
    database.exec("PRAGMA application_id = " + std::to_string(kAuditApplication));
    database.exec("PRAGMA user_version = " + std::to_string(steps.size()));
    transaction.commit();
    version = static_cast<std::int32_t>(steps.size());
  }

  void append(std::span<const AuditRow> rows, std::span<const AuditContent* const> contents) {
    if (!add_row) add_row.emplace(database, "INSERT INTO record (sequence, body, mac) VALUES (?, ?, ?)");
    if (!add_content) add_content.emplace(database, "INSERT INTO content (digest, bytes) VALUES (?, ?)");
    if (!add_profile) add_profile.emplace(database, "INSERT INTO profile (sequence, sealed) VALUES (?, ?)");
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const AuditContent* content : contents) {
      add_content->tryReset();
      add_content->bindNoCopy(1, content->digest);
      add_content->bindNoCopy(2, content->bytes.data(), static_cast<int>(content->bytes.size()));
      add_content->exec();
    }
    for (const AuditRow& row : rows) {
      add_row->tryReset();
      add_row->bind(1, row.sequence);
      add_row->bindNoCopy(2, row.body);
      add_row->bindNoCopy(3, row.mac);
      add_row->exec();
      if (row.sealed.empty()) continue;
      add_profile->tryReset();
      add_profile->bind(1, row.sequence);
      add_profile->bindNoCopy(2, row.sealed.data(), static_cast<int>(row.sealed.size()));
      add_profile->exec();
    }
    for (auto* statement : {&*add_row, &*add_content, &*add_profile}) statement->tryReset();
    transaction.commit();
  }

  std::optional<AuditRow> one(SQLite::Statement& query) {
    if (!query.executeStep()) return std::nullopt;
    return row_of(query);
  }
};

namespace {

// Runs something of SQLite's; what it throws comes back as an error of `file`.
template <class Action>
auto guarded(const fs::path& file, Action action) -> Result<decltype(action())> {
  try {
    if constexpr (std::is_void_v<decltype(action())>) {
      action();
      return {};
    } else {
      return action();
    }
  } catch (const SQLite::Exception& exception) {
    return translate(exception, file);
  }
}

// SQLite would make the file for everyone to read.
Result<void> make_file(const fs::path& file) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(file, ignored))) return {};
  if (auto made = make_private_file(file, {}); !made) {
    made.error().diagnostics.front().code = "audit-unavailable";
    return made;
  }
  return {};
}

}  // namespace

Result<AuditStore> AuditStore::open_for_writing(const fs::path& file) {
  if (auto made = make_file(file); !made) return Failure(std::move(made.error()));
  try {
    auto impl = std::make_unique<Impl>(file, uri_of(file, ""), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    if (auto known = impl->check_version(); !known) return Failure(std::move(known.error()));
    if (sqlite3_db_readonly(impl->database.getHandle(), "main") != 0) return refuse(said_by(SQLITE_READONLY), file);
    impl->configure(true);
    impl->migrate();
    return AuditStore(std::move(impl));
  } catch (const SQLite::Exception& exception) {
    return translate(exception, file);
  }
}

Result<AuditStore> AuditStore::open_for_reading(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return refuse(said_by(SQLITE_CANTOPEN), file, "there is no such file");
  // A log in a folder that cannot be written has nobody who records into it: then it does not change while we read.
  for (const char* query : {"", "?immutable=1"}) {
    try {
      auto impl = std::make_unique<Impl>(file, uri_of(file, query), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
      impl->configure(false);
      if (auto known = impl->check_version(); !known) return Failure(std::move(known.error()));
      if (impl->version == 0) return refuse(said_by(SQLITE_NOTADB), file, "it is empty");
      return AuditStore(std::move(impl));
    } catch (const SQLite::Exception& exception) {
      const bool last_way = *query != '\0' || fs::exists(file.string() + "-wal", ignored);
      if (last_way || (exception.getErrorCode() & 0xff) != SQLITE_CANTOPEN) return translate(exception, file);
    }
  }
  return refuse(said_by(SQLITE_CANTOPEN), file);
}

Result<void> AuditStore::append(std::span<const AuditRow> rows, std::span<const AuditContent* const> contents) {
  try {
    impl_->append(rows, contents);
    return {};
  } catch (const SQLite::Exception& exception) {
    // A write that failed was rolled back. One whose sync failed may be on the disk or not.
    impl_->in_doubt = (exception.getErrorCode() & 0xff) == SQLITE_IOERR;
    return translate(exception, impl_->file);
  }
}

bool AuditStore::in_doubt() const { return impl_->in_doubt; }

std::int32_t AuditStore::version() const { return impl_->version; }

Result<std::optional<AuditRow>> AuditStore::row(std::int64_t sequence) {
  return guarded(impl_->file, [&] {
    SQLite::Statement query(impl_->database, kRowByNumber);
    query.bind(1, sequence);
    return impl_->one(query);
  });
}

Result<std::optional<AuditRow>> AuditStore::last() {
  return guarded(impl_->file, [&] {
    SQLite::Statement query(impl_->database, kLastRow);
    return impl_->one(query);
  });
}

Result<void> AuditStore::each(std::int64_t first, const std::function<bool(const AuditRow&)>& visit) {
  return guarded(impl_->file, [&] {
    SQLite::Statement query(impl_->database, kRowsFrom);
    query.bind(1, first);
    while (query.executeStep()) {
      if (!visit(row_of(query))) return;
    }
  });
}

Result<std::optional<std::string>> AuditStore::content(std::string_view digest) {
  return guarded(impl_->file, [&]() -> std::optional<std::string> {
    SQLite::Statement query(impl_->database, "SELECT bytes FROM content WHERE digest = ?");
    query.bind(1, std::string(digest));
    if (!query.executeStep()) return std::nullopt;
    return query.getColumn(0).getString();
  });
}

Result<std::optional<std::string>> AuditStore::profile(std::int64_t sequence) {
  if (impl_->version < kProfilesSince) return std::nullopt;
  return guarded(impl_->file, [&]() -> std::optional<std::string> {
    SQLite::Statement query(impl_->database, "SELECT sealed FROM profile WHERE sequence = ?");
    query.bind(1, sequence);
    if (!query.executeStep()) return std::nullopt;
    return query.getColumn(0).getString();
  });
}

Result<std::int64_t> AuditStore::profiles() {
  if (impl_->version < kProfilesSince) return 0;
  return guarded(impl_->file, [&] { return impl_->database.execAndGet("SELECT count(*) FROM profile").getInt64(); });
}

Result<std::vector<std::string>> AuditStore::altered_objects() {
  return guarded(impl_->file, [&] {
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (std::int32_t step = 0; step < impl_->version; ++step) {
      fresh.exec(std::string(audit_migrations()[static_cast<std::size_t>(step)]));
    }
    std::map<std::string, std::string> here = objects_of(impl_->database);
    std::vector<std::string> altered;
    for (const auto& [name, sql] : objects_of(fresh)) {
      if (here[name] != sql) altered.push_back(name);
      here.erase(name);
    }
    for (const auto& [name, sql] : here) altered.push_back(name);
    return altered;
  });
}

AuditStore::AuditStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditStore::AuditStore(AuditStore&&) noexcept = default;
AuditStore& AuditStore::operator=(AuditStore&&) noexcept = default;
AuditStore::~AuditStore() = default;

}  // namespace caveat
