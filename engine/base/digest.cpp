#include "base/digest.hpp"

#include "base/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace caveat {

std::string sha256(std::string_view bytes) {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // fetching costs more than hashing
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  // Only an exhausted machine makes this fail, and a wrong digest must never leave.
  auto* const out = reinterpret_cast<unsigned char*>(digest.data());
  if (EVP_Digest(bytes.data(), bytes.size(), out, &size, algorithm, nullptr) != 1) throw std::bad_alloc();
  return "sha256:" + to_hex({digest.data(), size});
}

}  // namespace caveat
