// What a plugin is bound to and tried on: facts, rules of its kinds, profiles. Made up from its manifest by a seed, or
// a real pack's.
#pragma once

#include "check/random.hpp"
#include "evaluation/snapshot.hpp"
#include "facts/facts.hpp"
#include "plugin_host/plugin_host.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace caveat::cli {

struct World {
  std::string name;      ///< for messages: `made-up rules 3`, `the pack microneedling`
  bool guessed = false;  ///< nothing says what a fact that it reads is: a plugin may well refuse to be bound
  Vocabulary vocabulary;
  std::vector<const Rule*> rules;

  std::deque<Rule> made_up;
  std::shared_ptr<const Snapshot> packs;  ///< what real rules lie in
};

/// How rules are made up.
struct WorldShape {
  enum class Optional { kNone, kAll, kSome } optional = Optional::kSome;  ///< which fields are given that need not be
  std::size_t rules = 3;                                                  ///< of each kind
  std::size_t elements = 3;  ///< of a list, at most; exactly as many when `full`
  bool full = false;
  bool wide_characters = false;  ///< texts and strings of one to four bytes a character
};

/// `known` says what facts are that the manifest does not say; may be null.
std::unique_ptr<World> make_up_world(const PluginInfo& plugin, const WorldShape& shape, const Vocabulary* known,
                                     Random& random, std::string name);

/// How profiles are made up.
struct ProfileShape {
  std::uint64_t unknown_percent = 30;
  bool extreme = false;  ///< the ends of what a value can be, and 0
};

Facts make_up_profile(const World& world, const ProfileShape& shape, Random& random);
/// A value that the fact's declaration allows.
FactValue make_up_value(const FactDeclaration& fact, bool extreme, Random& random);

/// Where each rule stands for each profile: statuses[rule * profiles + profile].
std::vector<RuleStatus> make_up_outcomes(std::size_t rules, std::size_t profiles, Random& random);

}  // namespace caveat::cli
