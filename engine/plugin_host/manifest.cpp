// Reads plugin.toml. All that a manifest can get wrong is found here, before any of the plugin's code has run.
#include "plugin_host/manifest.hpp"

#include "base/table_reader.hpp"
#include "base/version.hpp"
#include "rules/texts.hpp"

#include <caveat/plugin.h>

#include <algorithm>
#include <array>
#include <set>

namespace caveat {

namespace {

constexpr std::string_view kFirstLanguage = "en";  // of texts written as plain strings
constexpr std::array<std::string_view, 7> kReservedKinds = {"pack",   "source", "fact",   "value_set",
                                                            "define", "case",   "service"};
constexpr std::array<std::string_view, 7> kCommonFields = {"id",   "when", "severity", "title",
                                                           "says", "cite", "defer_to"};
constexpr std::array<std::string_view, 2> kPlaceholders = {"label", "value"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Small letters, digits and `joint`, beginning with a letter and not ending with the joint.
bool is_name(std::string_view name, char joint) {
  const auto allowed = [joint](char c) { return is_small_letter(c) || is_digit(c) || c == joint; };
  return !name.empty() && is_small_letter(name.front()) && name.back() != joint &&
         std::all_of(name.begin(), name.end(), allowed);
}

bool is_plugin_id(std::string_view id) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = id.find('.');
    if (!is_name(id.substr(0, dot), '-')) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    id.remove_prefix(dot + 1);
  }
}

std::string ticked(std::string_view text) { return "`" + std::string(text) + "`"; }

class ManifestReader {
 public:
  ManifestReader(const TomlDocument& document, const Guard& guard, Diagnostics& diagnostics)
      : root_(document.root()),
        start_{document.file(), 1, 1},
        guard_(guard),
        proven_(guard.proven(document.text())),
        diagnostics_(diagnostics) {}

  Manifest read() {
    TableReader table(root_, start_, "the manifest", diagnostics_);
    read_plugin(table.value("plugin", true));
    each(table.value("kind"), "kind", [&](const TomlEntry& entry) { read_kind(entry); });
    each(table.value("derived"), "derived", [&](const TomlEntry& entry) { read_derived(entry); });
    each(table.value("check"), "check", [&](const TomlEntry& entry) { read_check(entry); });
    each(table.value("text"), "text", [&](const TomlEntry& entry) { read_text_entry(entry); });
    each(table.value("expects"), "expects", [&](const TomlEntry& entry) { read_expected(entry); });
    table.refuse_others();
    refuse_nothing();
    refuse_own_inputs();
    refuse_idle_expectations();
    refuse_missing_languages();
    return std::move(manifest_);
  }

 private:
  /// Calls `visit` for every `[what.NAME]`.
  template <class Visit>
  void each(const TomlValue* tables, std::string_view what, Visit visit) {
    if (tables == nullptr) return;
    if (!tables->is(TomlType::kTable)) {
      diagnostics_.error("wrong-type", tables->place(),
                         ticked(what) + " must be tables, not " + std::string(describe(tables->type())),
                         "write `[" + std::string(what) + ".NAME]`");
      return;
    }
    for (const TomlEntry& entry : tables->entries()) visit(entry);
  }

  bool is_table(const TomlEntry& entry, std::string_view what) {
    if (entry.value.is(TomlType::kTable)) return true;
    diagnostics_.error("wrong-type", entry.value.place(),
                       "the " + std::string(what) + " " + ticked(entry.key) + " must be a table, not " +
                           std::string(describe(entry.value.type())));
    return false;
  }

  void check_name(const TomlEntry& entry, std::string_view what, char joint) {
    if (is_name(entry.key, joint)) return;
    diagnostics_.error("bad-name", entry.key_place, ticked(entry.key) + " is no name for a " + std::string(what),
                       joint == '_' ? "small letters, digits and `_`, such as `dose_interval`"
                                    : "small letters, digits and `-`, such as `dose-interval`");
  }

  // ---- [plugin]

  void read_plugin(const TomlValue* value) {
    if (value == nullptr) return;
    if (!value->is(TomlType::kTable)) {
      diagnostics_.error("wrong-type", value->place(), "`plugin` must be a table");
      return;
    }
    TableReader table(*value, value->place(), "`[plugin]`", diagnostics_);
    read_identity(table);
    read_abi(table);
    manifest_.threading =
        one_of(table, "threading", {"any", "serial"}) == 0 ? Manifest::Threading::kAny : Manifest::Threading::kSerial;
    manifest_.pure = table.boolean("pure", true).value_or(false);
    manifest_.reads = read_reads(table, false);
    table.refuse_others();
  }

