// Secret keys in minisign's format, and making signatures with them. Nothing that evaluates needs this.
//
// INVARIANT: a secret key's bytes live in guarded memory of libsodium's, which is wiped when it is given up, and
// neither they nor a password stand in a message.
#pragma once

#include "trust/minisign.hpp"

#include <memory>
#include <new>
#include <type_traits>

namespace caveat {

struct SodiumFree {
  void operator()(void* memory) const;
};
/// What is neither swapped out nor left behind: wiped when it is given up.
template <class T>
using Guarded = std::unique_ptr<T, SodiumFree>;

/// Of `bytes` bytes, aligned for nothing but bytes.
void* allocate_guarded(std::size_t bytes);
template <class T>
Guarded<T> allocate_guarded() {
  static_assert(alignof(T) == 1 && std::is_trivially_destructible_v<T>);
  return Guarded<T>(new (allocate_guarded(sizeof(T))) T{});
}

class SecretKey {
 public:
  /// A new one, from the machine's randomness.
  static SecretKey generate();
  /// From a key file's text. `password` is for keys that are encrypted, and not looked at otherwise. The error says
  /// what is wrong.
  static tl::expected<SecretKey, std::string> parse(std::string_view text, std::string_view password);

  /// A key file's text. With a password it is encrypted (scrypt: 256 MiB, about a second); with an empty one it is not.
  [[nodiscard]] tl::expected<std::string, std::string> file(std::string_view password) const;
  [[nodiscard]] PublicKey public_key() const;
  /// The same message, comment and key give the same signature. `comment` is one line, without control characters.
  [[nodiscard]] FileSignature sign(std::string_view message, std::string comment) const;

 private:
  struct Data {
    KeyId id;
    std::array<unsigned char, 64> key;  ///< Ed25519: the seed, then the public key
  };
  explicit SecretKey(Guarded<Data> data) : data_(std::move(data)) {}
  Guarded<Data> data_;
};

/// Whether a secret key file's text asks for a password. False for a text that is no such file.
bool is_encrypted(std::string_view text);

}  // namespace caveat
