#include "audit/chain.hpp"

#include "audit/anchor.hpp"
#include "base/digest.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/private_file.hpp"

#include <sodium.h>

#include <new>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

Failure refuse(ErrorKind kind, const char* code, const fs::path& file, std::string message, std::string help) {
  return fail(kind, {DiagnosticLevel::kError, code, {file.string()}, std::move(message), std::move(help)});
}

Failure damaged(const fs::path& file, std::string message) {
  return refuse(ErrorKind::kInternal, "audit-damaged", file, std::move(message),
                "keep the files as they are; `caveat audit verify` says more");
}

// The key has been read before: libsodium is ready.
std::string random_id() {
  std::string bytes(16, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes);
}

// A key that is not there is made for a new log only: for another it would hide that the right one is gone.
template <class Key>
Result<Key> key_of(const fs::path& file, bool is_new) {
  auto key = is_new ? Key::read_or_make(file) : Key::read(file);
  if (key) return key;
  Diagnostic& said = key.error().diagnostics.front();
  if (said.code == "no-such-file") {
    said.code = "audit-no-key";
    said.message = "the key of the audit log is not there";
    said.help = "records cannot be added without it; put it back from where it is kept";
  }
  return key;
}

}  // namespace

fs::path audit_key_file(const fs::path& named, const fs::path& log) {
  return named.empty() ? fs::path(log.string() + ".key") : named;
}

fs::path audit_profiles_key_file(const fs::path& named, const fs::path& log) {
  return named.empty() ? fs::path(log.string() + ".profiles-key") : named;
}

fs::path audit_anchor_file(const fs::path& named, const fs::path& log) {
  return named.empty() ? fs::path(log.string() + ".anchor") : named;
}

Result<std::optional<AuditKey>> read_audit_key(const fs::path& named, const fs::path& log) {
  const fs::path file = audit_key_file(named, log);
  std::error_code ignored;
  if (named.empty() && !fs::exists(fs::symlink_status(file, ignored))) return std::nullopt;
  auto key = AuditKey::read(file);
  if (!key) return Failure(std::move(key.error()));
  return *std::move(key);
}

AuditChain::AuditChain(const AuditOptions& options, WriterLock lock, AuditStore store, AuditKey key)
    : file_(options.file),
      anchor_file_(audit_anchor_file(options.anchor, options.file)),
      clock_(options.clock),
      lock_(std::move(lock)),
      store_(std::move(store)),
      key_(std::move(key)) {}

Result<AuditChain> AuditChain::open(const AuditOptions& options) {
  auto lock = WriterLock::take(options.file, options.lock_wait_ms);
  if (!lock) return Failure(std::move(lock.error()));
  auto store = AuditStore::open_for_writing(options.file);
  if (!store) return Failure(std::move(store.error()));
  const auto last = store->last();
  if (!last) return Failure(last.error());
  auto key = key_of<AuditKey>(audit_key_file(options.key, options.file), !*last);
  if (!key) return Failure(std::move(key.error()));
  AuditChain chain(options, std::move(*lock), std::move(*store), std::move(*key));
  const auto ready = *last ? chain.go_on(**last) : chain.begin();
  if (!ready) return Failure(ready.error());
  return chain;
}

Result<void> AuditChain::begin() {
  if (const auto anchor = read_anchor(anchor_file_)) {
    return damaged(file_, "the log is empty, and its anchor " + anchor_file_.string() + " speaks of " +
                              std::to_string(anchor->sequence) + " records");
  }
  log_ = random_id();
  return append_alone(LogEntry{log_, key_.id()});
}

