// Profiles as the command takes them: files or standard input, with limits from options.
#pragma once

#include "arguments.hpp"

#include <caveat/caveat.hpp>

namespace caveat::cli {

Result<ProfileOptions> profile_options(const Arguments& arguments);

/// Reads `path` (`-`: standard input) within the limits.
Result<Profile> read_profile(const std::string& path, const Vocabulary& vocabulary, ProfileOptions options);

/// `--at`, or the machine's clock.
Result<Instant> evaluation_time(const Arguments& arguments);

/// Refuses a value that is not among those an option takes.
Result<void> check_choice(const std::string& option, const std::string& value, const std::vector<std::string>& allowed);

}  // namespace caveat::cli
