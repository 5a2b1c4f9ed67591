#include "configuration/configuration.hpp"

namespace caveat {

namespace {

void read_all(ConfigurationTable& root, const ServerTable& server, Configuration& out) {
  read_tables(root, out);
  if (server)
    root.table("server", server);
  else
    root.pass_over("server");
}

}  // namespace

Result<Configuration> read_configuration(const std::filesystem::path& file) { return read_configuration(file, {}); }

Result<Configuration> read_configuration(const std::filesystem::path& file, const ServerTable& server) {
  const auto document = TomlDocument::read(file, ErrorKind::kInput);
  if (!document) return Failure(document.error());
  Configuration out;
  Diagnostics diagnostics;
  ConfigurationReading reading{file.parent_path(), diagnostics};
  ConfigurationTable root(document->root(), {}, reading);
  read_all(root, server, out);
  root.refuse_others();
  if (diagnostics.has_errors()) return fail(ErrorKind::kInput, diagnostics.take());
  return out;
}

std::vector<ConfigurationKey> configuration_keys(const ServerTable& server) {
  const auto document = TomlDocument::parse({}, {}, ErrorKind::kInternal);
  std::vector<ConfigurationKey> keys;
  if (!document) return keys;
  Configuration unused;
  Diagnostics dropped;
  ConfigurationReading reading{{}, dropped, &keys};
  ConfigurationTable root(document->root(), {}, reading);
  read_all(root, server, unused);
  return keys;
}

}  // namespace caveat
