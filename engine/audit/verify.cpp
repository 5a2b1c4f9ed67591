// Reads the log as a stranger would: everything is computed again, nothing is believed.
#include <caveat/audit.hpp>

#include "audit/anchor.hpp"
#include "audit/chain.hpp"
#include "audit/context.hpp"
#include "audit/keys.hpp"
#include "audit/record.hpp"
#include "audit/store.hpp"
#include "base/digest.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFindingsMax = 100;

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(file, ignored));
}

class Verifier {
 public:
  Verifier(fs::path file, AuditStore store, const AuditKey* key, std::optional<Anchor> anchor)
      : file_(std::move(file)), store_(std::move(store)), key_(key), anchor_(std::move(anchor)) {
    out_.keyed = key != nullptr;
    out_.anchored = anchor_.has_value();
  }

  AuditVerification run() {
    check_schema();
    const auto read = store_.each(1, [this](const AuditRow& row) {
      check(row);
      return out_.findings.size() < kFindingsMax;
    });
    if (!read)
      found("audit-damaged", "after record " + std::to_string(at_) +
                                 " the file cannot be read: " + read.error().diagnostics.front().message);
    if (at_ == 0 && read) found("audit-no-record", "the log has no record, not even its first");
    for (const std::string& context : contexts_) check_context(context);
    if (read && out_.findings.size() < kFindingsMax) check_profiles();
    if (anchor_) check_anchor(read.has_value());
    out_.head = previous_;
    return std::move(out_);
  }

 private:
  void found(const char* code, std::string message, std::string help = {}) {
    if (out_.findings.size() >= kFindingsMax) return;
    out_.findings.push_back({DiagnosticLevel::kError, code, {file_.string()}, std::move(message), std::move(help)});
  }

  static std::string name(std::int64_t sequence) { return "record " + std::to_string(sequence); }

  void check_schema() {
    const auto altered = store_.altered_objects();
    if (!altered) return found("audit-damaged", altered.error().diagnostics.front().message);
    for (const std::string& object : *altered) {
      found("audit-schema", "the database's `" + object + "` is not as recording made it",
            "what keeps records from being changed was switched off");
    }
  }

  void check(const AuditRow& row) {
    ++out_.records;
    if (row.sequence != at_ + 1) {
      found("audit-removed", at_ + 2 == row.sequence ? name(at_ + 1) + " is missing"
                                                     : "records " + std::to_string(at_ + 1) + " to " +
                                                           std::to_string(row.sequence - 1) + " are missing");
    }
    const bool follows = row.sequence == at_ + 1;
    at_ = row.sequence;
    const std::string hash = sha256(row.body);
    check_body(row, hash, follows);
    if (anchor_ && anchor_->sequence == at_) anchored_hash_ = hash;
    previous_ = hash;
  }

  void check_body(const AuditRow& row, const std::string& hash, bool follows) {
    const auto record = parse_body(row.body);
    if (!record) return found("audit-changed", name(at_) + " was changed: it is no record any more");
    // What is read and written again has the same bytes, or something else stood in it.
    if (to_body(*record) != row.body) found("audit-changed", name(at_) + " was changed: it holds what no record has");
    if (record->stamp.sequence != at_)
      found("audit-moved", name(at_) + " says that it is " + name(record->stamp.sequence));
    if (follows && record->stamp.previous != previous_)
      found("audit-changed", name(at_) + " does not follow the record before it: one of the two was changed");
    if (key_ != nullptr && key_->digest(audit_purpose::kRecord, hash) != row.mac)
      found("audit-unsealed", name(at_) + " is not sealed with this key: it was changed, or written by another");
    if (record->stamp.clock_back) ++out_.clock_steps_back;
    check_entry(record->entry);
  }

