// `caveat audit replay`: a recorded evaluation again, to the same bytes.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "audit/replay.hpp"

namespace caveat::cli {

int run_audit_replay(const Arguments& arguments, Console& console) {
  const auto options = profile_options(arguments);
  if (!options) return console.report(options.error());
  auto log = AuditReader::open(arguments.audit, arguments.audit_key);
  if (!log) return console.report(log.error());
  const auto line = log->find(arguments.words.front());
  if (!line) return console.report(line.error());
  if (arguments.profile.empty()) {
    return console.report(
        usage_error("the log holds no profile of this record", "give the one that was evaluated: --profile FILE"));
  }
  const auto source = [&](const Vocabulary& vocabulary) {
    return read_profile(arguments.profile, vocabulary, *options);
  };
  const auto replayed = replay(*log, *line, find_surroundings(arguments).plugins, source);
  if (!replayed) return console.report(replayed.error());
  for (const Diagnostic& difference : replayed->differences) console.report(difference);
  console.out_line(replayed->result);
  if (replayed->same) return kDone;
  console.err_line("error: these are not the bytes that were recorded [result-differs]");
  return kDoesNotHold;
}

}  // namespace caveat::cli
