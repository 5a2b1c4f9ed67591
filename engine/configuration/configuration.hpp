// The configuration file's reader; the type itself is public. To add a table: a reader in tables.cpp, its line in
// read_tables(), and its section in docs/formats/configuration.md; a test holds the three together.
#pragma once

#include "configuration/table.hpp"

#include <caveat/configuration.hpp>

#include <functional>

namespace caveat {

/// Reads every table that is the engine's. `root` is the whole file.
void read_tables(ConfigurationTable& root, Configuration& out);

/// Reads `[server]`, which is not the engine's. Empty: the table is passed over, whatever it holds.
using ServerTable = std::function<void(ConfigurationTable&)>;

/// As read_configuration(file), with the service's table.
Result<Configuration> read_configuration(const std::filesystem::path& file, const ServerTable& server);

/// Every key that there is, in the order in which it is asked for.
std::vector<ConfigurationKey> configuration_keys(const ServerTable& server = {});

}  // namespace caveat
