// A plugin bound to one world, and everything that it says of some profiles, as the host's own acceptor took it.
#pragma once

#include "check/batch.hpp"
#include "check/world.hpp"
#include "plugin_host/accept.hpp"
#include "plugin_host/calls.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace caveat::cli {

/// What was said of one profile. When the plugin failed in one of the calls, nothing of that call.
struct Told {
  std::string failure;
  Fault fault = Fault::kNone;
  std::vector<std::optional<FactValue>> derived;
  std::vector<Draft> drafts;
  std::vector<CheckReport> checks;
};

/// How the plugin is called.
struct Manner {
  bool longer = false;         ///< as a host of a later minor
  Random* overshow = nullptr;  ///< undeclared facts have values
  bool counted = false;        ///< Allocations counts, and may let one fail
  CallLimits limits;
  std::string language = "en";
};

/// What bind() tells, in arrays that can be changed before the plugin sees them.
struct Telling {
  caveat_binding raw;
  std::vector<caveat_rule> rules;
  std::vector<std::vector<caveat_field>> fields;  ///< by rule
};

class Bound {
 public:
  /// An error says in the plugin's own words why it cannot be bound. `change` spoils what it is told.
  static Result<Bound> bind(const caveat_plugin& table, const PluginInfo& plugin, const World& world,
                            const Guard& guard, const Manner& manner = {},
                            const std::function<void(Telling&)>& change = {});

  ~Bound();
  Bound(Bound&& other) noexcept;
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  Bound& operator=(Bound&&) = delete;

  /// Derives, then advises, then checks: one result a profile. `statuses`: where each rule stands, rule * profiles +
  /// profile.
  std::vector<Told> tell(std::span<const Facts> profiles, std::span<const RuleStatus> statuses,
                         const Manner& manner = {}) const;

  /// What was said, as words that are equal when it was the same.
  [[nodiscard]] std::string words(const Told& told) const;

  [[nodiscard]] const World& world() const { return *world_; }
  [[nodiscard]] const Briefing& briefing() const { return *briefing_; }
  [[nodiscard]] caveat_instance* instance() const { return instance_; }

 private:
  Bound(const caveat_plugin& table, const PluginInfo& plugin, const World& world)
      : table_(&table), plugin_(&plugin), world_(&world) {}
  std::string call(Call call, std::span<const Facts* const> profiles, Acceptor& acceptor, const OutcomeBatch* outcomes,
                   const Manner& manner) const;

  const caveat_plugin* table_;
  const PluginInfo* plugin_;
  const World* world_;
  std::unique_ptr<Briefing> briefing_;
  // What bind() told, where it was not the briefing's own: valid until unbind().
  std::unique_ptr<Telling> telling_;
  std::unique_ptr<LongerCopies> copies_;
  caveat_instance* instance_ = nullptr;
};

}  // namespace caveat::cli
