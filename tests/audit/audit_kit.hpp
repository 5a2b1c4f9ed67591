// What tests of the audit log need: an engine, evaluations, a log in a folder of its own, and SQL on its file.
#pragma once

#include <caveat/audit.hpp>

#include "evaluation/kit.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <iterator>
#include <string>
#include <vector>

namespace caveat::audit_kit {

namespace fs = std::filesystem;

inline const caveat::Engine& engine() {
  static const caveat::Engine loaded = kit::load(kit::options_for(kit::kSource / "rules/microneedling"));
  return loaded;
}

/// A profile that tells two persons apart.
inline std::string profile_text(const std::string& id, bool pregnant, int age = 34) {
  return "{\"id\":\"" + id + "\",\"facts\":{\"age\":" + std::to_string(age) +
         ",\"pregnant\":" + (pregnant ? "true" : "false") + ",\"skin_type\":\"IV\"}}";
}

inline caveat::Evaluation evaluation(const std::string& id = "p-0815", bool pregnant = true) {
  return kit::evaluate(engine(), profile_text(id, pregnant));
}

template <class T>
T must(caveat::Result<T> result) {
  if (!result) FAIL(kit::all_of(result.error().diagnostics));
  return std::move(*result);
}

inline const caveat::Diagnostic& first(const caveat::Error& error) { return error.diagnostics.at(0); }

/// A folder with a log that nobody has begun yet.
class LogFolder {
 public:
  [[nodiscard]] fs::path file() const { return folder_.path() / "audit.db"; }
  [[nodiscard]] fs::path key() const { return folder_.path() / "audit.db.key"; }
  [[nodiscard]] fs::path anchor() const { return folder_.path() / "audit.db.anchor"; }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }

  [[nodiscard]] caveat::AuditOptions options() const {
    caveat::AuditOptions options;
    options.file = file();
    options.lock_wait_ms = 0;
    return options;
  }
  [[nodiscard]] caveat::AuditLog open() const { return must(caveat::AuditLog::open(options())); }

  /// Records evaluations of `count` persons and closes the log.
  void record(int count) const {
    const caveat::AuditLog log = open();
    for (int i = 0; i < count; ++i) must(log.record(evaluation("p-" + std::to_string(i), i % 2 == 0)));
  }

  [[nodiscard]] caveat::AuditVerification verify() const { return must(caveat::verify_audit({file(), {}, {}})); }

  /// SQL as a stranger with the file would run it.
  void sql(const std::string& statements) const {
    SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
    database.exec(statements);
  }
  /// The same, with what protects records switched off first.
  void tamper(const std::string& statements) const {
    SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
    std::vector<std::pair<std::string, std::string>> triggers;
    {
      SQLite::Statement query(database, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
      while (query.executeStep()) triggers.emplace_back(query.getColumn(0).getString(), query.getColumn(1).getString());
    }
    for (const auto& [name, made] : triggers) database.exec("DROP TRIGGER " + name);
    database.exec(statements);
    for (const auto& [name, made] : triggers) database.exec(made);
  }
  [[nodiscard]] std::vector<std::string> column(const std::string& query_text) const {
    SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
    SQLite::Statement query(database, query_text);
    std::vector<std::string> out;
    while (query.executeStep()) out.push_back(query.getColumn(0).getString());
    return out;
  }

 private:
  kit::TempFolder folder_;
};

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> codes(const caveat::AuditVerification& found) {
  std::vector<std::string> out;
  for (const caveat::Diagnostic& finding : found.findings) out.push_back(finding.code);
  return out;
}

}  // namespace caveat::audit_kit
