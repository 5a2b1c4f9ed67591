// The second half of loading a pack: defines, rules, and what only the whole can tell.
#include "base/version.hpp"
#include "rules/pack.hpp"
#include "rules/rule_reader.hpp"
#include "rules/texts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace caveat {

namespace {

constexpr std::array<std::string_view, 7> kReservedTables = {"pack",   "source", "fact",   "value_set",
                                                             "define", "case",   "service"};

/// Enough for any condition a person can read; beyond it, reachability is not asked.
constexpr std::size_t kReachabilityAtomsMax = 14;

class PackCompiler {
 public:
  PackCompiler(PackDraft& draft, const PackSurroundings& surroundings, Diagnostics& diagnostics)
      : draft_(draft),
        pack_(draft.pack),
        surroundings_(surroundings),
        diagnostics_(diagnostics),
        builder_(surroundings.vocabulary, diagnostics) {}

  void compile() {
    check_requirements();
    check_header_wording();
    check_fact_wording();
    read_defines();
    for (const TomlDocument& document : draft_.documents) read_rules(document);
    for (const TomlDocument& document : draft_.documents) read_services(document);
    // TOML gathers tables of one name; the order that counts is the one on the page.
    std::stable_sort(pack_.rules.begin(), pack_.rules.end(), [](const Rule& a, const Rule& b) {
      return std::tie(a.place.file, a.place.line, a.place.column) <
             std::tie(b.place.file, b.place.line, b.place.column);
    });
    pack_.program = builder_.finish();
    if (!diagnostics_.has_errors()) {
      check_visibility();
      check_reachability();
    }
    settle_validity();
  }

 private:
  void check_requirements() {
    for (const std::string& requirement : pack_.required_plugins) check_required_plugin(requirement);
    for (std::string& requirement : pack_.required_plugins) requirement = requirement.substr(0, requirement.find(' '));
  }

  // `id`, or `id >= 1.2`.
  void check_required_plugin(const std::string& requirement) {
    const std::size_t space = requirement.find(' ');
    const std::string id = requirement.substr(0, space);
    const auto& plugins = surroundings_.plugins;
    const auto found = std::find(plugins.begin(), plugins.end(), id);
    if (found == plugins.end()) {
      diagnostics_.error("missing-plugin", pack_.place, "needs the plugin `" + id + "`, which is not loaded",
                         "install it, or name its folder with --plugins DIR or CAVEAT_PLUGINS");
      return;
    }
    if (space == std::string::npos) return;
    const auto wanted = parse_version_requirement(requirement.substr(space));
    const std::string& have = surroundings_.plugin_versions[static_cast<std::size_t>(found - plugins.begin())];
    if (!wanted) {
      diagnostics_.error("bad-version", pack_.place, "`" + requirement + "` is not a plugin requirement",
                         "for example \"org.example.doses >= 1.2\"");
    } else if (const auto version = parse_version(have); !version || !wanted->admits(*version)) {
      diagnostics_.error("plugin-version", pack_.place, "needs `" + requirement + "`; version " + have + " is loaded");
    }
  }

  // Facts were read before the guard was at hand; their texts are vetted here.
  void check_fact_wording() {
    for (const TomlDocument& document : draft_.documents) {
      const TomlValue* facts = document.root().find("fact");
      if (facts == nullptr) continue;
      for (const TomlEntry& fact : facts->entries()) {
        vet(document, fact.value.find("label"), "label");
        vet(document, fact.value.find("ask"), "ask");
        if (const TomlValue* names = fact.value.find("names")) {
          for (const TomlEntry& name : names->entries()) vet(document, &name.value, "label");
        }
      }
    }
  }

  void vet(const TomlDocument& document, const TomlValue* text, std::string_view field) {
    if (text == nullptr) return;
    Diagnostics misreadings;  // already reported when the fact was read
    static_cast<void>(read_vetted_text(
        *text, {pack_.first_language, "informs", field, surroundings_.guard, proven(document)}, misreadings));
    for (const Diagnostic& diagnostic : misreadings.all()) {
      if (diagnostic.code == "wording-refused" || diagnostic.code == "no-lexicon") diagnostics_.add(diagnostic);
    }
  }

  void check_header_wording() {
    for (const TomlDocument& document : draft_.documents) {
      const TomlValue* header = document.root().find("pack");
      if (header == nullptr) continue;
      vet(document, header->find("title"), "title");
      vet(document, header->find("deferral"), "deferral");
    }
  }

