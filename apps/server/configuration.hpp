// The service's table of a site's configuration file, `[server]`. docs/formats/configuration.md lists its keys.
#pragma once

#include "configuration/table.hpp"
#include "server/service.hpp"
#include "server/transport.hpp"

namespace caveat::server {

/// Reads `[server]` over the defaults that stand in `service` and `limits`. What is wrong is reported; files that it
/// names are not read.
void read_table(ConfigurationTable& table, ServiceOptions& service, Limits& limits);
/// For those who serve nothing: reports what is wrong.
void check_table(ConfigurationTable& table);

}  // namespace caveat::server
