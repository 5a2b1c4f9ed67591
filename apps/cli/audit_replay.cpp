// `caveat audit replay`: a recorded evaluation again, to the same bytes.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "audit/chain.hpp"
#include "audit/replay.hpp"

namespace caveat::cli {

namespace {

// The file that is named, or what the log keeps.
Result<ProfileSource> profile_source(const Arguments& arguments, AuditReader& log, const AuditLine& line) {
  auto options = profile_options(arguments);
  if (!options) return Failure(std::move(options.error()));
  if (arguments.profile.empty()) {
    const auto key = SealingKey::read(audit_profiles_key_file(arguments.profiles_key, arguments.audit));
    if (key) return kept_profile(log, line, *key);
    if (!arguments.profiles_key.empty()) return Failure(key.error());
    return Failure(
        usage_error("which profile was evaluated?", "--profile FILE, or the key of kept ones: --profiles-key"));
  }
  return [&arguments, options = *options](const Vocabulary& vocabulary) -> Result<ProfileData> {
    auto profile = read_profile(arguments.profile, vocabulary, options);
    if (!profile) return Failure(std::move(profile.error()));
    return profile->data();
  };
}

}  // namespace

int run_audit_replay(const Arguments& arguments, Console& console) {
  auto log = AuditReader::open(arguments.audit, arguments.audit_key);
  if (!log) return console.report(log.error());
  const auto line = log->find(arguments.words.front());
  if (!line) return console.report(line.error());
  const auto source = profile_source(arguments, *log, *line);
  if (!source) return console.report(source.error());
  const auto replayed = replay(*log, *line, engine_options(find_surroundings(arguments)), *source);
  if (!replayed) return console.report(replayed.error());
  for (const Diagnostic& difference : replayed->differences) console.report(difference);
  console.out_line(replayed->result);
  if (replayed->same) return kDone;
  console.err_line("error: these are not the bytes that were recorded [result-differs]");
  return kDoesNotHold;
}

}  // namespace caveat::cli
