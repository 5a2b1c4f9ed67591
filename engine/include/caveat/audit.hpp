// The audit log: what was evaluated, when, and by which engine, packs and plugins, in a chain that shows every change.
//
//   auto log = caveat::AuditLog::open({.file = "audit.db"});       // Result<AuditLog>
//   caveat::Evaluation e = engine->evaluate(*profile, {.at = caveat::now()});
//   auto receipt = log->record(e);                                // when it returns, the record is on the disk
//   if (receipt) send(receipt->result);                           // no answer leaves before that
//
// No fact's value is stored: docs/formats/audit.md says what a record holds, and what in it is keyed.
#pragma once

#include <caveat/caveat.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caveat {

struct AuditOptions {
  /// The log: an SQLite database, made where there is none.
  std::filesystem::path file{};
  /// The key of its digests. Empty: FILE and `.key`. Made, with mode 0600, for a new log only: a log whose key is gone
  /// is not written on. Keep a copy elsewhere; without it no record can be told to belong to a profile.
  std::filesystem::path key{};
  /// Where the head of the chain is kept. Empty: FILE and `.anchor`. Copies of it that lie elsewhere show when the end
  /// of the log was cut off.
  std::filesystem::path anchor{};
  /// Keep each profile too, sealed (libsodium's secretstream) with a key of its own: then a record can be replayed
  /// without the profile. By default none is kept.
  bool profiles = false;
  /// The key of sealed profiles. Empty: FILE and `.profiles-key`. Made, with mode 0600, where there is none.
  std::filesystem::path profiles_key{};
  /// How long to wait for another program that records into the same log, in milliseconds.
  std::uint32_t lock_wait_ms = 5'000;
  /// When a record is written, in UTC. A clock that steps back is noted in the record.
  std::function<Instant()> clock = now;
};

/// What recording gives back.
struct AuditReceipt {
  std::uint64_t sequence = 0;  ///< the record's number, from 1
  /// The evaluation as `caveat.evaluation/1`: Evaluation::to_json() with default options, whose digest was recorded.
  std::string result;
};

/// What someone did with an advisory that they were shown.
enum class FeedbackOutcome : std::uint8_t { kAccepted, kOverridden };

CAVEAT_API std::string_view to_string(FeedbackOutcome outcome);  ///< `accepted`, `overridden`

struct Feedback {
  std::string evaluation;  ///< the evaluation's id: `id` of its JSON
  std::string rule;        ///< the advisory's id: `pack/rule`, or `plugin/check`
  FeedbackOutcome outcome = FeedbackOutcome::kAccepted;
  /// Why it was overridden, as a code (letters, digits and `._:/|#-`, at most 200). Never what somebody wrote: that may
  /// tell of a person, and stays out of the log.
  std::string reason{};
};

/// A log that is open for recording: the only one, in this process or another. Any thread may record; what several
/// threads record at once is made durable together. After a full disk recording can be tried again; after another
/// failure of the disk the log refuses until it is opened anew.
class CAVEAT_API AuditLog {
 public:
  /// kInput: not an audit log, no key or another one, not writable, in use. kInternal: damaged, or cut off before its
  /// anchor.
  static Result<AuditLog> open(const AuditOptions& options);

  /// Returns when the record is durable. On failure it is not in the log, and the evaluation must not be shown.
  [[nodiscard]] Result<AuditReceipt> record(const Evaluation& evaluation) const;
  /// The same without waiting: `done` is called once, from the log's own thread, and must neither throw nor record.
  void record(const Evaluation& evaluation, std::function<void(Result<AuditReceipt>)> done) const;

  /// Records feedback; the record's number. kInput when the id, the rule or the reason is none. Whether such an
  /// evaluation was recorded is not looked up: feedback may come to another log than the evaluation did.
  [[nodiscard]] Result<std::uint64_t> record(const Feedback& feedback) const;
  void record(const Feedback& feedback, std::function<void(Result<std::uint64_t>)> done) const;

  AuditLog(AuditLog&&) noexcept;
  AuditLog& operator=(AuditLog&&) noexcept;
  /// Waits until everything that was asked for is recorded.
  ~AuditLog();

 private:
  struct Impl;
  explicit AuditLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct AuditVerifyOptions {
  std::filesystem::path file{};
  /// Empty: FILE and `.key`, where it is there. Without a key the chain is checked, and no record's seal.
  std::filesystem::path key{};
  /// Empty: FILE and `.anchor`, where it is there. One that is named must be there.
  std::filesystem::path anchor{};
};

/// What verifying found.
struct AuditVerification {
  std::uint64_t records = 0, evaluations = 0, feedback = 0;
  std::uint64_t clock_steps_back = 0;  ///< noted in the records; no fault of the log
  std::string head;                    ///< the last record's hash, `sha256:…`
  bool keyed = false;                  ///< each record's seal was checked too
  bool anchored = false;               ///< compared with an anchor
  /// What does not hold, in the log's order; the first hundred.
  std::vector<Diagnostic> findings;
  [[nodiscard]] bool holds() const { return findings.empty(); }
};

/// Reads the whole log. A changed, removed, reordered or added record is a finding, and so is a log that ends before
/// its anchor. An error means that it could not be read at all. May run beside a program that records.
CAVEAT_API Result<AuditVerification> verify_audit(const AuditVerifyOptions& options);

}  // namespace caveat
