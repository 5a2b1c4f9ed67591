// `caveat plugin check`: every check of a plugin in a process of its own, which is this command again with `--alone`.
#include "check/checks.hpp"
#include "check/spawn.hpp"
#include "check/subject.hpp"
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "base/page.hpp"
#include "base/quote.hpp"
#include "plugin_host/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <map>
#include <optional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kSeedMax = (std::uint64_t{1} << 53) - 1;  // exact in every reader of JSON
constexpr std::uint64_t kTimeLimit = 60;                          // seconds, of one check
constexpr std::uint64_t kTimeLimitMax = 3600;

// ---- What the two processes tell each other: records that end in a NUL, `n` and what is being done, `e` and the
// finding

void send(std::string record) {
  record += '\0';
  for (std::size_t sent = 0; sent < record.size();) {
    const ssize_t put = ::write(kReportDescriptor, record.data() + sent, record.size() - sent);
    if (put <= 0) return;
    sent += static_cast<std::size_t>(put);
  }
}

constexpr std::array kVerdicts = {'p', 'f', 'n'};

std::string to_record(const Finding& finding) {
  return std::string("e") + kVerdicts[static_cast<std::size_t>(finding.verdict)] + finding.reason;
}

struct Report {
  std::string doing;  ///< the last note
  std::optional<Finding> finding;
};

Report read_report(std::string_view text) {
  Report out;
  for (std::size_t end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
    const std::string_view record = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (record.starts_with('n')) out.doing = record.substr(1);
    if (!record.starts_with('e') || record.size() < 2) continue;
    const auto verdict = std::find(kVerdicts.begin(), kVerdicts.end(), record[1]);
    if (verdict == kVerdicts.end()) continue;
    out.finding = Finding{static_cast<Verdict>(verdict - kVerdicts.begin()), std::string(record.substr(2))};
  }
  return out;
}

// ---- The process of one check

/// So that a plugin that takes all memory ends its own process and not the machine. Sanitizers reserve far more.
void limit_resources() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlim_t bytes = rlim_t{4} << 30;
  const rlimit memory{bytes, bytes};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
}

int run_alone(const Check& check, SubjectOptions options, const Guard& guard) {
  limit_resources();
  std::signal(SIGPIPE, SIG_DFL);
  options.note = [](const std::string& what) { send("n" + what); };
  options.end = [](const Finding& finding) {
    send(to_record(finding));
    ::_exit(kDone);
  };
  Subject subject(std::move(options), guard);
  send(to_record(check.run(subject)));
  return kDone;
}

// ---- What came of it

/// The end of a process that told no finding, in words.
std::string ended(const Spawned& spawned, std::uint64_t seconds) {
  if (!spawned.started) return "its process could not be started";
  if (spawned.timed_out) return "it did not come back within " + counted(seconds, "second", "seconds");
  if (WIFSIGNALED(spawned.status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(spawned.status));
    return "it crashed (SIG" + std::string(name == nullptr ? "?" : name) + ")";
  }
  return "it ended the process with exit code " + std::to_string(WEXITSTATUS(spawned.status));
}

Finding finding_of(const Spawned& spawned, std::uint64_t seconds) {
  Report report = read_report(spawned.report);
  const bool ended_well = !spawned.timed_out && WIFEXITED(spawned.status) && WEXITSTATUS(spawned.status) == kDone;
  if (report.finding && (ended_well || report.finding->verdict == Verdict::kFailed)) return *report.finding;
  std::string reason = ended(spawned, seconds);
  if (report.finding) reason += " after the check, at its end";
  if (!report.finding && !report.doing.empty()) reason += "; the last thing tried: " + report.doing;
  const std::string printed = spawned.output.substr(0, spawned.output.find('\n'));
  if (!printed.empty()) reason += "; it printed " + in_backticks(printed);
  return failed(reason);
}

enum class Outcome { kPassed, kFailed, kNotApplicable, kNotRun };
constexpr std::array<std::string_view, 4> kOutcomes = {"passed", "failed", "not-applicable", "not-run"};
constexpr std::array<std::string_view, 4> kShown = {"ok", "FAILED", "does not apply", "not run"};

