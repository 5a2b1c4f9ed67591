#include "vocabulary/toml_number.hpp"

#include <algorithm>

namespace caveat {

std::optional<Decimal> exact_number(const TomlValue& value) {
  if (const auto whole = value.integer()) return Decimal(*whole);
  if (!value.is(TomlType::kDecimal)) return std::nullopt;
  std::string text(value.source_text());
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return Decimal::parse(text);
}

}  // namespace caveat
