#include "audit/keys.hpp"

#include "base/hex.hpp"
#include "base/private_file.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <new>
#include <system_error>

namespace caveat {

namespace {

constexpr std::string_view kFormat = "caveat.audit.key/1 ";

struct Free {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC, Free>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Result<std::string> read_key(const std::filesystem::path& file) {
  auto text = read_private_file(file);
  if (!text) return Failure(std::move(text.error()));
  std::string_view rest = *text;
  std::optional<std::string> key;
  if (rest.starts_with(kFormat) && rest.ends_with('\n')) {
    rest.remove_prefix(kFormat.size());
    rest.remove_suffix(1);
    key = from_hex(rest);
  }
  OPENSSL_cleanse(text->data(), text->size());
  if (key && key->size() == AuditKey::kBytes) return *std::move(key);
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                  "audit-no-key",
                                  {file.string()},
                                  "is not the key of an audit log",
                                  "it holds `caveat.audit.key/1`, a space and 64 hexadecimal digits"});
}

Result<void> make_key(const std::filesystem::path& file) {
  std::string key(AuditKey::kBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    return fail(ErrorKind::kInternal,
                {DiagnosticLevel::kError, "audit-no-key", {file.string()}, "the machine gave no random bytes", ""});
  }
  return make_private_file(file, std::string(kFormat) + to_hex(key) + '\n');
}

}  // namespace

struct AuditKey::Impl {
  MacContext keyed;  // never used itself: each digest works on a copy
  std::string id;
};

Result<AuditKey> AuditKey::read(const std::filesystem::path& file) {
  auto key = read_key(file);
  if (!key) return Failure(std::move(key.error()));
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  auto impl = std::make_unique<Impl>();
  impl->keyed.reset(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::array<char, 7> algorithm{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, algorithm.data(), 0), OSSL_PARAM_construct_end()};
  if (!impl->keyed || EVP_MAC_init(impl->keyed.get(), bytes_of(*key), key->size(), parameters.data()) != 1)
    throw std::bad_alloc();
  OPENSSL_cleanse(key->data(), key->size());
  AuditKey out(std::move(impl));
  out.impl_->id = out.digest(audit_purpose::kKeyId, {}).substr(0, 32);
  return out;
}

Result<AuditKey> AuditKey::read_or_make(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    if (auto made = make_key(file); !made) return Failure(std::move(made.error()));
  }
  return read(file);
}

std::string AuditKey::digest(std::string_view purpose, std::string_view text) const {
  const MacContext context(EVP_MAC_CTX_dup(impl_->keyed.get()));
  std::array<char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  const bool done = context && EVP_MAC_update(context.get(), bytes_of(purpose), purpose.size()) == 1 &&
                    EVP_MAC_update(context.get(), bytes_of({"\0", 1}), 1) == 1 &&
                    EVP_MAC_update(context.get(), bytes_of(text), text.size()) == 1 &&
                    EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, out.size()) == 1;
  if (!done) throw std::bad_alloc();  // only an exhausted machine makes this fail
  return to_hex({out.data(), size});
}

const std::string& AuditKey::id() const { return impl_->id; }

AuditKey::AuditKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditKey::AuditKey(AuditKey&&) noexcept = default;
AuditKey& AuditKey::operator=(AuditKey&&) noexcept = default;
AuditKey::~AuditKey() = default;

}  // namespace caveat
