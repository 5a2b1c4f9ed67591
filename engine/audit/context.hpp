// What an engine had loaded when it evaluated: enough to load it again. Kept by digest, once for all evaluations of one
// engine. docs/formats/audit.md, section 4.
#pragma once

#include "audit/store.hpp"
#include "evaluation/snapshot.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

struct AuditContext {
  struct Pack {
    std::string id, version, status;
    std::string digest;  ///< of the listing of its files
  };
  struct Plugin {
    std::string id, version;
    std::string digest;  ///< of the library's bytes
  };

  std::string engine_version, engine_digest;
  std::string lexicons;  ///< digest of the listing of the wording guard's files
  std::vector<Pack> packs;
  std::vector<Plugin> plugins;
  std::vector<DisabledRule> disabled;
};

AuditContext context_of(const Snapshot& snapshot);

/// RFC 8785 canonical JSON; its SHA-256 is what records refer to.
std::string to_text(const AuditContext& context);
std::optional<AuditContext> parse_context(std::string_view text);

/// Everything that a record of this engine refers to: the context's text (first), listings, and files.
std::vector<AuditContent> contents_of(const Snapshot& snapshot);

}  // namespace caveat