Result<void> AuditChain::go_on(const AuditRow& last) {
  const auto first = store_.row(1);
  if (!first) return Failure(first.error());
  const auto opening = *first ? parse_body((*first)->body) : std::nullopt;
  const LogEntry* log = opening ? std::get_if<LogEntry>(&opening->entry) : nullptr;
  if (log == nullptr) return damaged(file_, "its first record is not the beginning of a log");
  if (log->key != key_.id()) {
    return refuse(ErrorKind::kInput, "audit-wrong-key", file_, "the log was begun with another key",
                  "give the key that belongs to it");
  }
  log_ = log->log;
  const auto record = parse_body(last.body);
  head_ = {last.sequence, sha256(last.body), last.mac, record ? record->stamp.recorded : std::string()};
  if (!record || record->stamp.sequence != last.sequence || key_.digest(audit_purpose::kRecord, head_.hash) != last.mac)
    return damaged(file_, "its last record, " + std::to_string(last.sequence) + ", was changed");
  return check_anchor();
}

Result<SealingKey> AuditChain::profiles_key(const AuditOptions& options) {
  const auto kept = store_.profiles();
  if (!kept) return Failure(kept.error());
  return key_of<SealingKey>(audit_profiles_key_file(options.profiles_key, options.file), *kept == 0);
}

Result<void> AuditChain::check_anchor() {
  const auto anchor = read_anchor(anchor_file_);
  if (!anchor) {
    log_event(LogLevel::kWarn, "audit anchor missing", {{"sequence", head_.sequence}});
    return append_alone(NoteEntry{"anchor-missing"});
  }
  const std::string where = "record " + std::to_string(anchor->sequence) + " of its anchor " + anchor_file_.string();
  if (anchor->log != log_) return damaged(file_, "the anchor " + anchor_file_.string() + " is of another log");
  const auto anchored = store_.row(anchor->sequence);
  if (!anchored) return Failure(anchored.error());
  if (!*anchored) {
    return damaged(file_, "the log ends at record " + std::to_string(head_.sequence) + ", before " + where);
  }
  if (sha256((*anchored)->body) != anchor->hash) return damaged(file_, where + " was changed");
  return {};
}

Result<void> AuditChain::append_alone(const AuditEntry& entry) {
  const PendingEntry pending{&entry, nullptr};
  auto appended = append({&pending, 1}, {});
  if (!appended) return Failure(std::move(appended.error()));
  return {};
}

AuditRow AuditChain::row_after(Head& head, const PendingEntry& entry, const std::string& recorded) const {
  AuditRecord record;
  record.stamp = {head.sequence + 1, head.hash, recorded, recorded < head.recorded};
  record.entry = *entry.entry;
  AuditRow row{record.stamp.sequence, to_body(record), {}, {}};
  if (entry.sealed != nullptr) row.sealed = *entry.sealed;
  head = {row.sequence, sha256(row.body), {}, recorded};
  head.mac = row.mac = key_.digest(audit_purpose::kRecord, head.hash);
  return row;
}

Result<std::int64_t> AuditChain::append(std::span<const PendingEntry> entries,
                                        std::span<const AuditContent* const> contents) {
  if (broken_) return Failure(*broken_);
  const std::string recorded = clock_().rfc3339;
  Head head = head_;
  std::vector<AuditRow> rows;
  rows.reserve(entries.size());
  for (const PendingEntry& entry : entries) rows.push_back(row_after(head, entry, recorded));
  if (auto appended = store_.append(rows, contents); !appended) {
    if (store_.in_doubt()) broken_ = appended.error();
    return Failure(std::move(appended.error()));
  }
  const std::int64_t first = head_.sequence + 1;
  head_ = std::move(head);
  keep_anchor();
  return first;
}

// An anchor that lags behind is still true: failing to renew it is no reason to hold an answer back.
void AuditChain::keep_anchor() const noexcept {
  try {
    const auto kept = replace_private_file(anchor_file_, to_text(Anchor{log_, head_.sequence, head_.hash, head_.mac}));
    if (!kept) log_event(LogLevel::kWarn, "audit anchor not renewed", {{"sequence", head_.sequence}});
  } catch (const std::bad_alloc&) {  // it lags behind, then
  }
}

}  // namespace caveat
