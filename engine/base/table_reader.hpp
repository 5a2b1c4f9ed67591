// Reads the keys of one TOML table into typed values and reports everything that is wrong with them.
#pragma once

#include "base/toml.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class TableReader {
 public:
  /// `what` names the table in messages: "`[pack]`", "the rule". The three outlive the reader.
  TableReader(const TomlValue& table, Place place, std::string what, Diagnostics& diagnostics);

  /// The value under `key`; reports when it is required and absent.
  const TomlValue* value(std::string_view key, bool required = false);
  /// As `value`, and of the type; reports another type. The decoded string; empty when absent or wrong.
  std::string string(std::string_view key, bool required = false);
  /// A list of strings (or one string). Reports other elements.
  std::vector<std::string> strings(std::string_view key, bool required = false);
  std::optional<bool> boolean(std::string_view key, bool required = false);

  /// Reports `value` as being of another type than `expected`, for example "a date".
  void wrong_type(std::string_view key, const TomlValue& value, std::string_view expected);
  /// Reports keys that nothing asked for, with the nearest that something did.
  void refuse_others();

 private:
  const TomlValue& table_;
  Place place_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::vector<std::string> asked_;
};

}  // namespace caveat
