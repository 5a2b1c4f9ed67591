// Reading a log: records by number or by an evaluation's id, and what they refer to. One thread at a time.
#pragma once

#include "audit/context.hpp"
#include "audit/keys.hpp"
#include "audit/record.hpp"
#include "audit/store.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

/// A record with its bytes.
struct AuditLine {
  AuditRow row;
  AuditRecord record;
};

class AuditReader {
 public:
  /// `key`: as in AuditVerifyOptions. Reading needs none, but for looking up an evaluation's id and for replaying.
  static Result<AuditReader> open(const std::filesystem::path& file, const std::filesystem::path& key);

  /// `id` is a record's number, or the id of an evaluation (32 hexadecimal digits): then its latest record. kInput when
  /// there is none.
  Result<AuditLine> find(std::string_view id);
  /// Records from `first` on until `visit` returns false. A record that cannot be read is an error: verify says more.
  Result<void> each(std::int64_t first, const std::function<bool(const AuditLine&)>& visit);
  /// The number of the last record; 0 when there is none.
  Result<std::int64_t> last();

  /// What is kept under a digest, checked to have it. kInternal when it is not there or was changed.
  Result<std::string> content(const std::string& digest);
  Result<AuditContext> context(const std::string& digest);
  /// The files of a listing.
  Result<std::vector<SourceFile>> files(const std::string& digest);

  /// The sealed profile of a record; nothing when none is kept.
  Result<std::optional<std::string>> sealed_profile(const AuditLine& line);

  /// kInput when there is no key.
  Result<const AuditKey*> key() const;

 private:
  AuditReader(std::filesystem::path file, AuditStore store, std::optional<AuditKey> key);
  Result<AuditLine> line_of(AuditRow row) const;
  Result<AuditLine> find_evaluation(const std::string& digest, std::string_view id);
  [[nodiscard]] Failure refuse(ErrorKind kind, const char* code, std::string message, std::string help = {}) const;

  std::filesystem::path file_;
  AuditStore store_;
  std::optional<AuditKey> key_;
};

}  // namespace caveat
