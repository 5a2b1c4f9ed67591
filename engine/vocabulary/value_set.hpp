// Value sets: codes that bindings take together. Their members are written out, since an engine asks no server.
#pragma once

#include "base/toml.hpp"

#include <string>
#include <vector>

namespace caveat {

struct ValueSet {
  std::string url;                 ///< its canonical address, by which bindings name it
  std::vector<std::string> codes;  ///< each `system|code`, in the order written
  std::string cite;
  Place place;
  bool used = false;  ///< a binding names it
};

/// Reads the `[[value_set]]` tables of one file and adds them to `sets`. All mistakes are reported.
void read_value_sets(const TomlValue& tables, std::vector<ValueSet>& sets, Diagnostics& diagnostics);

/// Reports a text that is not `system|code`; false then.
bool check_code(std::string_view code, const Place& place, Diagnostics& diagnostics);

}  // namespace caveat