  void read_identity(TableReader& table) {
    manifest_.id = table.string("id", true);
    if (!manifest_.id.empty() && !is_plugin_id(manifest_.id)) {
      diagnostics_.error("bad-id", table.value("id")->place(), ticked(manifest_.id) + " is no plugin id",
                         "a domain of yours turned round and a name: `org.example.doses`");
    }
    manifest_.version = table.string("version", true);
    if (!manifest_.version.empty() && !parse_version(manifest_.version)) {
      diagnostics_.error("bad-version", table.value("version")->place(), ticked(manifest_.version) + " is no version",
                         "a semantic version, such as `1.0.0`");
    }
    manifest_.license = table.string("license", true);
    manifest_.vendor = table.string("vendor", true);
  }

  void read_abi(TableReader& table) {
    const TomlValue* value = table.value("abi", true);
    if (value == nullptr) return;
    const auto abi = value->integer();
    if (!abi) return table.wrong_type("abi", *value, "an integer");
    if (*abi == std::int64_t{CAVEAT_ABI_MAJOR}) return;
    diagnostics_.error("wrong-abi", value->place(),
                       "needs version " + std::to_string(*abi) + " of the plugin ABI; this engine has version " +
                           std::to_string(CAVEAT_ABI_MAJOR),
                       "build the plugin with the SDK of this engine");
  }

  /// The index of the named value; the first when something is wrong, which is then reported.
  std::size_t one_of(TableReader& table, std::string_view key, const std::vector<std::string>& allowed) {
    const std::string name = table.string(key, true);
    const auto found = std::find(allowed.begin(), allowed.end(), name);
    if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
    if (!name.empty()) refuse_choice(table, key, name, allowed);
    return allowed.size();
  }

  void refuse_choice(TableReader& table, std::string_view key, const std::string& name,
                     const std::vector<std::string>& allowed) {
    std::string help = "one of";
    for (const std::string& each : allowed) help += " `" + each + "`";
    diagnostics_.error("unknown-value", table.value(key)->place(), ticked(name) + " is no value of " + ticked(key),
                       help);
  }

  std::vector<std::string> read_reads(TableReader& table, bool required) {
    std::vector<std::string> reads = table.strings("reads", required);
    const TomlValue* value = table.value("reads");
    if (value == nullptr) return reads;
    std::set<std::string> seen;
    for (const std::string& name : reads) {
      if (!is_name(name, '_')) diagnostics_.error("bad-name", value->place(), ticked(name) + " is no name of a fact");
      if (!seen.insert(name).second) diagnostics_.error("duplicate", value->place(), ticked(name) + " is read twice");
    }
    if (required && reads.empty()) {
      diagnostics_.error("missing-key", value->place(), "reads nothing", "name the facts that it is computed from");
    }
    return reads;
  }

  // ---- [kind.NAME]

  void read_kind(const TomlEntry& entry) {
    check_name(entry, "kind", '_');
    if (contains(kReservedKinds, entry.key)) {
      diagnostics_.error("reserved-kind", entry.key_place, ticked(entry.key) + " is a table of the pack format itself",
                         "choose another name for the kind");
    }
    if (!is_table(entry, "kind")) return;
    TableReader table(entry.value, entry.key_place, "the kind " + ticked(entry.key), diagnostics_);
    KindSchema kind;
    kind.name = entry.key;
    kind.plugin = manifest_.id;
    read_behaviour(table, kind.role, kind.severity, kind.speaks);
    kind.when_required = one_of(table, "when", {"required", "optional"}) == 0;
    each(table.value("field"), "field", [&](const TomlEntry& field) { read_field(field, kind); });
    table.refuse_others();
    manifest_.kinds.push_back(std::move(kind));
  }

  void read_behaviour(TableReader& table, Role& role, Severity& severity, std::array<bool, 4>& speaks) {
    role = static_cast<Role>(one_of(table, "role", {"bars", "suggests", "informs"}) % 3);
    severity = static_cast<Severity>(one_of(table, "severity", {"critical", "warning", "info"}) % 3);
    for (const std::string& name : table.strings("speaks", true)) {
      const auto status = parse_rule_status(name);
      if (!status || *status == RuleStatus::kNotMet) {
        refuse_choice(table, "speaks", name, {"met", "undetermined", "failed"});
      } else {
        speaks[static_cast<std::size_t>(*status)] = true;
      }
    }
    refuse_silence(table, role, speaks);
  }

  // What stands against a treatment is said whenever it is not settled that it does not.
  void refuse_silence(TableReader& table, Role role, const std::array<bool, 4>& speaks) {
    const TomlValue* value = table.value("speaks");
    if (value == nullptr) return;
    const auto demand = [&](RuleStatus status, std::string_view why) {
      if (speaks[static_cast<std::size_t>(status)]) return;
      diagnostics_.error("silent", value->place(), "does not speak when " + std::string(to_string(status)),
                         "add `\"" + std::string(to_string(status)) + "\"`: " + std::string(why));
    };
    demand(RuleStatus::kMet, "a rule that is met is always said");
    if (role != Role::kBars) return;
    demand(RuleStatus::kUndetermined, "what bars and is not settled is always said");
    demand(RuleStatus::kFailed, "what bars and could not be checked is always said");
  }

