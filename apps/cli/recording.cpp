#include "recording.hpp"

#include "console.hpp"

namespace caveat::cli {

Result<std::optional<AuditLog>> open_audit(const Arguments& arguments) {
  if (arguments.audit.empty()) {
    if (!arguments.keep_profiles) return std::nullopt;
    return Failure(usage_error("--keep-profiles needs a log to keep them in", "give one with --audit FILE"));
  }
  AuditOptions options;
  options.file = arguments.audit;
  options.key = arguments.audit_key;
  options.profiles = arguments.keep_profiles;
  options.profiles_key = arguments.profiles_key;
  auto log = AuditLog::open(options);
  if (!log) return Failure(std::move(log.error()));
  return *std::move(log);
}

}  // namespace caveat::cli
