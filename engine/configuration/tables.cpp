// The tables of the configuration file, a function each.
#include "base/quote.hpp"
#include "configuration/configuration.hpp"
#include "trust/minisign.hpp"
#include "trust/pattern.hpp"
#include "trust/trust.hpp"

namespace caveat {

namespace {

/// The key that a .pub file holds; reported, and empty, when there is none.
std::string key_in(const std::filesystem::path& file, ConfigurationTable& table) {
  const auto text = read_text(file, {}, ErrorKind::kInput);
  const auto key = text ? parse_public_key(*text) : tl::unexpected(text.error().diagnostics.front().message);
  if (key) return key->line();
  table.diagnostics().error("bad-key", table.place("file"), in_backticks(file.string()) + ": " + key.error(),
                            "name the .pub file that `caveat plugin keygen` or `minisign -G` wrote");
  return {};
}

/// A key is given as its line, or as the file that holds it.
std::string read_key(ConfigurationTable& table) {
  std::string line;
  std::filesystem::path file;
  table.text("key", line);
  table.path("file", file);
  if (line.empty() == file.empty()) {
    table.diagnostics().error(line.empty() ? "missing-key" : "two-keys", table.place(),
                              "`[[trust.key]]` needs `key` or `file`, one of them", "`file` names a .pub file");
    return {};
  }
  return file.empty() ? line : key_in(file, table);
}

void read_trusted_key(ConfigurationTable& table, TrustOptions& trust) {
  TrustedKey key;
  key.place = table.place();
  table.text("name", key.name, true);
  key.key = read_key(table);
  table.texts("plugins", key.plugins);
  table.texts("packs", key.packs);
  if (!key.name.empty() && !key.key.empty()) trust.keys.push_back(std::move(key));
}

void read_denial(ConfigurationTable& table, TrustOptions& trust) {
  Denial denial;
  denial.place = table.place();
  table.text("digest", denial.digest);
  table.text("key", denial.key);
  table.text("id", denial.id);
  table.text("version", denial.version);
  table.text("reason", denial.reason, true);
  if (!denial.reason.empty()) trust.deny.push_back(std::move(denial));
}

void read_trust(ConfigurationTable& table, TrustOptions& trust) {
  table.path("lock", trust.lock);
  table.flag("allow_unsigned", trust.allow_unsigned);
  table.texts("in_process", trust.in_process);
  for (const std::string& id : trust.in_process) {
    if (is_id(id)) continue;
    table.diagnostics().error("bad-id", table.place("in_process"), in_backticks(id) + " is not a plugin's id",
                              "name each plugin by its id, such as `org.example.doses`");
  }
  table.each("key", [&](ConfigurationTable& each) { read_trusted_key(each, trust); });
  table.each("deny", [&](ConfigurationTable& each) { read_denial(each, trust); });
  check_trust(trust, table.diagnostics());
}

void read_isolation(ConfigurationTable& table, IsolationOptions& isolation) {
  constexpr std::uint64_t kDay = 24 * 60 * 60;
  table.path("worker", isolation.worker);
  table.number("deadline_ms", isolation.deadline_ms, 1, kDay * 1000);
  table.number("memory_mib", isolation.memory_mib, 32, std::uint64_t{1} << 20U);
  table.number("cpu_s", isolation.cpu_s, 1, kDay);
  table.number("quarantine_ms", isolation.quarantine_ms, 0, kDay * 1000);
  table.number("quarantine_max_ms", isolation.quarantine_max_ms, 0, kDay * 1000);
  table.flag("warm_spare", isolation.warm_spare);
}

void read_limits(ConfigurationTable& table, ProfileOptions& profile) {
  table.number("profile_bytes", profile.bytes_max, 1, std::uint64_t{1} << 32U);
  table.number("profile_depth", profile.depth_max, 1, 10'000);
  table.number("profile_facts", profile.facts_max, 1, 10'000'000);
}

void read_disabled(ConfigurationTable& table, std::vector<DisabledRule>& disabled) {
  DisabledRule rule;
  rule.place = table.place();
  table.text("rule", rule.rule, true);
  table.text("reason", rule.reason, true);
  table.text("person", rule.person, true);
  table.date("date", rule.date, true);
  if (!rule.rule.empty() && rule.rule.find('/') == std::string::npos) {
    table.diagnostics().error("bad-rule", table.place("rule"), in_backticks(rule.rule) + " does not name a rule",
                              "name it as `pack/rule`");
  }
  disabled.push_back(std::move(rule));
}

}  // namespace

void read_tables(ConfigurationTable& root, Configuration& out) {
  EngineOptions& engine = out.engine;
  root.table("packs", [&](ConfigurationTable& table) {
    table.folders("folders", engine.rules);
    table.path("wording", engine.wording);
  });
  root.table("plugins", [&](ConfigurationTable& table) { table.folders("folders", engine.plugins); });
  root.table("trust", [&](ConfigurationTable& table) { read_trust(table, engine.trust); });
  root.table("isolation", [&](ConfigurationTable& table) { read_isolation(table, engine.isolation); });
  root.table("limits", [&](ConfigurationTable& table) { read_limits(table, out.profile); });
  root.each("disable", [&](ConfigurationTable& table) { read_disabled(table, engine.disabled); });
}

}  // namespace caveat
