// The audit log's database: the only file that knows SQLite. What SQLite says becomes an Error here.
#pragma once

#include <caveat/result.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caveat {

/// A record as it is kept.
struct AuditRow {
  std::int64_t sequence = 0;
  std::string body;  ///< RFC 8785 JSON
  std::string mac;   ///< keyed digest of the record's hash
  /// The sealed profile, to be kept with the record; empty: none. Not filled when rows are read: see profile().
  std::string sealed{};
};

/// Bytes that records refer to by digest, kept once.
struct AuditContent {
  std::string digest;  ///< `sha256:…`
  std::string bytes;
};

/// One connection: one thread at a time.
class AuditStore {
 public:
  /// Makes the file (mode 0600) where there is none, and brings an older schema to this one. kInput when the path is no
  /// audit log or cannot be written; kInternal when the database is damaged.
  static Result<AuditStore> open_for_writing(const std::filesystem::path& file);
  /// Neither makes nor changes anything. Works beside a process that records, and on a read-only medium.
  static Result<AuditStore> open_for_reading(const std::filesystem::path& file);

  /// All of it or nothing, durable when this returns. After an error the database is as before, unless it is said to be
  /// in doubt: then open it again.
  Result<void> append(std::span<const AuditRow> rows, std::span<const AuditContent* const> contents);
  /// Whether a failure left open what reached the disk.
  [[nodiscard]] bool in_doubt() const;

  Result<std::optional<AuditRow>> row(std::int64_t sequence);
  Result<std::optional<AuditRow>> last();
  /// Rows from `first` on, in order, until `visit` returns false. A single view: what is appended meanwhile is not
  /// seen.
  Result<void> each(std::int64_t first, const std::function<bool(const AuditRow&)>& visit);
  Result<std::optional<std::string>> content(std::string_view digest);
  /// The sealed profile that is kept with a record.
  Result<std::optional<std::string>> profile(std::int64_t sequence);
  /// How many are kept in all.
  Result<std::int64_t> profiles();
  /// Names of tables and triggers that are not as a log of this schema version has them: gone, changed, or added.
  Result<std::vector<std::string>> altered_objects();
  [[nodiscard]] std::int32_t version() const;

  AuditStore(AuditStore&&) noexcept;
  AuditStore& operator=(AuditStore&&) noexcept;
  ~AuditStore();

 private:
  struct Impl;
  explicit AuditStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