  bool proven(const TomlDocument& document) {
    const auto [known, added] = proven_.try_emplace(&document, false);
    if (added) known->second = surroundings_.guard.proven(document.text());
    return known->second;
  }

  void read_defines() {
    for (const TomlDocument& document : draft_.documents) define_all(document, true);
    for (const PackDraft* used : surroundings_.used) {
      for (const TomlDocument& document : used->documents) define_all(document, false);
    }
  }

  void define_all(const TomlDocument& document, bool own) {
    const TomlValue* table = document.root().find("define");
    if (table == nullptr) return;
    for (const TomlEntry& entry : table->entries()) {
      const std::string name(entry.key);
      if (!entry.value.string()) {
        if (own) diagnostics_.error("wrong-type", entry.value.place(), "the define `" + name + "` must be a string");
        continue;
      }
      if (!defined_.insert(name).second) {
        if (own) diagnostics_.error("duplicate-id", entry.key_place, "a second define named `" + name + "`");
        continue;  // a pack's own define hides that of a pack it uses
      }
      builder_.define(name, expression_source(entry.value), entry.key_place, own);
    }
  }

  void read_rules(const TomlDocument& document) {
    for (const TomlEntry& entry : document.root().entries()) {
      if (std::find(kReservedTables.begin(), kReservedTables.end(), entry.key) == kReservedTables.end()) {
        read_kind(entry, proven(document));
      } else {
        check_reserved(entry, document);
      }
    }
  }

  void check_reserved(const TomlEntry& entry, const TomlDocument& document) {
    const bool list = entry.key == "source" || entry.key == "case" || entry.key == "service";
    if (entry.key == "case") {
      diagnostics_.error("misplaced-case", entry.key_place, "cases belong into the folder `cases`");
    } else if (entry.key == "pack" && std::filesystem::path(document.file()).filename() != "pack.toml") {
      diagnostics_.error("misplaced-pack", entry.key_place, "`[pack]` belongs into pack.toml alone");
    } else if (entry.value.type() != (list ? TomlType::kArray : TomlType::kTable)) {
      diagnostics_.error("wrong-type", entry.key_place, "`" + std::string(entry.key) + "` is not a table",
                         list ? "write [[" + std::string(entry.key) + "]]" : "write [" + std::string(entry.key) + "]");
    }
  }

  void read_services(const TomlDocument& document) {
    const TomlValue* services = document.root().find("service");
    if (services == nullptr) return;
    const TextContext context{pack_.first_language, "informs", {}, surroundings_.guard, proven(document)};
    for (const TomlValue& element : services->elements()) {
      pack_.services.push_back(read_service(element, context, diagnostics_));
    }
  }

  void read_kind(const TomlEntry& entry, bool is_proven) {
    const KindSchema* kind = find_kind(entry.key);
    if (kind == nullptr) return report_unknown_kind(entry);
    if (!entry.value.is(TomlType::kArray)) {
      diagnostics_.error("wrong-type", entry.key_place, "`" + kind->name + "` is not a list of tables",
                         "write [[" + kind->name + "]]");
      return;
    }
    for (const TomlValue& element : entry.value.elements()) {
      if (!element.is(TomlType::kTable)) {
        diagnostics_.error("wrong-type", element.place(), "a " + kind->name + " must be a table");
        continue;
      }
      add(read_rule(element, *kind, {pack_, surroundings_, builder_, diagnostics_, is_proven}));
    }
  }

  void report_unknown_kind(const TomlEntry& entry) {
    std::vector<std::string> names;
    for (const KindSchema* kind : surroundings_.kinds) names.push_back(kind->name);
    std::string help = did_you_mean(entry.key, names);
    if (help.empty()) help = "a plugin must declare it; `caveat plugin list` shows the kinds of those that are loaded";
    diagnostics_.error("unknown-kind", entry.key_place, "no plugin owns the rule kind `" + std::string(entry.key) + "`",
                       help);
  }

  const KindSchema* find_kind(std::string_view name) const {
    for (const KindSchema* kind : surroundings_.kinds) {
      if (kind->name == name) return kind;
    }
    return nullptr;
  }

  void add(Rule rule) {
    const auto same = [&](const Rule& other) { return other.id == rule.id; };
    const auto first = std::find_if(pack_.rules.begin(), pack_.rules.end(), same);
    if (!rule.id.empty() && first != pack_.rules.end()) {
      diagnostics_.error("duplicate-id", rule.place, "a second rule with the id `" + rule.id + "`",
                         "the first is at " + to_string(first->place));
      return;
    }
    pack_.rules.push_back(std::move(rule));
  }

