// The packs that an engine serves, as JSON: `caveat.packs/1`. docs/formats/http.md.
#pragma once

#include "evaluation/snapshot.hpp"

#include <string>
#include <string_view>

namespace caveat::listings {

/// Every pack, by id, with its rules and sources; texts in `language`. One line.
std::string packs_json(const Snapshot& snapshot, std::string_view language);

}  // namespace caveat::listings
