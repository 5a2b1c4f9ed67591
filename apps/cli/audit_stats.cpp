// `caveat audit stats`: how evaluations came out, and which rules people accept or override.
#include "commands.hpp"
#include "profiles.hpp"

#include "audit/stats.hpp"
#include "base/json_writer.hpp"

#include <algorithm>
#include <vector>

namespace caveat::cli {

namespace {

using Counts = std::map<std::string, std::uint64_t>;

class StatsJson {
 public:
  explicit StatsJson(std::string& out) : json_(out) {}

  void write(const AuditStats& stats) {
    json_.begin_object();
    json_.member("schema", "caveat.audit.stats/1");
    member("records", stats.records);
    member("evaluations", stats.evaluations);
    json_.key("dispositions");
    json_.begin_object();
    for (std::size_t i = 0; i < stats.dispositions.size(); ++i)
      member(to_string(static_cast<Disposition>(i)), stats.dispositions[i]);
    json_.end_object();
    member("incomplete", stats.incomplete);
    member("refused", stats.refused);
    write("packs", "id", stats.packs);
    write("failed_plugins", "id", stats.failed_plugins);
    member("feedback", stats.feedback);
    json_.key("rules");
    json_.begin_array();
    for (const auto& [id, rule] : stats.rules) write_rule(id, rule);
    json_.end_array();
    json_.end_object();
  }

 private:
  void member(std::string_view key, std::uint64_t count) { json_.member(key, static_cast<std::int64_t>(count)); }

  void write(std::string_view key, std::string_view what, const Counts& counts) {
    json_.key(key);
    json_.begin_array();
    for (const auto& [name, count] : counts) {
      json_.begin_object();
      json_.member(what, std::string_view(name));
      member("count", count);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_rule(const std::string& id, const RuleFeedback& rule) {
    json_.begin_object();
    json_.member("rule", std::string_view(id));
    member("accepted", rule.accepted);
    member("overridden", rule.overridden);
    write("reasons", "code", rule.reasons);
    json_.end_object();
  }

  JsonWriter json_;
};

std::string listed(const Counts& counts) {
  std::string out;
  for (const auto& [name, count] : counts) out += (out.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return out;
}

// The most overridden first: those are what nobody listens to.
std::vector<std::pair<std::string, RuleFeedback>> by_overrides(const AuditStats& stats) {
  std::vector<std::pair<std::string, RuleFeedback>> rules(stats.rules.begin(), stats.rules.end());
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& a, const auto& b) { return a.second.overridden > b.second.overridden; });
  return rules;
}

void show_text(const AuditStats& stats, Console& console) {
  Counts dispositions;
  for (std::size_t i = 0; i < stats.dispositions.size(); ++i)
    dispositions[std::string(to_string(static_cast<Disposition>(i)))] = stats.dispositions[i];
  console.out_line(counted(stats.evaluations, "evaluation", "evaluations") + ": " + listed(dispositions));
  console.out_line("  not complete " + std::to_string(stats.incomplete) + ", refused " + std::to_string(stats.refused));
  if (!stats.packs.empty()) console.out_line("  packs: " + listed(stats.packs));
  if (!stats.failed_plugins.empty()) console.out_line("  plugins that failed: " + listed(stats.failed_plugins));
  console.out_line("feedback on " + counted(stats.feedback, "advisory", "advisories"));
  for (const auto& [id, rule] : by_overrides(stats)) {
    const std::uint64_t all = rule.accepted + rule.overridden;
    console.out_line("  " + id + ": overridden " + std::to_string(rule.overridden) + " of " + std::to_string(all) +
                     " (" + std::to_string(100 * rule.overridden / all) + " %)");
    if (!rule.reasons.empty()) console.out_line("    reasons: " + listed(rule.reasons));
  }
}

}  // namespace

int run_audit_stats(const Arguments& arguments, Console& console) {
  if (!arguments.format.empty()) {
    auto known = check_choice("--format", arguments.format, listing_formats());
    if (!known) return console.report(known.error());
  }
  auto log = AuditReader::open(arguments.audit, arguments.audit_key);
  if (!log) return console.report(log.error());
  const auto stats = stats_of(*log);
  if (!stats) return console.report(stats.error());
  if (arguments.format == "json") {
    std::string out;
    StatsJson(out).write(*stats);
    console.out_line(out);
  } else {
    show_text(*stats, console);
  }
  return kDone;
}

}  // namespace caveat::cli
