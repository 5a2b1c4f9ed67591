// Exact numbers from TOML.
#pragma once

#include "base/toml.hpp"
#include "values/decimal.hpp"

#include <optional>

namespace caveat {

/// The exact value of a TOML integer or decimal, from its text. Nothing for other types, for `inf`, `nan` and
/// exponents, and for more digits than a Decimal holds.
std::optional<Decimal> exact_number(const TomlValue& value);

}  // namespace caveat
