// Queries: `source alias let … where … return … sort …` and `aggregate`.
#pragma once

#include "conditions/interpreter.hpp"

namespace caveat {

/// Unknown when a source is, or when anything that a row comes to is; errors win, as everywhere.
Value evaluate_query(const Expression& node, Runtime& run);

}  // namespace caveat
