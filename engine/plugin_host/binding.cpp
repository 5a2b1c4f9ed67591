// Calls a bound plugin with a batch. When a batch fails as a whole (a status, an exception, a profile that does not
// exist), each of its profiles is tried alone, so that only the one at fault pays, and a profile's result never depends
// on its neighbours in a batch.
#include "plugin_host/binding.hpp"

#include "plugin_host/calls.hpp"
#include "plugin_host/columns.hpp"

#include <cassert>

namespace caveat {

namespace {

std::unique_lock<std::mutex> turn(const LoadedPlugin& plugin) {
  return plugin.serial ? std::unique_lock(plugin.one_at_a_time) : std::unique_lock<std::mutex>();
}

/// One call for some profiles, with everything that it needs.
struct Job {
  const LoadedPlugin& plugin;
  const Briefing& bound;
  caveat_instance* instance;
  Call call;
  std::string_view language;
  const CallLimits& limits;

  /// Calls once. True when the batch as a whole came through.
  bool run(std::span<const Facts* const> profiles, const OutcomeBatch* outcomes, Acceptor& acceptor) const {
    const Columns columns(bound, call, profiles, outcomes, language);
    const auto lock = turn(plugin);
    std::string failure = call_batch(plugin.table, instance, call, columns.raw(), acceptor, limits);
    if (failure.empty()) return true;
    acceptor.fail_batch(std::move(failure));
    return false;
  }

  /// Calls for all, and again one by one when that fails. `take` gets the acceptor of each call and its first row.
  template <class Take>
  void run_all(std::span<const Facts* const> profiles, const OutcomeBatch* outcomes, Take take) const {
    Acceptor all(bound, call, profiles, outcomes, language);
    if (run(profiles, outcomes, all) || profiles.size() == 1) return take(all, std::size_t{0});
    std::vector<RuleStatus> statuses(bound.rules().size());
    for (std::size_t row = 0; row < profiles.size(); ++row) {
      OutcomeBatch single{1, statuses};
      for (std::size_t rule = 0; outcomes != nullptr && rule < statuses.size(); ++rule) {
        statuses[rule] = outcomes->statuses[rule * outcomes->profiles + row];
      }
      const OutcomeBatch* shown = outcomes == nullptr ? nullptr : &single;
      Acceptor one(bound, call, profiles.subspan(row, 1), shown, language);
      run(profiles.subspan(row, 1), shown, one);
      take(one, row);
    }
  }
};

void merge(PluginReply&& from, PluginReply& into) {
  if (!into.failure.empty()) return;
  if (!from.failure.empty()) {
    into = PluginReply{std::move(from.failure), {}, {}};
    return;
  }
  std::move(from.drafts.begin(), from.drafts.end(), std::back_inserter(into.drafts));
  std::move(from.checks.begin(), from.checks.end(), std::back_inserter(into.checks));
}

}  // namespace

Binding::Impl::~Impl() {
  const auto lock = turn(plugin);
  call_unbind(plugin.table, instance);
}

Binding::Binding(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Binding::Binding(Binding&&) noexcept = default;
Binding& Binding::operator=(Binding&&) noexcept = default;
Binding::~Binding() = default;

std::span<const Rule* const> Binding::rules() const { return impl_->bound->rules(); }

std::vector<PluginReply> Binding::advise(std::span<const Facts* const> profiles, const OutcomeBatch& outcomes,
                                         std::string_view language, const CallLimits& limits) const {
  assert(outcomes.profiles == profiles.size());
  const Briefing& bound = *impl_->bound;
  std::vector<PluginReply> replies;
  const auto take = [&](Acceptor& acceptor, std::size_t first) {
    std::vector<PluginReply> said = acceptor.take_replies();
    if (replies.empty() && said.size() == profiles.size()) {
      replies = std::move(said);
      return;
    }
    replies.resize(profiles.size());
    for (PluginReply& reply : said) merge(std::move(reply), replies[first++]);
  };
  if (profiles.empty()) return replies;
  if (!bound.rules().empty()) {
    Job{impl_->plugin, bound, impl_->instance, Call::kAdvise, language, limits}.run_all(profiles, &outcomes, take);
  }
  if (!bound.manifest().checks.empty()) {
    Job{impl_->plugin, bound, impl_->instance, Call::kCheck, language, limits}.run_all(profiles, nullptr, take);
  }
  replies.resize(profiles.size());
  return replies;
}

std::vector<Derivation> Binding::derive(std::span<const Facts* const> profiles, const CallLimits& limits) const {
  std::vector<Derivation> derivations(profiles.size());
  const Briefing& bound = *impl_->bound;
  if (profiles.empty() || bound.manifest().derives.empty()) return derivations;
  const auto take = [&](Acceptor& acceptor, std::size_t first) {
    for (Derivation& one : acceptor.take_derivations()) derivations[first++] = std::move(one);
  };
  Job{impl_->plugin, bound, impl_->instance, Call::kDerive, {}, limits}.run_all(profiles, nullptr, take);
  return derivations;
}

}  // namespace caveat