  void read_field(const TomlEntry& entry, KindSchema& kind) {
    check_name(entry, "field", '_');
    if (contains(kCommonFields, entry.key)) {
      diagnostics_.error("reserved-field", entry.key_place, ticked(entry.key) + " is a field of every rule",
                         "choose another name for the field");
    }
    if (!is_table(entry, "field")) return;
    TableReader table(entry.value, entry.key_place, "the field " + ticked(entry.key), diagnostics_);
    FieldSchema field;
    field.name = entry.key;
    read_field_type(table, field);
    field.required = table.boolean("required").value_or(false);
    field.documentation = table.string("doc", true);
    read_choices(table, entry, field);
    table.refuse_others();
    kind.fields.push_back(std::move(field));
  }

  void read_field_type(TableReader& table, FieldSchema& field) {
    const std::string name = table.string("type", true);
    if (const auto type = parse_field_type(name)) {
      std::tie(field.type, field.list) = *type;
    } else if (!name.empty()) {
      diagnostics_.error("unknown-value", table.value("type")->place(), ticked(name) + " is no type of a field",
                         "text, string, integer, decimal, boolean, choice or fact, or `list of` one of these");
    }
  }

  void read_choices(TableReader& table, const TomlEntry& entry, FieldSchema& field) {
    field.choices = table.strings("choices", field.type == FieldType::kChoice);
    const TomlValue* value = table.value("choices");
    if (value != nullptr && field.type != FieldType::kChoice) {
      diagnostics_.error("unknown-key", value->place(), "the field " + ticked(entry.key) + " is no choice",
                         "`choices` belongs to `type = \"choice\"`");
    }
    std::set<std::string> seen;
    for (const std::string& choice : field.choices) {
      if (!seen.insert(choice).second)
        diagnostics_.error("duplicate", value->place(), ticked(choice) + " stands twice");
    }
  }

  // ---- [derived.NAME], [check.ID], [text.ID]

  void read_derived(const TomlEntry& entry) {
    if (!is_table(entry, "derived fact")) return;
    auto fact = read_fact(entry, kFirstLanguage, true, diagnostics_);
    vet_fact(entry.value);
    if (!fact) return;
    fact->derived = true;
    fact->plugin = manifest_.id;
    manifest_.derives.push_back(std::move(*fact));
  }

  // read_fact() has reported what is no text; only the wording is judged here.
  void vet_fact(const TomlValue& table) {
    Diagnostics misreadings;
    const auto vet = [&](const TomlValue* value, std::string_view field) {
      if (value != nullptr)
        static_cast<void>(read_vetted_text(*value, {kFirstLanguage, "informs", field, guard_, proven_}, misreadings));
    };
    vet(table.find("label"), "label");
    vet(table.find("ask"), "ask");
    if (const TomlValue* names = table.find("names")) {
      for (const TomlEntry& name : names->entries()) vet(&name.value, "label");
    }
    for (const Diagnostic& diagnostic : misreadings.all()) {
      if (diagnostic.code == "wording-refused" || diagnostic.code == "no-lexicon") diagnostics_.add(diagnostic);
    }
  }

  void read_check(const TomlEntry& entry) {
    check_name(entry, "check", '-');
    if (!is_table(entry, "check")) return;
    TableReader table(entry.value, entry.key_place, "the check " + ticked(entry.key), diagnostics_);
    CheckSchema check;
    check.id = entry.key;
    check.full_id = manifest_.id + "/" + check.id;
    check.plugin = manifest_.id;
    check.place = entry.key_place;
    read_behaviour(table, check.role, check.severity, check.speaks);
    check.reads = read_reads(table, true);
    check.title = read_text(table.value("title", true), to_string(check.role), "title", false);
    check.says = read_text(table.value("says", true), to_string(check.role), "says", false);
    read_source(table.value("source", true), entry, check);
    table.refuse_others();
    manifest_.checks.push_back(std::move(check));
  }

  void read_source(const TomlValue* value, const TomlEntry& entry, CheckSchema& check) {
    if (value == nullptr) return;
    TableReader table(*value, value->place(), "the source of the check " + ticked(entry.key), diagnostics_);
    check.source_title = table.string("title", true);
    check.source_section = table.string("section");
    check.source_url = table.string("url");
    table.refuse_others();
  }

  void read_text_entry(const TomlEntry& entry) {
    check_name(entry, "text", '-');
    // Where all that a plugin says has one role, its texts are judged by that role; else by the strictest reading.
    manifest_.texts.emplace_back(entry.key, read_text(&entry.value, common_role(), "says", true));
  }

