// The audit log that a command was told to record into.
#pragma once

#include "arguments.hpp"

#include <caveat/audit.hpp>

#include <optional>

namespace caveat::cli {

/// The log that `--audit` names, open for recording; nothing when none is named.
Result<std::optional<AuditLog>> open_audit(const Arguments& arguments);

}  // namespace caveat::cli
