#include "recording.hpp"

#include "console.hpp"

#include "base/quote.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/stat.h>
#include <system_error>

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

AuditOptions audit_options(const Arguments& arguments, const fs::path& file) {
  AuditOptions options;
  options.file = file;
  options.key = arguments.audit_key;
  options.profiles = arguments.keep_profiles;
  options.profiles_key = arguments.profiles_key;
  return options;
}

// Where a service keeps what must outlive it: the folder that systemd made for it, or the XDG base directory of states.
fs::path state_folder() {
  constexpr std::pair<const char*, const char*> kPlaces[] = {
      {"STATE_DIRECTORY", ""}, {"XDG_STATE_HOME", "caveat"}, {"HOME", ".local/state/caveat"}};
  for (const auto& [variable, below] : kPlaces) {
    const char* const value = std::getenv(variable);
    const std::string_view text = value == nullptr ? "" : value;
    const fs::path folder = text.substr(0, text.find(':'));  // systemd may name several
    if (folder.is_absolute()) return *below == '\0' ? folder : folder / below;
  }
  return {};
}

Failure no_place(std::string message) {
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                  "no-audit-folder",
                                  {},
                                  std::move(message),
                                  "name a log with --audit FILE, or say --no-audit: then nothing is recorded"});
}

Result<fs::path> make_state_folder() {
  const fs::path folder = state_folder();
  if (folder.empty()) return no_place("there is no folder for an audit log: HOME is not set");
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  ::mkdir(folder.c_str(), S_IRWXU);
  if (!fs::is_directory(folder, error))
    return no_place("there is no folder for an audit log: " + in_backticks(folder.string()) + " cannot be made");
  return folder;
}

// Each service has a log of its own, because one program records into a log: audit.db, audit-2.db, …
Result<ServiceAudit> open_free_log(const Arguments& arguments, const fs::path& folder) {
  constexpr int kServicesMax = 100;
  for (int number = 1;; ++number) {
    const std::string suffix = number == 1 ? "" : "-" + std::to_string(number);
    AuditOptions options = audit_options(arguments, folder / ("audit" + suffix + ".db"));
    options.lock_wait_ms = 0;
    auto log = AuditLog::open(options);
    if (log) return ServiceAudit{*std::move(log), options.file};
    const bool in_use = !log.error().diagnostics.empty() && log.error().diagnostics.front().code == "audit-locked";
    if (!in_use || number == kServicesMax) return Failure(std::move(log.error()));
  }
}

}  // namespace

Result<std::optional<AuditLog>> open_audit(const Arguments& arguments) {
  if (arguments.audit.empty()) {
    if (!arguments.keep_profiles) return std::nullopt;
    return Failure(usage_error("--keep-profiles needs a log to keep them in", "give one with --audit FILE"));
  }
  auto log = AuditLog::open(audit_options(arguments, arguments.audit));
  if (!log) return Failure(std::move(log.error()));
  return *std::move(log);
}

Result<ServiceAudit> open_service_audit(const Arguments& arguments) {
  const bool named = !arguments.audit.empty();
  if (arguments.no_audit && (named || arguments.keep_profiles)) {
    return Failure(usage_error("--no-audit is said together with what is to be recorded",
                               "leave out --no-audit, or --audit and --keep-profiles"));
  }
  if (arguments.no_audit || named) {
    auto log = open_audit(arguments);
    if (!log) return Failure(std::move(log.error()));
    return ServiceAudit{*std::move(log), {}};
  }
  const auto folder = make_state_folder();
  if (!folder) return Failure(folder.error());
  return open_free_log(arguments, *folder);
}

}  // namespace caveat::cli
