// `caveat plugin trust`: looks at a plugin or a pack, and pins it in the lock file.
#include "commands.hpp"
#include "vouched_file.hpp"
#include "written_file.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat::cli {

namespace {

Result<std::filesystem::path> lock_file(const Arguments& arguments) {
  if (!arguments.lock.empty()) return arguments.lock;
  const auto& configured = arguments.configuration.engine.trust.lock;
  if (!configured.empty()) return configured;
  return Failure(
      usage_error("no lock file is named", "give one with --lock FILE, or `lock` under [trust] in the configuration"));
}

// The first pin makes the file.
Result<Lock> read_lock(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::symlink_status(path, ignored).type() == std::filesystem::file_type::not_found) return Lock();
  return Lock::read(path);
}

Failure refuse(const VouchedFile& file, std::string code, std::string message, std::string help) {
  return fail(ErrorKind::kInput,
              {DiagnosticLevel::kError, std::move(code), {file.path.string()}, std::move(message), std::move(help)});
}

Result<void> refuse_older(const VouchedFile& file, const Pin* before) {
  const auto version = parse_version(file.version);
  if (!version || before == nullptr || *version >= before->lowest) return {};
  return refuse(file, "too-old",
                "the " + file.title() + " is older than " + to_string(before->lowest) + ", the lowest version that " +
                    to_string(before->place) + " allows",
                "to go back on purpose, change `lowest` there");
}

// Pinning what the configuration names lets it into the process: whoever pins has to have meant that.
Result<void> check_consent(const VouchedFile& file, const Origin& origin, const Arguments& arguments) {
  const auto& named = arguments.configuration.engine.trust.in_process;
  const bool is_named = file.kind == Artifact::kPlugin && std::find(named.begin(), named.end(), file.id) != named.end();
  const bool would_run_inside = is_named && !origin.signer.empty();
  if (would_run_inside && !arguments.in_process) {
    return refuse(
        file, "in-process",
        "pinned, the " + file.title() + " would run inside the process, where it can do all that the process can",
        "say so with --in-process; or take it out of `in_process` in the configuration");
  }
  if (arguments.in_process && !would_run_inside) {
    return refuse(file, "not-in-process",
                  "pinned, the " + file.title() + " would not run inside the process: it is " +
                      (is_named ? origin.reason : "not named in `in_process` under [trust]"),
                  "a plugin runs there that is named, pinned, and signed with a trusted key");
  }
  return {};
}

Result<Standing> judge_with(TrustOptions options, std::filesystem::path lock, const VouchedFile& file) {
  options.lock = std::move(lock);
  const auto trust = Trust::load(options);
  if (!trust) return Failure(trust.error());
  return judge(*trust, file);
}

Pin pin_of(const VouchedFile& file, const Origin& origin) {
  return {file.kind, file.id, parse_version(file.version).value_or(Version{}), origin.digest, {}};
}

void show(const VouchedFile& file, const Origin& origin, const Pin* before, Console& console) {
  console.out_line(file.title());
  console.out_line("  path: " + file.path.string());
  console.out_line("  digest: " + origin.digest);
  console.out_line("  origin: " + origin.reason);
  console.out_line("  before: " + (before == nullptr
                                       ? "not pinned"
                                       : "pinned from " + to_string(before->lowest) + " on, " + before->digest));
}

int does_not_hold(const Error& error, Console& console) {
  console.report(error);
  return kDoesNotHold;
}

}  // namespace

int run_plugin_trust(const Arguments& arguments, Console& console) {
  const auto path = lock_file(arguments);
  if (!path) return console.report(path.error());
  const auto file = read_vouched_file(arguments);
  if (!file) return console.report(file.error());
  auto lock = read_lock(*path);
  if (!lock) return console.report(lock.error());
  const TrustOptions& options = arguments.configuration.engine.trust;
  const auto origin = judge_with(options, {}, *file);  // the old pin does not count: it is what is being changed
  if (!origin) return does_not_hold(origin.error(), console);
  const Pin* before = lock->find(file->kind, file->id);
  if (const auto newer = refuse_older(*file, before); !newer) return does_not_hold(newer.error(), console);
  if (const auto meant = check_consent(*file, *origin, arguments); !meant) return console.report(meant.error());
  show(*file, *origin, before, console);
  lock->pin(pin_of(*file, *origin));
  if (const auto written = replace_file(*path, lock->text()); !written) return console.report(written.error());
  const auto after = judge_with(options, *path, *file);
  if (!after) return console.report(after.error());
  if (file->kind == Artifact::kPlugin) console.out_line("  runs: " + std::string(to_string(after->placement)));
  console.out_line("pinned in " + path->string());
  return kDone;
}

}  // namespace caveat::cli
