// TOML scalars as they stand in the source: what toml++ does not keep. Offsets are bytes of the whole text.
#pragma once

#include <cstddef>
#include <string_view>

namespace caveat {

/// Where in `text` byte `decoded` of the string value that starts at `begin` (its opening quote) was written. The byte
/// after the last is the closing quote. An offset inside an escape's value is the escape's start.
std::size_t offset_in_string(std::string_view text, std::size_t begin, std::size_t decoded);

/// The string's text as written, quotes included.
std::string_view string_source(std::string_view text, std::size_t begin);

/// A number, Boolean, date or time as written. `spaced`: a date-time, which may have a space in its middle.
std::string_view scalar_source(std::string_view text, std::size_t begin, bool spaced);

}  // namespace caveat
