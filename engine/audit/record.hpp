// A record of the audit log, and its bytes. docs/formats/audit.md. INVARIANT: nothing in a record tells the value of a
// fact: digests of what could be guessed are keyed, and what stands in clear is listed in the format.
#pragma once

#include <caveat/audit.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace caveat {

/// How many rules and checks came to what. Not which: an outcome tells of a fact.
struct OutcomeCounts {
  std::uint64_t met = 0, not_met = 0, undetermined = 0, failed = 0;
};

/// One evaluation. Texts that are empty are absent.
struct EvaluationEntry {
  std::string at;        ///< the time of the evaluation, as given; absent when it was no time
  std::string language;  ///< absent when nobody speaks it
  std::string pack;      ///< absent when none was chosen
  Disposition disposition = Disposition::kIncomplete;
  bool complete = false;
  bool refused = false;  ///< could not be evaluated: see Evaluation::error()
  OutcomeCounts outcomes;
  std::vector<std::string> failed_plugins;              ///< ids
  std::string context;                                  ///< digest of what the engine had loaded
  std::string evaluation, profile, profile_id, result;  ///< keyed digests
  std::string sealed;  ///< `sha256:…` of the sealed profile; absent where profiles are not kept
};

/// What someone did with an advisory. It names the rule: without that nobody could see which rules are overridden.
struct FeedbackEntry {
  std::string evaluation;  ///< keyed digest, of another purpose than the evaluation's own record has
  std::string rule;        ///< `pack/rule`
  FeedbackOutcome outcome = FeedbackOutcome::kAccepted;
  std::string reason;  ///< a code; absent when none was given
};

/// The first record of every log.
struct LogEntry {
  std::string log;  ///< random, so that no log can be taken for another
  std::string key;  ///< AuditKey::id()
};

/// Something that an auditor should know of the log itself.
struct NoteEntry {
  std::string note;  ///< `anchor-missing`
};

using AuditEntry = std::variant<LogEntry, EvaluationEntry, NoteEntry, FeedbackEntry>;

/// What makes an entry the record of its place.
struct RecordStamp {
  std::int64_t sequence = 0;  ///< from 1, without a gap
  std::string previous;       ///< the hash of the record before; of nothing: kNoRecord
  std::string recorded;       ///< when it was written: RFC 3339, UTC
  bool clock_back = false;    ///< the clock stood earlier than at the record before
};

struct AuditRecord {
  RecordStamp stamp;
  AuditEntry entry;
};

/// What the first record follows.
inline constexpr std::string_view kNoRecord = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// The record's bytes: RFC 8785 canonical JSON. A record's hash is the SHA-256 of these.
std::string to_body(const AuditRecord& record);

/// Reads a record's bytes. Nothing when they are not those of a record.
std::optional<AuditRecord> parse_body(std::string_view body);

/// `log`, `evaluation`, `note`, `feedback`.
std::string_view type_of(const AuditEntry& entry);

}  // namespace caveat