  std::string_view common_role() const {
    std::set<Role> roles;
    for (const KindSchema& kind : manifest_.kinds) roles.insert(kind.role);
    for (const CheckSchema& check : manifest_.checks) roles.insert(check.role);
    return roles.size() == 1 ? to_string(*roles.begin()) : std::string_view();
  }

  Text read_text(const TomlValue* value, std::string_view role, std::string_view field, bool placeholders) {
    if (value == nullptr) return {};
    Text text = read_vetted_text(*value, {kFirstLanguage, role, field, guard_, proven_}, diagnostics_);
    texts_.push_back({value, {}});
    for (const auto& [language, words] : text.by_language) {
      texts_.back().languages.insert(language);
      check_placeholders(*value, language, words, placeholders);
    }
    return text;
  }

  // A brace that is no placeholder would be shown as it stands, to a patient.
  void check_placeholders(const TomlValue& value, const std::string& language, std::string_view words, bool allowed) {
    const TomlValue* own = value.find(language);
    const TomlValue& in = own != nullptr ? *own : value;
    for (std::size_t at = words.find_first_of("{}"); at != std::string_view::npos;
         at = words.find_first_of("{}", at + 1)) {
      const std::size_t end = words.find('}', at);
      const std::string_view name = end == std::string_view::npos ? "" : words.substr(at + 1, end - at - 1);
      if (words[at] == '{' && allowed && contains(kPlaceholders, name)) {
        at = end;
        continue;
      }
      diagnostics_.error(
          "bad-placeholder", in.place_in_string(at), "a brace that is no placeholder",
          allowed ? "`{label}` and `{value}` stand for the advisory's fact" : "there is no fact to show here");
    }
  }

  void read_expected(const TomlEntry& entry) {
    if (is_table(entry, "expectation")) manifest_.expects.push_back(read_expectation(entry, diagnostics_));
  }

  // ---- What only the whole manifest shows

  void refuse_nothing() {
    if (!manifest_.kinds.empty() || !manifest_.derives.empty() || !manifest_.checks.empty()) return;
    if (diagnostics_.has_errors()) return;
    diagnostics_.error("empty-manifest", start_, "declares no kind, no derived fact and no check",
                       "add a `[kind.NAME]`, a `[derived.NAME]` or a `[check.ID]`");
  }

  // One call derives all of a plugin's facts, so that none of them is there for another.
  void refuse_own_inputs() {
    for (const FactDeclaration& fact : manifest_.derives) {
      for (const std::string& input : fact.reads) {
        const auto own = [&](const FactDeclaration& other) { return other.name == input; };
        if (std::none_of(manifest_.derives.begin(), manifest_.derives.end(), own)) continue;
        diagnostics_.error("own-input", fact.place,
                           ticked(fact.name) + " reads " + ticked(input) + ", which the same plugin derives",
                           "read what " + ticked(input) + " is computed from");
      }
    }
  }

  void refuse_idle_expectations() {
    std::set<std::string> read(manifest_.reads.begin(), manifest_.reads.end());
    for (const FactDeclaration& fact : manifest_.derives) read.insert(fact.reads.begin(), fact.reads.end());
    for (const CheckSchema& check : manifest_.checks) read.insert(check.reads.begin(), check.reads.end());
    for (const ExpectedFact& fact : manifest_.expects) {
      if (read.contains(fact.name)) continue;
      diagnostics_.error("unused", fact.place, "nothing of the manifest reads " + ticked(fact.name),
                         did_you_mean(fact.name, {read.begin(), read.end()}));
    }
  }

  void refuse_missing_languages() {
    std::set<std::string> all;
    for (const TextSeen& text : texts_) all.insert(text.languages.begin(), text.languages.end());
    for (const TextSeen& text : texts_) {
      if (text.languages.empty()) continue;  // no text at all: reported
      for (const std::string& language : all) {
        if (text.languages.contains(language)) continue;
        diagnostics_.error("missing-text", text.value->place(), "no text in " + ticked(language),
                           "other texts of the manifest have one; readers of that language would get another");
      }
    }
  }

  struct TextSeen {
    const TomlValue* value;
    std::set<std::string> languages;
  };

  const TomlValue& root_;
  Place start_;
  const Guard& guard_;
  bool proven_;
  Diagnostics& diagnostics_;
  Manifest manifest_;
  std::vector<TextSeen> texts_;
};

}  // namespace

Result<Manifest> read_manifest(std::string text, const std::string& file, const Guard& guard) {
  auto document = TomlDocument::parse(std::move(text), file, ErrorKind::kLoad);
  if (!document) return Failure(document.error());
  Diagnostics diagnostics;
  Manifest manifest = ManifestReader(*document, guard, diagnostics).read();
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return manifest;
}

}  // namespace caveat
