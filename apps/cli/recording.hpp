// The audit log that a command records into.
#pragma once

#include "arguments.hpp"

#include <caveat/audit.hpp>

#include <filesystem>
#include <optional>

namespace caveat::cli {

/// The log that `--audit` names, open for recording; nothing when none is named.
Result<std::optional<AuditLog>> open_audit(const Arguments& arguments);

/// Where a service records.
struct ServiceAudit {
  std::optional<AuditLog> log;   ///< nothing with `--no-audit`
  std::filesystem::path chosen;  ///< the log's file where nobody named one; otherwise empty
};

/// The log that `--audit` names, or the first of the account's own that no other service records into; nothing with
/// `--no-audit`. kInput when there is no place for one.
Result<ServiceAudit> open_service_audit(const Arguments& arguments);

}  // namespace caveat::cli
