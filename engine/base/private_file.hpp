// Files that nobody but their owner may read: keys, the audit log and what lies beside it.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace caveat {

/// Makes `file` with mode 0600 and these bytes, durably: it is there after a power cut. kInput when it cannot be made;
/// a file that is already there is left as it is, and is an error too.
Result<void> make_private_file(const std::filesystem::path& file, std::string_view bytes);

/// Replaces `file` as a whole: a reader sees the old bytes or the new ones. Not durable by itself.
Result<void> replace_private_file(const std::filesystem::path& file, std::string_view bytes);

/// The bytes of a small file (at most 64 KiB) that only its owner may read; kInput otherwise.
Result<std::string> read_private_file(const std::filesystem::path& file);

}  // namespace caveat
