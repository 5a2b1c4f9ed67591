// The configuration file's reader; the type itself is public. To add a table: a reader in tables.cpp, its line in
// read_tables(), and its section in docs/formats/configuration.md; a test holds the three together.
#pragma once

#include "configuration/table.hpp"

#include <caveat/configuration.hpp>

namespace caveat {

/// Reads every table. `root` is the whole file.
void read_tables(ConfigurationTable& root, Configuration& out);

/// Every key that there is, in the order in which it is asked for.
std::vector<ConfigurationKey> configuration_keys();

}  // namespace caveat