  void check_entry(const AuditEntry& entry) {
    const auto* const log = std::get_if<LogEntry>(&entry);
    if ((log != nullptr) != (at_ == 1)) found("audit-moved", name(at_) + " is not where a record of its type stands");
    if (log != nullptr && at_ == 1) {
      log_ = log->log;
      if (key_ != nullptr && log->key != key_->id()) found("audit-wrong-key", "the log was begun with another key");
    }
    if (std::holds_alternative<FeedbackEntry>(entry)) ++out_.feedback;
    if (const auto* const evaluation = std::get_if<EvaluationEntry>(&entry)) {
      ++out_.evaluations;
      contexts_.insert(evaluation->context);
      if (!evaluation->sealed.empty()) check_profile(evaluation->sealed);
    }
  }

  void check_profile(const std::string& digest) {
    ++sealed_;
    const auto sealed = store_.profile(at_);
    if (!sealed) return found("audit-damaged", sealed.error().diagnostics.front().message);
    if (!*sealed) return found("audit-content", "the sealed profile of " + name(at_) + " is missing");
    if (sha256(**sealed) != digest) found("audit-content", "the sealed profile of " + name(at_) + " was changed");
  }

  // Each that is there has been looked at, or belongs to no record.
  void check_profiles() {
    const auto kept = store_.profiles();
    if (!kept) return found("audit-damaged", kept.error().diagnostics.front().message);
    if (*kept > sealed_) found("audit-content", "sealed profiles are kept that belong to no record");
  }

  void check_context(const std::string& digest) {
    const auto text = content(digest, "what an engine had loaded");
    if (!text) return;
    const auto context = parse_context(*text);
    if (!context) return found("audit-content", "`" + digest + "` does not say what an engine had loaded");
    check_folder(context->lexicons);
    for (const AuditContext::Pack& pack : context->packs) check_folder(pack.digest);
  }

  void check_folder(const std::string& digest) {
    if (!folders_.insert(digest).second) return;
    const auto text = content(digest, "a list of files");
    if (!text) return;
    for (const ListedFile& file : read_listing(*text)) static_cast<void>(content(file.digest, "`" + file.name + "`"));
  }

  std::optional<std::string> content(const std::string& digest, const std::string& what) {
    auto bytes = store_.content(digest);
    if (!bytes) {
      found("audit-damaged", bytes.error().diagnostics.front().message);
      return std::nullopt;
    }
    if (!*bytes) {
      found("audit-content", what + " is missing: `" + digest + "`");
      return std::nullopt;
    }
    if (sha256(**bytes) == digest) return *std::move(*bytes);
    found("audit-content", what + " was changed: `" + digest + "`");
    return std::nullopt;
  }

  void check_anchor(bool read_whole) {
    if (anchor_->log != log_) return found("audit-anchor", "the anchor is of another log");
    if (anchor_->sequence > at_) {
      if (!read_whole || out_.findings.size() >= kFindingsMax) return;
      return found("audit-cut", "the log ends at " + name(at_) + ", and its anchor stands at " +
                                    name(anchor_->sequence) + ": the end was cut off");
    }
    if (anchored_hash_ != anchor_->hash)
      found("audit-changed", name(anchor_->sequence) + " is not the one that was anchored");
  }

  fs::path file_;
  AuditStore store_;
  const AuditKey* key_;
  std::optional<Anchor> anchor_;
  AuditVerification out_;
  std::int64_t at_ = 0, sealed_ = 0;
  std::string previous_{kNoRecord};
  std::string log_, anchored_hash_;
  std::set<std::string> contexts_, folders_;
};

}  // namespace

Result<AuditVerification> verify_audit(const AuditVerifyOptions& options) {
  const auto key = read_audit_key(options.key, options.file);
  if (!key) return Failure(key.error());
  // Before the log: one that is being written on only gets longer. One that is named must be there.
  const fs::path anchor_file = audit_anchor_file(options.anchor, options.file);
  std::optional<Anchor> anchor;
  if (!options.anchor.empty() || is_there(anchor_file)) {
    auto read = read_anchor(anchor_file);
    if (!read) return Failure(std::move(read.error()));
    anchor = *std::move(read);
  }
  auto store = AuditStore::open_for_reading(options.file);
  if (!store) return Failure(std::move(store.error()));
  return Verifier(options.file, std::move(*store), *key ? &**key : nullptr, std::move(anchor)).run();
}

}  // namespace caveat
