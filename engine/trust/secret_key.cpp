#include "trust/secret_key.hpp"

#include "trust/minisign_lines.hpp"

#include <sodium.h>

namespace caveat {

namespace {

/// A secret key file's second line. The last three are what a password encrypts.
struct Layout {
  std::array<char, 2> algorithm, derivation, checksum_algorithm;
  std::array<unsigned char, crypto_pwhash_scryptsalsa208sha256_SALTBYTES> salt;
  std::array<unsigned char, 8> operations, memory;  ///< little-endian
  KeyId id;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> key;
  std::array<unsigned char, crypto_generichash_BYTES> checksum;
};
static_assert(sizeof(Layout) == 158 && alignof(Layout) == 1);

constexpr std::array<char, 2> kEd25519 = {'E', 'd'}, kScrypt = {'S', 'c'}, kNone = {0, 0}, kBlake2b = {'B', '2'};
constexpr std::size_t kSecretBytes = sizeof(KeyId) + crypto_sign_SECRETKEYBYTES + crypto_generichash_BYTES;
// scrypt with N = 2^18, r = 8, p = 1.
constexpr std::uint64_t kOperations = std::uint64_t{1} << 23U;
constexpr std::uint64_t kMemory = std::uint64_t{256} << 20U;

std::uint64_t number_of(const std::array<unsigned char, 8>& bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) out |= std::uint64_t{bytes[i]} << (8 * i);
  return out;
}

std::array<unsigned char, 8> bytes_of(std::uint64_t number) {
  std::array<unsigned char, 8> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(number >> (8 * i));
  return out;
}

/// Encrypts, or decrypts: a stream made of the password is laid over the secret part. False without enough memory.
bool lay_stream(Layout& layout, std::string_view password) {
  const auto stream = allocate_guarded<std::array<unsigned char, kSecretBytes>>();
  if (crypto_pwhash_scryptsalsa208sha256(stream->data(), stream->size(), password.data(), password.size(),
                                         layout.salt.data(), number_of(layout.operations),
                                         number_of(layout.memory)) != 0) {
    return false;
  }
  unsigned char* secret = layout.id.data();
  for (std::size_t i = 0; i < kSecretBytes; ++i) secret[i] ^= (*stream)[i];
  return true;
}

void write_checksum(const Layout& layout, std::array<unsigned char, crypto_generichash_BYTES>& out) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, out.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(layout.algorithm.data()), 2);
  crypto_generichash_update(&state, layout.id.data(), layout.id.size());
  crypto_generichash_update(&state, layout.key.data(), layout.key.size());
  crypto_generichash_final(&state, out.data(), out.size());
}

/// What stands in the file; null when it is no secret key file.
Guarded<Layout> read_layout(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() != 2 || !lines[0].starts_with(kUntrusted)) return nullptr;
  auto layout = allocate_guarded<Layout>();
  std::size_t got = 0;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(layout.get()), sizeof(Layout), lines[1].data(),
                                       lines[1].size(), nullptr, &got, nullptr, sodium_base64_VARIANT_ORIGINAL);
  const bool known = failed == 0 && got == sizeof(Layout) && layout->algorithm == kEd25519 &&
                     layout->checksum_algorithm == kBlake2b &&
                     (layout->derivation == kScrypt || layout->derivation == kNone);
  return known ? std::move(layout) : nullptr;
}

/// Whether it is whole, which for an encrypted key is to say that the password was right. minisign leaves the checksum
/// of a key that is not encrypted at zero; whether the key's two halves belong together is seen without it.
bool is_whole(const Layout& layout) {
  std::array<unsigned char, crypto_generichash_BYTES> checksum{};
  if (layout.derivation == kScrypt || layout.checksum != checksum) write_checksum(layout, checksum);
  if (sodium_memcmp(checksum.data(), layout.checksum.data(), checksum.size()) != 0) return false;
  const auto derived = allocate_guarded<std::array<unsigned char, crypto_sign_SECRETKEYBYTES>>();
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> unused{};
  crypto_sign_seed_keypair(unused.data(), derived->data(), layout.key.data());
  return sodium_memcmp(derived->data(), layout.key.data(), derived->size()) == 0;
}

}  // namespace

void SodiumFree::operator()(void* memory) const { sodium_free(memory); }

void* allocate_guarded(std::size_t bytes) {
  start_sodium();
  void* memory = sodium_malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

SecretKey SecretKey::generate() {
  auto data = allocate_guarded<Data>();
  PublicKey unused;
  randombytes_buf(data->id.data(), data->id.size());
  crypto_sign_keypair(unused.key.data(), data->key.data());
  return SecretKey(std::move(data));
}

bool is_encrypted(std::string_view text) {
  const auto layout = read_layout(text);
  return layout != nullptr && layout->derivation == kScrypt;
}

tl::expected<SecretKey, std::string> SecretKey::parse(std::string_view text, std::string_view password) {
  const auto layout = read_layout(text);
  if (layout == nullptr) return tl::unexpected(std::string("it is not a minisign secret key"));
  const bool encrypted = layout->derivation == kScrypt;
  if (encrypted && !lay_stream(*layout, password)) {
    return tl::unexpected("decrypting it needs " + std::to_string(number_of(layout->memory) >> 20U) +
                          " MiB of memory, which are not there");
  }
  if (!is_whole(*layout)) {
    return tl::unexpected(std::string(encrypted ? "the password is not this key's" : "it is damaged"));
  }
  auto data = allocate_guarded<Data>();
  data->id = layout->id;
  data->key = layout->key;
  return SecretKey(std::move(data));
}

tl::expected<std::string, std::string> SecretKey::file(std::string_view password) const {
  const auto layout = allocate_guarded<Layout>();
  layout->algorithm = kEd25519;
  layout->derivation = password.empty() ? kNone : kScrypt;
  layout->checksum_algorithm = kBlake2b;
  layout->id = data_->id;
  layout->key = data_->key;
  write_checksum(*layout, layout->checksum);
  if (!password.empty()) {
    randombytes_buf(layout->salt.data(), layout->salt.size());
    layout->operations = bytes_of(kOperations);
    layout->memory = bytes_of(kMemory);
    if (!lay_stream(*layout, password)) return tl::unexpected(std::string("encrypting it needs 256 MiB of memory"));
  }
  const std::string_view bytes(reinterpret_cast<const char*>(layout.get()), sizeof(Layout));
  return std::string(kUntrusted) +
         (password.empty() ? "caveat secret key, not encrypted" : "caveat encrypted secret key") + '\n' +
         to_base64(bytes) + '\n';
}

PublicKey SecretKey::public_key() const {
  PublicKey out;
  out.id = data_->id;
  crypto_sign_ed25519_sk_to_pk(out.key.data(), data_->key.data());
  return out;
}

FileSignature SecretKey::sign(std::string_view message, std::string comment) const {
  const auto ed25519 = [&](const std::string& text) {
    std::array<unsigned char, crypto_sign_BYTES> out{};
    crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         data_->key.data());
    return out;
  };
  FileSignature out;
  out.key_id = data_->id;
  out.signature = ed25519(signed_text(out.hashed, message));
  out.comment = std::move(comment);
  out.comment_signature = ed25519(signed_comment(out));
  return out;
}

}  // namespace caveat
