// The database's tables, version by version. docs/formats/audit.md, section 2.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace caveat {

/// SQLite's application id: what tells an audit log from any other database. "CvAu".
inline constexpr std::int32_t kAuditApplication = 0x43764175;

/// Step i brings a database of schema version i to i + 1. Steps are added at the end and never changed: a log of any
/// version before can be brought to this one.
std::span<const std::string_view> audit_migrations();

}  // namespace caveat
