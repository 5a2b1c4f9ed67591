#include "trust/minisign.hpp"

#include "trust/minisign_lines.hpp"

#include <sodium.h>

namespace caveat {

namespace {

constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::size_t kTrustedCommentMax = 8192;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool ed25519_verifies(const std::array<unsigned char, 64>& signature, const PublicKey& key, std::string_view text) {
  return crypto_sign_verify_detached(signature.data(), bytes_of(text), text.size(), key.key.data()) == 0;
}

}  // namespace

std::string key_name(const KeyId& id) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (auto byte = id.rbegin(); byte != id.rend(); ++byte) {  // minisign reads it as a little-endian number
    out += kHex[*byte >> 4U];
    out += kHex[*byte & 15U];
  }
  return out;
}

std::optional<std::string> key_name_of(std::string_view text) {
  constexpr std::size_t kDigits = 16;
  if (text.size() == kDigits && text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos) {
    return std::string(text);
  }
  const auto key = parse_public_key(text);
  return key ? std::optional(key_name(key->id)) : std::nullopt;
}

std::string PublicKey::line() const {
  std::string bytes = "Ed";
  append_bytes(bytes, id);
  append_bytes(bytes, key);
  return to_base64(bytes);
}

std::string PublicKey::file() const {
  return std::string(kUntrusted) + "caveat public key " + key_name(id) + '\n' + line() + '\n';
}

tl::expected<PublicKey, std::string> parse_public_key(std::string_view text) {
  std::vector<std::string_view> lines = lines_of(text);
  if (!lines.empty() && lines.front().starts_with(kUntrusted)) lines.erase(lines.begin());
  if (lines.size() != 1) return tl::unexpected(std::string("it is not a minisign public key"));
  PublicKey key;
  const auto bytes = from_base64(lines.front(), 2 + key.id.size() + key.key.size());
  if (!bytes || !bytes->starts_with("Ed")) return tl::unexpected(std::string("it is not a minisign public key"));
  take_bytes(*bytes, 2, key.id);
  take_bytes(*bytes, 2 + key.id.size(), key.key);
  return key;
}

std::string FileSignature::file() const {
  std::string bytes = hashed ? "ED" : "Ed";
  append_bytes(bytes, key_id);
  append_bytes(bytes, signature);
  std::string second;
  append_bytes(second, comment_signature);
  return std::string(kUntrusted) + "signature from caveat secret key " + key_name(key_id) + '\n' + to_base64(bytes) +
         '\n' + std::string(kTrusted) + comment + '\n' + to_base64(second) + '\n';
}

tl::expected<FileSignature, std::string> parse_signature(std::string_view text) {
  const auto refuse = [](const char* why) { return tl::unexpected(std::string(why)); };
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() != 4 || !lines[0].starts_with(kUntrusted)) return refuse("it is not a minisign signature");
  FileSignature out;
  const auto first = from_base64(lines[1], 2 + out.key_id.size() + out.signature.size());
  if (!first) return refuse("its second line is not a signature");
  out.hashed = first->starts_with("ED");
  if (!out.hashed && !first->starts_with("Ed")) return refuse("its second line is a signature of an unknown kind");
  take_bytes(*first, 2, out.key_id);
  take_bytes(*first, 2 + out.key_id.size(), out.signature);
  if (!lines[2].starts_with(kTrusted)) return refuse("its third line is not a trusted comment");
  out.comment = lines[2].substr(kTrusted.size());
  if (out.comment.size() > kTrustedCommentMax) return refuse("its trusted comment is too long");
  const auto second = from_base64(lines[3], out.comment_signature.size());
  if (!second) return refuse("its fourth line is not a signature");
  take_bytes(*second, 0, out.comment_signature);
  return out;
}

std::string signed_text(bool hashed, std::string_view message) {
  if (!hashed) return std::string(message);
  start_sodium();
  std::string out(crypto_generichash_BYTES_MAX, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), bytes_of(message), message.size(),
                     nullptr, 0);
  return out;
}

std::string signed_comment(const FileSignature& signature) {
  std::string out;
  append_bytes(out, signature.signature);
  return out + signature.comment;
}

bool verifies(const FileSignature& signature, const PublicKey& key, std::string_view message) {
  start_sodium();
  return signature.key_id == key.id &&
         ed25519_verifies(signature.signature, key, signed_text(signature.hashed, message)) &&
         ed25519_verifies(signature.comment_signature, key, signed_comment(signature));
}

}  // namespace caveat
