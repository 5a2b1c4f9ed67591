// A bench for the plugin host's tests: a vocabulary, rules made by hand, and profiles as facts. No pack is read here.
#pragma once

#include "base/digest.hpp"
#include "plugin_host/plugin_host.hpp"

#include "support/catch.hpp"

#include <deque>

namespace caveat::test {

namespace fs = std::filesystem;

inline const Guard& guard() {
  static const Guard loaded = [] {
    auto result = Guard::load(CAVEAT_SOURCE_DIR "/rules/wording");
    if (!result) throw std::runtime_error(to_string(result.error().diagnostics.front()));
    return std::move(*result);
  }();
  return loaded;
}

inline fs::path test_plugin(const std::string& name) { return fs::path(CAVEAT_TEST_PLUGINS) / name; }

inline std::string all_messages(const Error& error) {
  std::string out;
  for (const Diagnostic& diagnostic : error.diagnostics) out += to_string(diagnostic) + "\n";
  return out;
}

/// A judge to whom all plugins are alike.
inline Judge everywhere(Placement placement) {
  return [placement](const fs::path&, std::string_view bytes, const Manifest&) {
    Standing standing;
    standing.placement = placement;
    standing.digest = sha256(bytes);
    return Result<Standing>(standing);
  };
}

inline PluginHost load(const std::vector<fs::path>& folders, Placement placement = Placement::kInProcess,
                       const IsolationOptions& isolation = {}) {
  auto host = PluginHost::load(folders, guard(), everywhere(placement), isolation);
  if (!host) FAIL(all_messages(host.error()));
  return std::move(*host);
}

inline Text text(std::string words) { return Text{{{"en", std::move(words)}}}; }

/// Facts of two neighbouring fields, and one of each type.
class Bench {
 public:
  explicit Bench(PluginHost loaded) : host(std::move(loaded)) {
    declare("pregnant", FactType::kBoolean);
    declare("weight", FactType::kQuantity).unit = "kg";
    declare("height", FactType::kQuantity).unit = "cm";
    declare("age", FactType::kInteger);
    FactDeclaration& skin = declare("skin_type", FactType::kChoice);
    skin.values = {"I", "II", "III"};
    for (const PluginInfo& plugin : host.plugins()) {
      for (const FactDeclaration& fact : plugin.manifest.derives) declarations_.push_back(fact);
    }
    Diagnostics diagnostics;
    for (const FactDeclaration& fact : declarations_) vocabulary.declare(fact, diagnostics);
    REQUIRE_FALSE(diagnostics.has_errors());
  }

  /// A rule of a kind, with its fields absent.
  Rule& rule(std::string_view kind, std::string id) {
    Rule& rule = rules_.emplace_back();
    rule.kind = host.kind(kind);
    REQUIRE(rule.kind != nullptr);
    rule.id = id;
    rule.full_id = "pack/" + id;
    rule.severity = rule.kind->severity;
    rule.title = text("Title of " + id);
    rule.says = text("What " + id + " says.");
    rule.fields.resize(rule.kind->fields.size());
    return rule;
  }

  static void give(Rule& rule, std::string_view field, std::vector<FieldScalar> elements) {
    for (std::size_t i = 0; i < rule.kind->fields.size(); ++i) {
      if (rule.kind->fields[i].name == field) rule.fields[i] = FieldValue{true, std::move(elements)};
    }
  }

  [[nodiscard]] FactId id(std::string_view name) const {
    const auto found = vocabulary.find(name);
    REQUIRE(found.has_value());
    return *found;
  }

  Facts& profile() { return profiles_.emplace_back(vocabulary.size()); }
  void set(Facts& facts, std::string_view name, FactValue value) const {
    facts[id(name)].known = true;
    facts[id(name)].value = std::move(value);
  }

  [[nodiscard]] std::vector<const Facts*> profiles() const {
    std::vector<const Facts*> out;
    for (const Facts& facts : profiles_) out.push_back(&facts);
    return out;
  }
  [[nodiscard]] std::vector<const Rule*> rules() const {
    std::vector<const Rule*> out;
    for (const Rule& rule : rules_) out.push_back(&rule);
    return out;
  }

  Binding bind(std::size_t plugin = 0) const {
    auto bound = host.bind(plugin, rules(), vocabulary, &guard());
    if (!bound) FAIL(all_messages(bound.error()));
    return std::move(*bound);
  }

  PluginHost host;
  Vocabulary vocabulary;

 private:
  FactDeclaration& declare(std::string name, FactType type) {
    FactDeclaration& fact = declarations_.emplace_back();
    fact.name = std::move(name);
    fact.type = type;
    fact.label = text(fact.name);
    return fact;
  }

  std::deque<FactDeclaration> declarations_;
  std::deque<Rule> rules_;
  std::deque<Facts> profiles_;
};

}  // namespace caveat::test
