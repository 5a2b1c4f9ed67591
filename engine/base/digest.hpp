// SHA-256, as `sha256:` and 64 hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace caveat {

std::string sha256(std::string_view bytes);

}  // namespace caveat
