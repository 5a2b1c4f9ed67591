// What a fact may be called.
#pragma once

#include "base/diagnostics.hpp"

#include <string_view>

namespace caveat {

/// Reports a name that is not `[a-z][a-z0-9_]*`, is too long, or is a word of the condition language.
void check_fact_name(std::string_view name, const Place& place, Diagnostics& diagnostics);

}  // namespace caveat
