// Files for others to read that a command writes: whole or not at all. Secrets are base/private_file.hpp's.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <string_view>

namespace caveat::cli {

/// A file that was not there before; kInput when it is, and kInput or, where the disk is at fault, kInternal when it
/// cannot be made.
Result<void> write_new(const std::filesystem::path& path, std::string_view text);

/// A file in the place of one that may be there: whoever reads it finds the old or the new one, whatever happens.
Result<void> replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace caveat::cli