struct Row {
  const Check* check;
  Outcome outcome;
  std::string reason;
};

class Checker {
 public:
  Checker(std::vector<std::string> arguments, std::string file, std::uint64_t seconds)
      : arguments_(std::move(arguments)), file_(std::move(file)), seconds_(seconds) {}

  Row run(const Check& check) {
    const std::string_view missing = missing_for(check);
    Row result{&check, Outcome::kNotRun, "`" + std::string(missing) + "` did not pass"};
    if (missing.empty()) {
      std::vector<std::string> arguments = arguments_;
      arguments.insert(arguments.end(), {"--only", std::string(check.id), "--alone", "--", file_});
      Finding finding = finding_of(spawn_self(arguments, std::chrono::seconds(seconds_)), seconds_);
      result.outcome = static_cast<Outcome>(finding.verdict);
      result.reason = std::move(finding.reason);
    }
    outcomes_[check.id] = result.outcome;
    return result;
  }

 private:
  /// The first of the checks that it needs which was run and did not pass; empty: none.
  [[nodiscard]] std::string_view missing_for(const Check& check) const {
    for (std::string_view rest = check.needs; !rest.empty();) {
      const std::string_view needed = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(needed.size() + 1, rest.size()));
      const auto outcome = outcomes_.find(needed);
      if (outcome != outcomes_.end() && outcome->second != Outcome::kPassed) return needed;
    }
    return {};
  }

  std::vector<std::string> arguments_;
  std::string file_;
  std::uint64_t seconds_;
  std::map<std::string_view, Outcome> outcomes_;
};

std::size_t count(const std::vector<Row>& results, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(), [&](const Row& each) { return each.outcome == outcome; }));
}

/// A plugin is only ever said to hold when something was tried and nothing failed.
bool all_hold(const std::vector<Row>& results) {
  return count(results, Outcome::kPassed) > 0 && count(results, Outcome::kFailed) == 0 &&
         count(results, Outcome::kNotRun) == 0;
}

// ---- Showing it

