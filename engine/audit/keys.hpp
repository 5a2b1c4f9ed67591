// The audit log's key: what keeps its digests from being guessed. A plain hash of a few yes/no answers can be found by
// trying them all; a keyed one cannot, as long as the key lies elsewhere than the database.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caveat {

/// What a keyed digest is of. Equal texts of two purposes have digests that cannot be linked without the key.
namespace audit_purpose {
inline constexpr std::string_view kKeyId = "caveat.audit.key";
inline constexpr std::string_view kRecord = "caveat.audit.record";
inline constexpr std::string_view kProfile = "caveat.audit.profile";
inline constexpr std::string_view kProfileId = "caveat.audit.profile-id";
inline constexpr std::string_view kEvaluation = "caveat.audit.evaluation";
inline constexpr std::string_view kFeedback = "caveat.audit.feedback";
inline constexpr std::string_view kResult = "caveat.audit.result";
}  // namespace audit_purpose

/// Immutable; any thread may use it.
class AuditKey {
 public:
  /// Reads `caveat.audit.key/1 ` and 64 hexadecimal digits. A file that others than its owner may read is refused.
  static Result<AuditKey> read(const std::filesystem::path& file);
  /// As read(); where there is no such file, a new key is made and kept in it, with mode 0600, before this returns.
  static Result<AuditKey> read_or_make(const std::filesystem::path& file);

  /// HMAC-SHA-256 over `purpose`, NUL and `text`, as 64 hexadecimal digits.
  [[nodiscard]] std::string digest(std::string_view purpose, std::string_view text) const;
  /// Tells keys apart without telling anything of them.
  [[nodiscard]] const std::string& id() const;

  AuditKey(AuditKey&&) noexcept;
  AuditKey& operator=(AuditKey&&) noexcept;
  ~AuditKey();

 private:
  struct Impl;
  explicit AuditKey(std::unique_ptr<Impl> impl);
  static Result<AuditKey> of(Result<std::string> key);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
