// Public keys and signatures in minisign's formats: Ed25519 by libsodium. What is written here the `minisign` tool
// reads, and the reverse. docs/formats/trust.md. Making signatures is secret_key.hpp's.
#pragma once

#include <caveat/result.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

using KeyId = std::array<unsigned char, 8>;

/// 16 upper-case hexadecimal digits, as minisign shows it.
std::string key_name(const KeyId& id);
/// The same of a public key's line, or of the 16 digits themselves; nothing when the text is neither.
std::optional<std::string> key_name_of(std::string_view text);

struct PublicKey {
  KeyId id{};
  std::array<unsigned char, 32> key{};

  /// The line `RW…` that stands for a key everywhere.
  [[nodiscard]] std::string line() const;
  /// A file of its own: a comment, then the line.
  [[nodiscard]] std::string file() const;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// A public key from its line or from a file. What is wrong with the text, or the key.
tl::expected<PublicKey, std::string> parse_public_key(std::string_view text);

/// A signature file's content.
struct FileSignature {
  bool hashed = true;  ///< over BLAKE2b-512 of the message; false: minisign's older form, over the message itself
  KeyId key_id{};
  std::array<unsigned char, 64> signature{};
  std::string comment;  ///< the trusted comment: signed too
  std::array<unsigned char, 64> comment_signature{};

  [[nodiscard]] std::string file() const;
};

/// What is wrong with the text, or the signature. Nothing is verified.
tl::expected<FileSignature, std::string> parse_signature(std::string_view text);

/// Whether `key` signed this message and this comment.
bool verifies(const FileSignature& signature, const PublicKey& key, std::string_view message);

}  // namespace caveat
