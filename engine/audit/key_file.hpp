// Keys as they lie in files: one line, a format's name, a space and 64 hexadecimal digits.
#pragma once

#include <caveat/result.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace caveat {

inline constexpr std::size_t kKeyBytes = 32;

/// The key's bytes; wipe them with wipe(). `format` is the line's first word. kInput when there is no such file, when
/// others than its owner may use it, or when it is of another form.
Result<std::string> read_key_file(const std::filesystem::path& file, std::string_view format);

/// As read_key_file(); where there is no such file, a random key is made and kept in it, with mode 0600 and durably.
Result<std::string> read_or_make_key_file(const std::filesystem::path& file, std::string_view format);

/// Overwrites what must not be left in memory.
void wipe(std::string& secret);

}  // namespace caveat
