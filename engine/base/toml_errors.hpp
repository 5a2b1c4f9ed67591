// toml++'s syntax errors in Caveat's voice.
#pragma once

#include "base/text_file.hpp"

#include <string_view>

namespace caveat {

/// `description` is toml++'s, with its scope; `offset` is where in `text` it stopped.
Diagnostic toml_syntax_error(std::string_view description, std::size_t offset, std::string_view text,
                             const std::string& file);

}  // namespace caveat
