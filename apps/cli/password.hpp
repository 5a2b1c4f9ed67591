// The password of a secret key: from a file, from the environment or from the terminal. Never from the command line,
// which other users of the machine can read.
#pragma once

#include "arguments.hpp"

#include "trust/secret_key.hpp"

#include <caveat/result.hpp>

namespace caveat::cli {

/// Kept in guarded memory, and wiped at the end.
class Password {
 public:
  static constexpr std::size_t kBytesMax = 1024;

  Password();
  /// False when there is no room for it.
  bool append(std::string_view part);
  [[nodiscard]] std::string_view text() const { return {bytes_->data(), size_}; }

 private:
  Guarded<std::array<char, kBytesMax>> bytes_;
  std::size_t size_ = 0;
};

/// `--password-file`, else CAVEAT_KEY_PASSWORD, else asked for on the terminal: `twice` when it is a new one. An empty
/// one is an error, and so is having no way to ask.
Result<Password> find_password(const Arguments& arguments, bool twice);

}  // namespace caveat::cli
