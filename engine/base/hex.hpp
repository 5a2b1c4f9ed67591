// Bytes as hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caveat {

/// Two small digits a byte.
std::string to_hex(std::string_view bytes);
/// Nothing when `digits` is anything but pairs of hexadecimal digits.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace caveat
