#include "audit/reader.hpp"

#include "audit/chain.hpp"
#include "base/digest.hpp"
#include "base/quote.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kIdDigits = 32;  // of an evaluation's id

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stopped != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

bool is_evaluation_id(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kIdDigits && std::all_of(text.begin(), text.end(), is_hex);
}

}  // namespace

AuditReader::AuditReader(fs::path file, AuditStore store, std::optional<AuditKey> key)
    : file_(std::move(file)), store_(std::move(store)), key_(std::move(key)) {}

Failure AuditReader::refuse(ErrorKind kind, const char* code, std::string message, std::string help) const {
  return fail(kind, {DiagnosticLevel::kError, code, {file_.string()}, std::move(message), std::move(help)});
}

Result<AuditReader> AuditReader::open(const fs::path& file, const fs::path& key) {
  auto store = AuditStore::open_for_reading(file);
  if (!store) return Failure(std::move(store.error()));
  auto read = read_audit_key(key, file);
  if (!read) return Failure(std::move(read.error()));
  return AuditReader(file, std::move(*store), std::move(*read));
}

Result<const AuditKey*> AuditReader::key() const {
  if (key_) return &*key_;
  return refuse(ErrorKind::kInput, "audit-no-key", "this needs the key of the log", "give it with --audit-key FILE");
}

Result<AuditLine> AuditReader::line_of(AuditRow row) const {
  auto record = parse_body(row.body);
  if (!record || record->stamp.sequence != row.sequence) {
    return refuse(ErrorKind::kInternal, "audit-damaged", "record " + std::to_string(row.sequence) + " was changed",
                  "`caveat audit verify` says more");
  }
  return AuditLine{std::move(row), *std::move(record)};
}

Result<AuditLine> AuditReader::find(std::string_view id) {
  if (is_evaluation_id(id)) {
    const auto key = this->key();
    if (!key) return Failure(key.error());
    return find_evaluation((*key)->digest(audit_purpose::kEvaluation, id), id);
  }
  const auto number = number_of(id);
  if (!number) {
    return refuse(ErrorKind::kInput, "no-such-record", in_backticks(id) + " names no record",
                  "the number of a record, or the id of an evaluation");
  }
  auto row = store_.row(*number);
  if (!row) return Failure(std::move(row.error()));
  if (*row) return line_of(**std::move(row));
  return refuse(ErrorKind::kInput, "no-such-record", "there is no record " + in_backticks(id),
                "`caveat audit list` shows what there is");
}

// From the newest back, in one pass: the latest record of an evaluation is the one that is asked for.
Result<AuditLine> AuditReader::find_evaluation(const std::string& digest, std::string_view id) {
  std::optional<AuditLine> found;
  const auto read = each(1, [&](const AuditLine& line) {
    const auto* evaluation = std::get_if<EvaluationEntry>(&line.record.entry);
    if (evaluation != nullptr && evaluation->evaluation == digest) found = line;
    return true;
  });
  if (!read) return Failure(read.error());
  if (found) return *std::move(found);
  return refuse(ErrorKind::kInput, "no-such-record", "no evaluation with the id " + in_backticks(id) + " is recorded");
}

Result<void> AuditReader::each(std::int64_t first, const std::function<bool(const AuditLine&)>& visit) {
  std::optional<Error> unreadable;
  const auto read = store_.each(first, [&](const AuditRow& row) {
    auto line = line_of(row);
    if (line) return visit(*line);
    unreadable = std::move(line.error());
    return false;
  });
  if (!read) return Failure(read.error());
  if (unreadable) return Failure(*std::move(unreadable));
  return {};
}

Result<std::int64_t> AuditReader::last() {
  const auto row = store_.last();
  if (!row) return Failure(row.error());
  return *row ? (*row)->sequence : 0;
}

Result<std::string> AuditReader::content(const std::string& digest) {
  auto bytes = store_.content(digest);
  if (!bytes) return Failure(std::move(bytes.error()));
  if (*bytes && sha256(**bytes) == digest) return **std::move(bytes);
  return refuse(ErrorKind::kInternal, "audit-damaged",
                "what a record refers to " + std::string(*bytes ? "was changed" : "is missing") + ": `" + digest + "`",
                "`caveat audit verify` says more");
}

Result<AuditContext> AuditReader::context(const std::string& digest) {
  auto text = content(digest);
  if (!text) return Failure(std::move(text.error()));
  if (auto context = parse_context(*text)) return *std::move(context);
  return refuse(ErrorKind::kInternal, "audit-damaged", "`" + digest + "` does not say what an engine had loaded");
}

Result<std::optional<std::string>> AuditReader::sealed_profile(const AuditLine& line) {
  const auto* evaluation = std::get_if<EvaluationEntry>(&line.record.entry);
  if (evaluation == nullptr || evaluation->sealed.empty()) return std::nullopt;
  auto sealed = store_.profile(line.row.sequence);
  if (sealed && (!*sealed || sha256(**sealed) != evaluation->sealed)) {
    return refuse(ErrorKind::kInternal, "audit-damaged",
                  "the sealed profile of record " + std::to_string(line.row.sequence) + " is missing, or was changed",
                  "`caveat audit verify` says more");
  }
  return sealed;
}

Result<std::vector<SourceFile>> AuditReader::files(const std::string& digest) {
  auto lines = content(digest);
  if (!lines) return Failure(std::move(lines.error()));
  std::vector<SourceFile> files;
  for (ListedFile& listed : read_listing(*lines)) {
    auto bytes = content(listed.digest);
    if (!bytes) return Failure(std::move(bytes.error()));
    files.push_back({std::move(listed.name), *std::move(bytes)});
  }
  return files;
}

}  // namespace caveat
