#include "audit/key_file.hpp"

#include "base/hex.hpp"
#include "base/private_file.hpp"

#include <sodium.h>

#include <new>
#include <optional>
#include <system_error>

namespace caveat {

namespace {

Result<void> make_key_file(const std::filesystem::path& file, std::string_view format) {
  if (sodium_init() < 0) throw std::bad_alloc();
  std::string key(kKeyBytes, '\0');
  randombytes_buf(key.data(), key.size());
  std::string line = std::string(format) + ' ' + to_hex(key) + '\n';
  wipe(key);
  auto made = make_private_file(file, line);
  wipe(line);
  return made;
}

}  // namespace

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

Result<std::string> read_key_file(const std::filesystem::path& file, std::string_view format) {
  auto text = read_private_file(file);
  if (!text) return Failure(std::move(text.error()));
  std::string_view rest = *text;
  std::optional<std::string> key;
  if (rest.starts_with(format) && rest.ends_with('\n') && rest.substr(format.size()).starts_with(' ')) {
    rest.remove_prefix(format.size() + 1);
    rest.remove_suffix(1);
    key = from_hex(rest);
  }
  wipe(*text);
  if (key && key->size() == kKeyBytes) return *std::move(key);
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                  "audit-no-key",
                                  {file.string()},
                                  "is not such a key of an audit log",
                                  "it holds `" + std::string(format) + "`, a space and 64 hexadecimal digits"});
}

Result<std::string> read_or_make_key_file(const std::filesystem::path& file, std::string_view format) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    if (auto made = make_key_file(file, format); !made) return Failure(std::move(made.error()));
  }
  return read_key_file(file, format);
}

}  // namespace caveat