std::string as_text(const Row& result, std::size_t width) {
  constexpr std::size_t kNameWidth = 22, kIndent = 4;
  std::string line(result.check->id);
  line.resize(std::max(kNameWidth, line.size() + 1), ' ');
  line += kShown[static_cast<std::size_t>(result.outcome)];
  Page page(width);
  for (std::string_view rest = result.reason; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    page.paragraph(kIndent, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (result.outcome == Outcome::kFailed) page.paragraph(kIndent, "What to do: " + std::string(result.check->help));
  return line + '\n' + page.take();
}

std::string summary(const std::vector<Row>& results, std::uint64_t seed) {
  std::string out =
      counted(results.size(), "check", "checks") + ": " + std::to_string(count(results, Outcome::kPassed)) + " passed";
  for (const Outcome outcome : {Outcome::kFailed, Outcome::kNotApplicable, Outcome::kNotRun}) {
    const std::size_t number = count(results, outcome);
    if (number > 0 || outcome == Outcome::kFailed)
      out += ", " + std::to_string(number) + " " + std::string(kOutcomes[static_cast<std::size_t>(outcome)]);
  }
  return out + " (seed " + std::to_string(seed) + ")";
}

std::string as_json(const std::vector<Row>& results, const fs::path& file, std::uint64_t seed) {
  std::string out;
  JsonWriter json(out, true);
  json.begin_object();
  json.member("schema", "caveat.plugin-check/1");
  json.member("path", std::string_view(file.native()));
  json.member("seed", static_cast<std::int64_t>(seed));
  json.member("holds", all_hold(results));
  json.key("checks");
  json.begin_array();
  for (const Row& result : results) {
    json.begin_object();
    json.member("id", result.check->id);
    json.member("outcome", kOutcomes[static_cast<std::size_t>(result.outcome)]);
    if (!result.reason.empty()) json.member("reason", std::string_view(result.reason));
    if (result.outcome == Outcome::kFailed) json.member("help", result.check->help);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out + '\n';
}

// ---- Arguments

Result<std::uint64_t> number(const char* option, const std::string& text, std::uint64_t otherwise, std::uint64_t most) {
  if (text.empty()) return otherwise;
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc() && end == text.data() + text.size() && out <= most) return out;
  return Failure(
      usage_error(std::string(option) + " is " + in_backticks(text), "a whole number up to " + std::to_string(most)));
}

/// The checks that were asked for, by id or group, in their own order; all when none was.
Result<std::vector<const Check*>> chosen(const std::vector<std::string>& only) {
  std::vector<const Check*> out;
  for (const Check& check : plugin_checks()) {
    const std::string_view group = check.id.substr(0, check.id.find('.'));
    const auto named = [&](const std::string& name) { return name == check.id || name == group; };
    if (only.empty() || std::any_of(only.begin(), only.end(), named)) out.push_back(&check);
  }
  for (const std::string& name : only) {
    const auto is_it = [&](const Check* check) { return check->id == name || check->id.starts_with(name + "."); };
    if (std::any_of(out.begin(), out.end(), is_it)) continue;
    const std::string near = did_you_mean(name, plugin_check_names());
    return Failure(usage_error("there is no check " + in_backticks(name),
                               near.empty() ? "`caveat plugin check --list` shows them" : near));
  }
  return out;
}

std::vector<std::string> passed_on(const Arguments& arguments, std::uint64_t seed) {
  std::vector<std::string> out = {"plugin", "check", "--seed", std::to_string(seed)};
  const auto add = [&](const char* option, const std::vector<std::string>& values) {
    for (const std::string& value : values) out.insert(out.end(), {option, value});
  };
  add("--rules", arguments.rules);
  add("--plugins", arguments.plugins);
  if (!arguments.wording.empty()) add("--wording", {arguments.wording});
  out.insert(out.end(), {"--log-level", "off"});
  return out;
}

int show_list(Console& console) {
  Page page(console.width());
  for (const Check& check : plugin_checks())
    page.paragraph(0, std::string(check.id) + ": " + std::string(check.holds), 4);
  console.out(page.take());
  return kDone;
}

int run_all(const std::vector<const Check*>& checks, const Arguments& arguments, std::uint64_t seed,
            std::uint64_t seconds, bool json, Console& console) {
  const std::string& file = arguments.words.front();
  Checker checker(passed_on(arguments, seed), file, seconds);
  std::vector<Row> results;
  for (const Check* check : checks) {
    results.push_back(checker.run(*check));
    if (json) continue;
    console.out(as_text(results.back(), console.width()));
    console.flush();
  }
  if (json)
    console.out(as_json(results, file, seed));
  else
    console.out_line(summary(results, seed));
  return all_hold(results) ? kDone : kDoesNotHold;
}

}  // namespace

const std::vector<std::string>& plugin_check_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Check& check : plugin_checks()) out.emplace_back(check.id);
    return out;
  }();
  return names;
}

int run_plugin_check(const Arguments& arguments, Console& console) {
  if (arguments.list) return show_list(console);
  if (arguments.words.empty())
    return console.report(usage_error("FILE is required", "see `caveat plugin check --help`"));
  const auto seed = number("--seed", arguments.seed, kSeed, kSeedMax);
  if (!seed) return console.report(seed.error());
  const auto seconds = number("--time-limit", arguments.time_limit, kTimeLimit, kTimeLimitMax);
  if (!seconds) return console.report(seconds.error());
  const auto checks = chosen(arguments.only);
  if (!checks) return console.report(checks.error());
  const fs::path file = fs::absolute(arguments.words.front());
  if (const auto bytes = extract_manifest(arguments.words.front()); !bytes) return console.report(bytes.error());
  const Surroundings surroundings = find_surroundings(arguments);
  const auto guard = load_guard(surroundings);
  if (!guard) return console.report(guard.error());
  if (!arguments.alone) return run_all(*checks, arguments, *seed, *seconds, arguments.json, console);
  SubjectOptions options;
  options.file = file;
  options.seed = *seed;
  options.rules.assign(arguments.rules.begin(), arguments.rules.end());
  options.plugins = surroundings.plugins;
  options.wording = surroundings.wording;
  return run_alone(*checks->front(), std::move(options), *guard);
}

}  // namespace caveat::cli
