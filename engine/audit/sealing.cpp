#include "audit/sealing.hpp"

#include "audit/key_file.hpp"

#include <sodium.h>

#include <new>

namespace caveat {

namespace {

constexpr std::string_view kFormat = "caveat.audit.profiles-key/1";
// Bound to what it is, so that nothing else that was sealed with the key is taken for a profile.
constexpr std::string_view kPurpose = "caveat.audit.profile/1";
constexpr std::size_t kHeader = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kMore = crypto_secretstream_xchacha20poly1305_ABYTES;
static_assert(kKeyBytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

struct SealingKey::Impl {
  explicit Impl(std::string secret) : key(std::move(secret)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { wipe(key); }
  std::string key;
};

Result<SealingKey> SealingKey::of(Result<std::string> key) {
  if (!key) return Failure(std::move(key.error()));
  if (sodium_init() < 0) throw std::bad_alloc();
  return SealingKey(std::make_unique<Impl>(*std::move(key)));
}

Result<SealingKey> SealingKey::read(const std::filesystem::path& file) { return of(read_key_file(file, kFormat)); }

Result<SealingKey> SealingKey::read_or_make(const std::filesystem::path& file) {
  return of(read_or_make_key_file(file, kFormat));
}

std::string SealingKey::seal(std::string_view text) const {
  crypto_secretstream_xchacha20poly1305_state state;
  std::string sealed(kHeader + text.size() + kMore, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&state, bytes_of(sealed), bytes_of(impl_->key));
  crypto_secretstream_xchacha20poly1305_push(&state, bytes_of(sealed) + kHeader, nullptr, bytes_of(text), text.size(),
                                             bytes_of(kPurpose), kPurpose.size(),
                                             crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  sodium_memzero(&state, sizeof state);
  return sealed;
}

Result<std::string> SealingKey::open(std::string_view sealed) const {
  crypto_secretstream_xchacha20poly1305_state state;
  unsigned char tag = 0;
  if (sealed.size() >= kHeader + kMore &&
      crypto_secretstream_xchacha20poly1305_init_pull(&state, bytes_of(sealed), bytes_of(impl_->key)) == 0) {
    std::string text(sealed.size() - kHeader - kMore, '\0');
    const bool opened =
        crypto_secretstream_xchacha20poly1305_pull(&state, bytes_of(text), nullptr, &tag, bytes_of(sealed) + kHeader,
                                                   sealed.size() - kHeader, bytes_of(kPurpose), kPurpose.size()) == 0;
    sodium_memzero(&state, sizeof state);
    if (opened && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) return text;
  }
  return fail(ErrorKind::kInternal, {DiagnosticLevel::kError,
                                     "audit-sealed",
                                     {},
                                     "what was sealed cannot be opened with this key",
                                     "give the key that was in use when it was recorded"});
}

SealingKey::SealingKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SealingKey::SealingKey(SealingKey&&) noexcept = default;
SealingKey& SealingKey::operator=(SealingKey&&) noexcept = default;
SealingKey::~SealingKey() = default;

}  // namespace caveat