  // Facts are global in an engine, but a pack may lean only on what it says it leans on.
  void check_visibility() {
    std::set<FactId> visible(pack_.facts.begin(), pack_.facts.end());
    for (const PackDraft* used : surroundings_.used) visible.insert(used->pack.facts.begin(), used->pack.facts.end());
    for (const Rule& rule : pack_.rules) {
      if (rule.condition) {
        for (const FactId fact : pack_.program->reads(*rule.condition)) check_visible(fact, rule, visible);
      }
      for (const FieldValue& field : rule.fields) {
        for (const FieldScalar& element : field.elements) {
          if (const FactId* fact = std::get_if<FactId>(&element)) check_visible(*fact, rule, visible);
        }
      }
    }
  }

  void check_visible(FactId id, const Rule& rule, const std::set<FactId>& visible) {
    const FactDeclaration& fact = surroundings_.vocabulary[id];
    if (visible.contains(id)) return;
    const auto& plugins = pack_.required_plugins;
    if (fact.derived && std::find(plugins.begin(), plugins.end(), fact.plugin) != plugins.end()) {
      for (const std::string& name : fact.reads) {  // what it is computed from counts as read
        if (const auto input = surroundings_.vocabulary.find(name)) check_visible(*input, rule, visible);
      }
      return;
    }
    diagnostics_.error("foreign-fact", rule.place,
                       "`" + rule.id + "` reads the fact `" + fact.name + "`, which the pack does not declare",
                       fact.derived ? "add \"" + fact.plugin + "\" to `requires.plugins`"
                                    : "declare it, or add the pack that does to `uses`");
  }

  void check_reachability() {
    for (const Rule& rule : pack_.rules) {
      if (rule.condition && never_met(*rule.condition)) {
        diagnostics_.warning("unreachable-rule", rule.place, "`" + rule.id + "` can never be met",
                             "its condition contradicts itself");
      }
    }
  }

  // Tries every assignment of the condition's atoms, taken as independent: only plain contradictions are found.
  bool never_met(ConditionId condition) const {
    const Program& program = *pack_.program;
    const std::span<const AtomId> atoms = program.atoms_of(condition);
    if (atoms.size() < 2 || atoms.size() > kReachabilityAtomsMax) return false;
    std::vector<AtomValue> values(program.atoms().size());
    for (std::uint32_t assignment = 0; assignment < (1U << atoms.size()); ++assignment) {
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        values[atoms[i]] = {AtomValue::Kind::kTruth, tri(((assignment >> i) & 1U) != 0)};
      }
      if (program.truth(program.root(condition), values) == Tri::kTrue) return false;
    }
    return true;
  }

  // A validity applies per pack: the pack's own declaration, else that of the nearest pack it uses.
  void settle_validity() {
    // A fact that only a plugin reads is as good as whoever declares it says.
    for (const FactDeclaration& fact : surroundings_.vocabulary.all()) pack_.valid_for.push_back(fact.valid_for);
    for (auto used = surroundings_.used.rbegin(); used != surroundings_.used.rend(); ++used) apply_validity(**used);
    apply_validity(draft_);
  }

  void apply_validity(const PackDraft& draft) {
    for (const auto& [fact, valid_for] : draft.validities) pack_.valid_for[fact] = valid_for;
  }

  PackDraft& draft_;
  Pack& pack_;
  const PackSurroundings& surroundings_;
  Diagnostics& diagnostics_;
  ProgramBuilder builder_;
  std::set<std::string> defined_;
  std::map<const TomlDocument*, bool> proven_;  // looked up, never gone through
};

}  // namespace

namespace {

// A fact whose declaration has a mistake is no unknown name to those who use it: the mistake has been told already.
bool follows_from(const Diagnostic& diagnostic, const std::vector<std::string>& refused_facts) {
  if (diagnostic.code != "unknown-name" && diagnostic.code != "unknown-fact") return false;
  return std::any_of(refused_facts.begin(), refused_facts.end(), [&](const std::string& name) {
    return diagnostic.message.find("`" + name + "`") != std::string::npos;
  });
}

}  // namespace

void compile_pack(PackDraft& draft, const PackSurroundings& surroundings, Diagnostics& diagnostics) {
  Diagnostics found;
  PackCompiler(draft, surroundings, found).compile();
  for (Diagnostic& diagnostic : found.take()) {
    if (!follows_from(diagnostic, draft.refused_facts)) diagnostics.add(std::move(diagnostic));
  }
}

}  // namespace caveat
