// What a plugin was told at bind(), and what each of its handles means to the host. Internal to plugin_host.
#pragma once

#include "plugin_abi/calls.hpp"
#include "plugin_host/plugin_host.hpp"

namespace caveat {

/// A fact that has a handle: index + 1.
struct BoundFact {
  FactId id = 0;
  const FactDeclaration* declaration = nullptr;
  std::array<bool, 3> seen{};  ///< by Call; none: named by a rule's field, and never seen
  [[nodiscard]] bool seen_in(Call call) const { return seen[static_cast<std::size_t>(call)]; }
};

/// A text that has a handle: index + 1.
struct BoundText {
  const Text* text = nullptr;
  bool has_placeholders = false;
};

class Briefing {
 public:
  /// Reports (kLoad) facts that the manifest reads and nothing declares, and those that it expects to be something
  /// else. `rules` are all of the plugin's own kinds.
  static Result<std::unique_ptr<Briefing>> make(const PluginInfo& plugin, std::vector<const Rule*> rules,
                                                const Vocabulary& vocabulary, const Guard* guard);

  [[nodiscard]] const caveat_binding& raw() const { return raw_; }
  [[nodiscard]] const Manifest& manifest() const { return plugin_.manifest; }
  /// Judges the plugin's own words; without one they are all refused.
  [[nodiscard]] const Guard* guard() const { return guard_; }
  [[nodiscard]] std::span<const Rule* const> rules() const { return rules_; }
  [[nodiscard]] std::span<const BoundFact> facts() const { return facts_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }  ///< the first facts, in this order
  /// By handle; null for 0 and for handles that do not exist.
  [[nodiscard]] const BoundText* text(caveat_text_id handle) const;
  [[nodiscard]] const BoundFact* fact(caveat_fact_id handle) const;
  /// The facts that a derived fact, a check is computed from.
  [[nodiscard]] std::span<const FactId> derived_reads(std::size_t derived) const { return derived_reads_[derived]; }
  [[nodiscard]] std::span<const FactId> check_reads(std::size_t check) const { return check_reads_[check]; }

  Briefing(const Briefing&) = delete;  // the raw structs point into this object
  Briefing& operator=(const Briefing&) = delete;

 private:
  Briefing(const PluginInfo& plugin, std::vector<const Rule*> rules, const Guard* guard);
  FactId read(const std::string& name, Call call, const Vocabulary& vocabulary, Diagnostics& diagnostics);
  void read_all(const Vocabulary& vocabulary, Diagnostics& diagnostics);
  void compare_expectations(const Vocabulary& vocabulary, Diagnostics& diagnostics) const;
  void name_everything();
  void tell_rules(const Vocabulary& vocabulary);
  void tell_rule(const Rule& rule, const Vocabulary& vocabulary);
  caveat_field tell_field(const FieldSchema& schema, const FieldValue& value, const Vocabulary& vocabulary);
  caveat_value tell_value(const FieldSchema& schema, const FieldScalar& scalar, const Vocabulary& vocabulary);
  caveat_text_id add_text(const Text& text);
  caveat_fact_id add_fact(FactId id, const Vocabulary& vocabulary);
  void tell_facts();

  const PluginInfo& plugin_;
  const Guard* guard_;
  std::vector<const Rule*> rules_;
  std::vector<BoundFact> facts_;
  std::size_t columns_ = 0;
  std::vector<BoundText> texts_;
  std::vector<std::vector<FactId>> derived_reads_, check_reads_;

  // What raw_ points to. Inner vectors are never touched again once they are pointed to.
  caveat_binding raw_{};
  std::vector<caveat_rule> raw_rules_;
  std::vector<std::vector<caveat_field>> raw_fields_;
  std::vector<std::vector<caveat_value>> raw_values_;
  std::vector<caveat_fact> raw_facts_;
  std::vector<std::vector<caveat_str>> raw_choices_;
  std::vector<caveat_str> kind_names_, derived_names_, check_names_, text_names_;
};

caveat_str borrow(std::string_view text);
caveat_decimal to_abi(Decimal decimal);

/// Whether a plugin is shown a value: known, and a date known to its day.
bool is_shown(const FactState& state);

}  // namespace caveat
