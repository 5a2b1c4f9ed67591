// Sealing: what may be kept only if nobody can read it without a key of its own. libsodium's secretstream (XChaCha20
// and Poly1305). docs/formats/audit.md, section 7.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caveat {

/// Immutable; any thread may use it.
class SealingKey {
 public:
  /// Reads `caveat.audit.profiles-key/1 ` and 64 hexadecimal digits. A file that others than its owner may read is
  /// refused.
  static Result<SealingKey> read(const std::filesystem::path& file);
  /// As read(); where there is no such file, a new key is made and kept in it, with mode 0600.
  static Result<SealingKey> read_or_make(const std::filesystem::path& file);

  /// A header of 24 bytes, then the sealed text. Other bytes each time.
  [[nodiscard]] std::string seal(std::string_view text) const;
  /// kInternal when `sealed` was sealed with another key, or changed.
  [[nodiscard]] Result<std::string> open(std::string_view sealed) const;

  SealingKey(SealingKey&&) noexcept;
  SealingKey& operator=(SealingKey&&) noexcept;
  ~SealingKey();

 private:
  struct Impl;
  explicit SealingKey(std::unique_ptr<Impl> impl);
  static Result<SealingKey> of(Result<std::string> key);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
