#include "audit/keys.hpp"

#include "audit/key_file.hpp"
#include "base/hex.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <new>

namespace caveat {

namespace {

constexpr std::string_view kFormat = "caveat.audit.key/1";

struct Free {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC, Free>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

struct AuditKey::Impl {
  MacContext keyed;  // never used itself: each digest works on a copy
  std::string id;
};

Result<AuditKey> AuditKey::of(Result<std::string> key) {
  if (!key) return Failure(std::move(key.error()));
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  auto impl = std::make_unique<Impl>();
  impl->keyed.reset(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::array<char, 7> algorithm{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, algorithm.data(), 0), OSSL_PARAM_construct_end()};
  const bool ready =
      impl->keyed && EVP_MAC_init(impl->keyed.get(), bytes_of(*key), key->size(), parameters.data()) == 1;
  wipe(*key);
  if (!ready) throw std::bad_alloc();  // only an exhausted machine makes this fail
  AuditKey out(std::move(impl));
  out.impl_->id = out.digest(audit_purpose::kKeyId, {}).substr(0, 32);
  return out;
}

Result<AuditKey> AuditKey::read(const std::filesystem::path& file) { return of(read_key_file(file, kFormat)); }

Result<AuditKey> AuditKey::read_or_make(const std::filesystem::path& file) {
  return of(read_or_make_key_file(file, kFormat));
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
