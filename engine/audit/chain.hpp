// The chain: records in the order in which they became durable, each bound to the one before. One thread at a time.
#pragma once

#include <caveat/audit.hpp>

#include "audit/keys.hpp"
#include "audit/record.hpp"
#include "audit/sealing.hpp"
#include "audit/store.hpp"
#include "audit/writer_lock.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caveat {

/// `FILE.key`, `FILE.profiles-key`, `FILE.anchor`: where they lie when nobody says otherwise.
std::filesystem::path audit_key_file(const std::filesystem::path& named, const std::filesystem::path& log);
std::filesystem::path audit_profiles_key_file(const std::filesystem::path& named, const std::filesystem::path& log);
std::filesystem::path audit_anchor_file(const std::filesystem::path& named, const std::filesystem::path& log);

/// The key for reading: one that is named must be there; the usual one may be absent.
Result<std::optional<AuditKey>> read_audit_key(const std::filesystem::path& named, const std::filesystem::path& log);

/// What is to be appended. Borrowed for the call.
struct PendingEntry {
  const AuditEntry* entry = nullptr;
  const std::string* sealed = nullptr;  ///< the sealed profile; null or empty: none
};

class AuditChain {
 public:
  /// Opens or begins a log for recording, and checks that it ends where its anchor says.
  static Result<AuditChain> open(const AuditOptions& options);

  /// Appends all or none, durably; the number of the first. Contents that are already kept are left as they are.
  Result<std::int64_t> append(std::span<const PendingEntry> entries, std::span<const AuditContent* const> contents);

  /// The key of sealed profiles: made only for a log that keeps none yet, for the reason that key() is.
  Result<SealingKey> profiles_key(const AuditOptions& options);

  /// Shared with the threads that prepare entries: AuditKey is immutable.
  [[nodiscard]] const AuditKey& key() const { return key_; }

 private:
  struct Head {
    std::int64_t sequence = 0;
    std::string hash{kNoRecord};
    std::string mac;
    std::string recorded;
  };

  AuditChain(const AuditOptions& options, WriterLock lock, AuditStore store, AuditKey key);
  Result<void> begin();
  Result<void> go_on(const AuditRow& last);
  Result<void> check_anchor();
  void keep_anchor() const noexcept;
  Result<void> append_alone(const AuditEntry& entry);
  AuditRow row_after(Head& head, const PendingEntry& entry, const std::string& recorded) const;

  std::filesystem::path file_, anchor_file_;
  std::function<Instant()> clock_;
  WriterLock lock_;
  AuditStore store_;
  AuditKey key_;
  std::string log_;
  Head head_;
  std::optional<Error> broken_;  ///< what left it open what is on the disk: nothing is appended after it
};

}  // namespace caveat
