#include "server/configuration.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

constexpr std::uint64_t kHour = 60 * 60 * 1'000, kGibibyte = std::uint64_t{1} << 30U;

void read_time(ConfigurationTable& table, std::string_view key, std::chrono::milliseconds& target) {
  auto count = static_cast<std::uint64_t>(target.count());
  table.number(key, count, 1, kHour);
  target = std::chrono::milliseconds(count);
}

void report_address(ConfigurationTable& table, std::string_view key, const std::string& text, std::string help) {
  table.diagnostics().error("bad-address", table.place(key), in_backticks(text) + " is no address for this",
                            std::move(help));
}

// Tokens name the address that they are for: it is compared, so that it has to be written as clients do.
void read_base_url(ConfigurationTable& table, AuthenticationOptions& authentication) {
  table.text("base_url", authentication.base_url);
  const std::string& url = authentication.base_url;
  if (!url.empty() && (!parse_address(url) || url.ends_with('/')))
    report_address(table, "base_url", url, "such as `https://cds.example.org`, without a slash at its end");
}

void read_client(ConfigurationTable& table, AuthenticationOptions& authentication) {
  Issuer issuer;
  table.text("iss", issuer.iss, true);
  table.path("keys", issuer.keys, true);
  table.texts("jku", issuer.jku);
  const auto same = [&](const Issuer& other) { return other.iss == issuer.iss; };
  if (std::any_of(authentication.issuers.begin(), authentication.issuers.end(), same)) {
    table.diagnostics().error("duplicate-client", table.place("iss"), "a second client " + in_backticks(issuer.iss),
                              "give each once, with all of its keys");
  }
  authentication.issuers.push_back(std::move(issuer));
}

// A browser compares an origin letter by letter.
void read_origins(ConfigurationTable& table, std::vector<std::string>& origins) {
  table.texts("origins", origins, "[\"*\"]");
  for (const std::string& each : origins) {
    const auto address = parse_address(each);
    if (each == "*" || (address && address->origin() == each)) continue;
    report_address(table, "origins", each, "such as `https://ehr.example.org`, or `*` for all");
  }
}

void read_fhir_servers(ConfigurationTable& table, std::vector<FhirServer>& servers) {
  std::vector<std::string> urls;
  table.texts("fhir_servers", urls);
  for (const std::string& each : urls) {
    if (auto server = FhirServer::parse(each))
      servers.push_back(std::move(*server));
    else
      report_address(table, "fhir_servers", each, "`https://`, or `http://` on this machine, host and path");
  }
}

void read_fetch(ConfigurationTable& table, ServiceOptions& service) {
  table.path("authorities", service.client.authorities);
  read_time(table, "time_ms", service.fetch_time);
  table.number("answer_bytes", service.client.bytes, 1'024, kGibibyte);
  table.number("at_once", service.client.at_once, 1, 10'000);
}

void read_limits(ConfigurationTable& table, Limits& limits) {
  table.number("head_bytes", limits.head_bytes, 1'024, std::uint64_t{1} << 20U);
  table.number("body_bytes", limits.body_bytes, 1'024, kGibibyte);
  read_time(table, "head_ms", limits.head_time);
  read_time(table, "body_ms", limits.body_time);
  read_time(table, "idle_ms", limits.idle_time);
  read_time(table, "write_ms", limits.write_time);
  read_time(table, "answer_ms", limits.answer_time);
  read_time(table, "drain_ms", limits.drain_time);
  table.number("connections", limits.connections, 1, 100'000);
  table.number("requests", limits.requests, 1, 100'000);
  table.number("buffered_bytes", limits.buffered_bytes, 1'024, 64 * kGibibyte);
}

}  // namespace

void read_table(ConfigurationTable& table, ServiceOptions& service, Limits& limits) {
  read_base_url(table, service.authentication);
  read_origins(table, service.origins);
  read_fhir_servers(table, service.fhir_servers);
  table.each("client", [&](ConfigurationTable& each) { read_client(each, service.authentication); });
  table.table("fetch", [&](ConfigurationTable& each) { read_fetch(each, service); });
  table.table("limits", [&](ConfigurationTable& each) { read_limits(each, limits); });
  if (!service.authentication.issuers.empty() && service.authentication.base_url.empty()) {
    table.diagnostics().error("missing-key", table.place(), "clients are named, and no `base_url`",
                              "their tokens name the address that they are for: write it as they call it");
  }
}

void check_table(ConfigurationTable& table) {
  ServiceOptions service;
  Limits limits;
  read_table(table, service, limits);
}

}  // namespace caveat::server
