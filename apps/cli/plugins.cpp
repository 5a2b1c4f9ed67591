// `caveat plugin list` and `caveat plugin info`.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/json_writer.hpp"
#include "base/page.hpp"
#include "listings/plugins_json.hpp"
#include "plugin_host/plugin_host.hpp"

#include <algorithm>
#include <optional>

namespace caveat::cli {

namespace {

constexpr std::size_t kIndent = 2;

std::string speaks_of(const std::array<bool, 4>& speaks) {
  std::string out;
  for (const RuleStatus status :
       {RuleStatus::kMet, RuleStatus::kNotMet, RuleStatus::kUndetermined, RuleStatus::kFailed}) {
    if (speaks[static_cast<std::size_t>(status)]) out += (out.empty() ? "" : ", ") + std::string(to_string(status));
  }
  return out;
}

template <class Items, class Name>
std::string names_of(const Items& items, Name name) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + std::string(name(item));
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  return names_of(words, [](const std::string& word) { return word; });
}

// Where a plugin is, and where its code runs and why; without a standing when it is not loaded.
struct Whereabouts {
  std::string path;
  const Standing* standing = nullptr;
};

Whereabouts whereabouts(const PluginInfo& plugin) { return {plugin.path.string(), &plugin.standing}; }

bool any_isolated(const PluginHost& host) {
  const auto isolated = [](const PluginInfo& plugin) { return plugin.standing.placement == Placement::kIsolated; };
  return std::any_of(host.plugins().begin(), host.plugins().end(), isolated);
}

class PluginText {
 public:
  explicit PluginText(Page& page) : page_(page) {}

  void write_short(const Manifest& manifest, const Whereabouts& where) {
    write_head(manifest, where);
    line("kinds", names_of(manifest.kinds, [](const KindSchema& kind) { return kind.name; }));
    line("derives", names_of(manifest.derives, [](const FactDeclaration& fact) { return fact.name; }));
    line("checks", names_of(manifest.checks, [](const CheckSchema& check) { return check.full_id; }));
  }

  void write_long(const Manifest& manifest, const Whereabouts& where) {
    write_head(manifest, where);
    line("vendor", manifest.vendor);
    line("license", manifest.license);
    line("threads", manifest.threading == Manifest::Threading::kAny ? "any" : "one call at a time");
    line("pure", manifest.pure ? "yes: the same input gives the same output" : "no");
    line("reads", joined(manifest.reads));
    for (const ExpectedFact& fact : manifest.expects) line("expects", fact.name + " (" + expected(fact) + ")");
    for (const KindSchema& kind : manifest.kinds) write_kind(kind);
    for (const FactDeclaration& fact : manifest.derives) {
      line("derives", fact.name + " (" + std::string(to_string(fact.type)) + ") from " + joined(fact.reads));
    }
    for (const CheckSchema& check : manifest.checks) {
      line("check", check.full_id + ": " + std::string(to_string(check.role)) + ", " +
                        std::string(to_string(check.severity)) + "; reads " + joined(check.reads));
    }
  }

 private:
  void write_head(const Manifest& manifest, const Whereabouts& where) {
    page_.paragraph(0, manifest.id + " " + manifest.version);
    if (where.standing != nullptr)
      line("runs", std::string(to_string(where.standing->placement)) + " (" + where.standing->reason + ")");
    line("path", where.path);
  }

  static std::string expected(const ExpectedFact& fact) {
    std::string text(to_string(fact.type));
    if (!fact.unit.empty()) text += " in " + fact.unit;
    return fact.values.empty() ? text : text + " of " + joined(fact.values);
  }

  void write_kind(const KindSchema& kind) {
    line("kind", kind.name + ": " + std::string(to_string(kind.role)) + ", " + std::string(to_string(kind.severity)) +
                     (kind.when_required ? ", needs `when`" : "") + "; speaks when " + speaks_of(kind.speaks));
    for (const FieldSchema& field : kind.fields) {
      std::string text = field.name + ": " + (field.list ? "list of " : "") + std::string(to_string(field.type)) +
                         (field.required ? ", required" : "");
      if (!field.documentation.empty()) text += ". " + field.documentation;
      page_.paragraph(2 * kIndent, text, kIndent);
    }
  }

  void line(const char* name, const std::string& text) {
    if (!text.empty()) page_.paragraph(kIndent, std::string(name) + ": " + text, kIndent);
  }

  Page& page_;
};

Result<bool> wants_json(const Arguments& arguments) {
  if (arguments.format.empty()) return false;
  if (auto known = check_choice("--format", arguments.format, listing_formats()); !known) return Failure(known.error());
  return arguments.format == "json";
}

// What keeps isolated plugins in here; absent when there is none.
using Support = std::optional<IsolationSupport>;

std::string list_as_json(const PluginHost& host, const Support& support) {
  std::string out;
  JsonWriter json(out, true);
  json.begin_object();
  json.member("schema", "caveat.plugins/1");
  json.key("plugins");
  json.begin_array();
  for (const PluginInfo& plugin : host.plugins())
    listings::write_plugin(json, plugin.manifest, plugin.path.string(), &plugin.standing);
  json.end_array();
  if (support) {
    json.key("isolation");
    json.begin_object();
    listings::write_list(json, "enforced", support->enforced);
    listings::write_list(json, "missing", support->missing);
    json.end_object();
  }
  json.end_object();
  return out + '\n';
}

std::string list_as_text(const PluginHost& host, const Support& support, std::size_t width) {
  Page page(width);
  bool first = true;
  for (const PluginInfo& plugin : host.plugins()) {
    if (!first) page.blank();
    PluginText(page).write_short(plugin.manifest, whereabouts(plugin));
    first = false;
  }
  if (support) {
    page.blank();
    page.paragraph(0, "Isolated plugins are kept in by " + joined(support->enforced) + ".");
    for (const std::string& missing : support->missing) page.paragraph(0, "Not here: " + missing + ".");
  }
  return first ? "no plugins\n" : page.take();
}

}  // namespace

int run_plugin_list(const Arguments& arguments, Console& console) {
  const auto json = wants_json(arguments);
  if (!json) return console.report(json.error());
  const Surroundings surroundings = find_surroundings(arguments);
  const auto guard = load_guard(surroundings);
  if (!guard) return console.report(guard.error());
  const auto host = load_plugins(surroundings, *guard);
  if (!host) return console.report(host.error());
  Support support;
  if (any_isolated(*host)) {
    auto found = host->isolation_support();
    if (!found) return console.report(found.error());
    support = std::move(*found);
  }
  console.out(*json ? list_as_json(*host, support) : list_as_text(*host, support, console.width()));
  return kDone;
}

int run_plugin_info(const Arguments& arguments, Console& console) {
  const std::string& file = arguments.words.front();
  const auto json = wants_json(arguments);
  if (!json) return console.report(json.error());
  auto text = extract_manifest(file);
  if (!text) return console.report(text.error());
  const auto guard = load_guard(find_surroundings(arguments));
  if (!guard) return console.report(guard.error());
  const auto manifest = read_manifest(std::move(*text), file, *guard);
  if (!manifest) return console.report(manifest.error());
  if (*json) {
    std::string out;
    JsonWriter writer(out, true);
    listings::write_plugin(writer, *manifest, file, nullptr);
    console.out_line(out);
  } else {
    Page page(console.width());
    PluginText(page).write_long(*manifest, {file});
    console.out(page.take());
  }
  return kDone;
}

}  // namespace caveat::cli
