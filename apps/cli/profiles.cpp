#include "profiles.hpp"

#include "console.hpp"

#include "base/diagnostics.hpp"
#include "base/quote.hpp"
#include "base/text_file.hpp"
#include "values/temporal.hpp"

#include <algorithm>
#include <charconv>

namespace caveat::cli {

namespace {

Result<void> read_limit(const char* option, const std::string& text, std::size_t& limit) {
  if (text.empty()) return {};
  const char* const end = text.data() + text.size();
  std::size_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stopped == end && number > 0) {
    limit = number;
    return {};
  }
  return Failure(usage_error(std::string(option) + " is " + in_backticks(text), "a whole number above 0"));
}

}  // namespace

Result<ProfileOptions> profile_options(const Arguments& arguments) {
  ProfileOptions options = arguments.configuration.profile;
  options.lenient = arguments.lenient;
  options.patient = arguments.patient;
  if (auto read = read_limit("--limit-bytes", arguments.bytes_max, options.bytes_max); !read)
    return Failure(read.error());
  if (auto read = read_limit("--limit-depth", arguments.depth_max, options.depth_max); !read)
    return Failure(read.error());
  if (auto read = read_limit("--limit-facts", arguments.facts_max, options.facts_max); !read)
    return Failure(read.error());
  return options;
}

Result<Profile> read_profile(const std::string& path, const Vocabulary& vocabulary, ProfileOptions options) {
  options.file = path == "-" ? kStandardInput : path;
  TextLimits limits;
  limits.bytes_max = options.bytes_max;
  auto text = read_text(path, limits, ErrorKind::kInput);
  if (!text) {
    for (Diagnostic& diagnostic : text.error().diagnostics) diagnostic.place.file = options.file;
    return Failure(std::move(text.error()));
  }
  return Profile::from_text(*text, vocabulary, options);
}

Result<Instant> evaluation_time(const Arguments& arguments) {
  if (arguments.at.empty()) return now();
  if (parse_rfc3339(arguments.at)) return Instant{arguments.at};
  return Failure(usage_error("--at is " + in_backticks(arguments.at) + ", which is no time with an offset",
                             "RFC 3339, such as 2026-11-22T10:00:00+01:00"));
}

Result<void> check_choice(const std::string& option, const std::string& value,
                          const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return {};
  std::string help = did_you_mean(value, allowed);
  if (help.empty()) {
    for (const std::string& each : allowed) help += (help.empty() ? "one of " : ", ") + each;
  }
  return Failure(usage_error(option + " is " + in_backticks(value), help));
}

}  // namespace caveat::cli
