// What a site's configuration file says of the service, and that its page lists every key that there is.
#include "evaluation/kit.hpp"
#include "server/configuration.hpp"

#include "configuration/configuration.hpp"

#include <fstream>
#include <map>
#include <regex>

using namespace caveat;
using server::Limits, server::ServiceOptions;

namespace {

struct Served {
  ServiceOptions service;
  Limits limits;
};

Result<Served> read_served(const kit::TempFolder& folder, const std::string& text) {
  folder.write("caveat.toml", text);
  Served out;
  const auto read = read_configuration(folder.path() / "caveat.toml", [&](ConfigurationTable& table) {
    server::read_table(table, out.service, out.limits);
  });
  if (!read) return Failure(read.error());
  return out;
}

/// What is wrong with it: `line code`, a line each.
std::string refused(const kit::TempFolder& folder, const std::string& text) {
  const auto served = read_served(folder, text);
  if (served) return "";
  std::string out;
  for (const Diagnostic& each : served.error().diagnostics)
    out += std::to_string(each.place.line) + ' ' + each.code + '\n';
  return out;
}

/// `table.key` to what stands when it is absent.
using Keys = std::map<std::string, std::string>;

Keys keys_in_code() {
  Keys out;
  for (const auto& key : configuration_keys([](ConfigurationTable& table) { server::check_table(table); })) {
    INFO(key.table << '.' << key.key);
    CHECK(out.emplace(key.table + '.' + key.key, key.absent).second);
  }
  return out;
}

/// From the tables of the format's page, each below a heading that names its table.
Keys keys_in_document() {
  std::ifstream in(CAVEAT_SOURCE_DIR "/docs/formats/configuration.md");
  static const std::regex heading("^#+ `\\[+([a-z_.]+)\\]+`$"), row("^\\| `([a-z_]+)` \\|[^|]*\\| ([^|]*) \\|.*");
  Keys out;
  std::string table;
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (std::regex_match(line, found, heading)) table = found[1];
    if (std::regex_match(line, found, row)) out.emplace(table + '.' + found[1].str(), found[2]);
  }
  return out;
}

}  // namespace

TEST_CASE("http.configuration: every key is documented with its default, and the reverse") {
  const Keys code = keys_in_code(), document = keys_in_document();
  CHECK(code.size() > 45);
  for (const auto& [key, absent] : code) {
    INFO(key);
    REQUIRE(document.count(key) == 1);
    CHECK(document.at(key) == absent);
  }
  for (const auto& [key, absent] : document) {
    INFO(key);
    CHECK(code.count(key) == 1);
  }
}

TEST_CASE("http.configuration: what stands in the file is what the service gets") {
  const kit::TempFolder folder;
  const auto served = read_served(folder, R"(
[server]
base_url = "https://cds.example.org"
origins = ["https://ehr.example.org", "http://localhost:8080"]
fhir_servers = ["https://fhir.example.org/r4"]

[[server.client]]
iss = "https://ehr.example.org"
keys = "keys/ehr.json"
jku = ["https://ehr.example.org/jwks"]

[server.fetch]
authorities = "ca.pem"
time_ms = 1500
answer_bytes = 2048
at_once = 3

[server.limits]
head_bytes = 2048
body_bytes = 4096
head_ms = 1
body_ms = 2
idle_ms = 3
write_ms = 4
answer_ms = 5
drain_ms = 6
connections = 7
requests = 8
buffered_bytes = 1024
)");
  REQUIRE(served);
  const ServiceOptions& service = served->service;
  CHECK(service.authentication.base_url == "https://cds.example.org");
  REQUIRE(service.authentication.issuers.size() == 1);
  CHECK(service.authentication.issuers[0].iss == "https://ehr.example.org");
  CHECK(service.authentication.issuers[0].keys == folder.path() / "keys/ehr.json");
  CHECK(service.authentication.issuers[0].jku == std::vector<std::string>{"https://ehr.example.org/jwks"});
  CHECK(service.origins == std::vector<std::string>{"https://ehr.example.org", "http://localhost:8080"});
  REQUIRE(service.fhir_servers.size() == 1);
  CHECK(service.fhir_servers[0].is("https://fhir.example.org/r4"));
  CHECK(service.client.authorities == folder.path() / "ca.pem");
  CHECK(service.fetch_time.count() == 1500);
  CHECK(service.client.bytes == 2048);
  CHECK(service.client.at_once == 3);
  const Limits& limits = served->limits;
  CHECK(limits.head_bytes == 2048);
  CHECK(limits.body_bytes == 4096);
  CHECK(limits.head_time.count() == 1);
  CHECK(limits.body_time.count() == 2);
  CHECK(limits.idle_time.count() == 3);
  CHECK(limits.write_time.count() == 4);
  CHECK(limits.answer_time.count() == 5);
  CHECK(limits.drain_time.count() == 6);
  CHECK(limits.connections == 7);
  CHECK(limits.requests == 8);
  CHECK(limits.buffered_bytes == 1024);
}

TEST_CASE("http.configuration: what cannot be meant is refused where it stands") {
  const kit::TempFolder folder;
  CHECK(refused(folder, "[server]\nport = 1\n") == "2 unknown-key\n");
  CHECK(refused(folder, "[server]\nbase_url = \"https://cds.example.org/\"\n") == "2 bad-address\n");
  CHECK(refused(folder, "[server]\nbase_url = \"cds.example.org\"\n") == "2 bad-address\n");
  CHECK(refused(folder, "[server]\norigins = [\"https://ehr.example.org/\", \"*\"]\n") == "2 bad-address\n");
  CHECK(refused(folder, "[server]\nfhir_servers = [\"http://fhir.example.org\"]\n") == "2 bad-address\n");
  CHECK(refused(folder, "[[server.client]]\niss = \"a\"\n") == "1 missing-key\n1 missing-key\n");
  const std::string client = "[[server.client]]\niss = \"a\"\nkeys = \"a.json\"\n";
  CHECK(refused(folder, client) == "1 missing-key\n");  // no base_url
  CHECK(refused(folder, "[server]\nbase_url = \"https://a.example\"\n" + client).empty());
  CHECK(refused(folder, "[server]\nbase_url = \"https://a.example\"\n" + client + client) == "7 duplicate-client\n");
  CHECK(refused(folder, "[server.limits]\nbody_bytes = 1\n[isolation]\ncpu_s = 0\n") ==
        "4 out-of-range\n2 out-of-range\n");
}
