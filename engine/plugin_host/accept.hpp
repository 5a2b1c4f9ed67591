// What a plugin says during one call, copied and checked. Everything that reaches the sink is suspect: an index that
// does not exist, words that must not be said, an explanation that contradicts itself. The first fault of a profile is
// its failure, in words that hold no fact's value; whatever else the plugin says of that profile is then dropped.
// INVARIANT: a row either has a failure and nothing else, or only what passed every check here.
#pragma once

#include "plugin_host/briefing.hpp"
#include "plugin_abi/quotas.hpp"

#include <variant>

namespace caveat {

class Acceptor {
 public:
  /// All outlive the acceptor. `outcomes` is null unless the call is kAdvise.
  Acceptor(const Briefing& bound, Call call, std::span<const Facts* const> profiles, const OutcomeBatch* outcomes,
           std::string_view language);

  // The sink. None of them throws anything but std::bad_alloc.
  caveat_status advise(std::uint32_t row, const caveat_advice* advice);
  caveat_node_id node(std::uint32_t row, const caveat_node* node);
  caveat_status report(std::uint32_t row, const caveat_report* report);
  caveat_status derive(std::uint32_t row, std::uint32_t fact, const caveat_value* value);
  caveat_status fail_profile(std::uint32_t row, caveat_text_id reason);

  /// The whole batch has failed: a row that does not exist was named, memory ran out.
  void fail_batch(std::string reason);
  [[nodiscard]] const std::string& batch_failure() const { return batch_failure_; }

  /// Ends the call: checks that did not report are failed. Then the results, one a row, are taken.
  std::vector<PluginReply> take_replies();
  std::vector<Derivation> take_derivations();

 private:
  struct NodeState {
    CheckNode node;  ///< children are handles - 1 into the row's nodes
    std::uint32_t depth = 1;
    bool has_parent = false;
  };
  /// What is wrong with something, before the row is known to have failed by it.
  struct Problem {
    Fault fault = Fault::kNone;
    std::string reason;
  };
  /// What words are for: the guard judges by it, and only an advice may show a fact.
  struct Use {
    std::string_view role, field;
    bool has_subject = false;
  };

  bool open(std::uint32_t row, Call call);
  caveat_status refuse(std::uint32_t row, Fault fault, std::string reason);
  caveat_status refuse(std::uint32_t row, Problem problem);
  bool say_first(std::uint32_t row, std::size_t thing);
  std::optional<DraftText> words(std::uint32_t row, const caveat_words& words, const Use& use);
  std::optional<DraftText> own_words(std::uint32_t row, caveat_str text, const Use& use);
  bool details(std::uint32_t row, const caveat_advice& advice, const Use& use, Draft& draft);
  std::optional<Problem> severity(const Rule& rule, caveat_severity severity, Draft& draft) const;
  std::optional<Problem> leaf(std::uint32_t row, const caveat_node& raw, CheckNode& out) const;
  std::optional<Problem> inner(std::uint32_t row, const caveat_node& raw, NodeState& out);
  std::optional<Problem> check_tree(std::uint32_t row, std::uint32_t root, std::size_t check) const;
  std::uint32_t copy_tree(std::uint32_t row, std::uint32_t node, CheckReport& report) const;
  bool any_shown(std::uint32_t row, std::span<const FactId> facts) const;
  std::string_view check_role() const;

  const Briefing& bound_;
  Call call_;
  std::span<const Facts* const> profiles_;
  const OutcomeBatch* outcomes_;
  std::string_view language_;
  std::size_t things_;                         ///< rules, checks or derived facts: what can be said once a row
  std::vector<PluginReply> replies_;           ///< by row; in a derive() its failures only
  std::vector<Derivation> derivations_;        ///< by row, in a derive()
  std::vector<std::vector<NodeState>> nodes_;  ///< by row, in a check()
  std::vector<std::uint8_t> said_;             ///< rows × things
  std::vector<std::size_t> own_bytes_;         ///< by row, once own words are said
  std::string batch_failure_;
};

/// A derived fact's value from the ABI's, or what is wrong with it (Fault::kValue).
std::variant<FactValue, std::string> read_value(const FactDeclaration& fact, const caveat_value& value);

}  // namespace caveat
