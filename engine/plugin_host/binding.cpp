// Calls a bound plugin with a batch. When a batch fails as a whole (a status, an exception, a crash, a profile that
// does not exist), it is halved until the profile at fault is alone, so that only that one pays, and a profile's result
// never depends on its neighbours in a batch.
#include "plugin_host/binding.hpp"

#include "plugin_host/columns.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <optional>

namespace caveat {

namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t monotonic_ns(Clock::time_point at) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(at.time_since_epoch()).count());
}

/// One batch, with everything that it needs.
class Job {
 public:
  Job(const Binding::Impl& binding, Call call, std::string_view language, const CallLimits& limits)
      : runner_(*binding.runner),
        bound_(*binding.bound),
        call_(call),
        language_(language),
        cancel_(limits.cancel),
        deadline_(std::chrono::nanoseconds(limits.deadline_ns)),
        allowed_(limits.deadline_ns == 0 ? std::optional(binding.allowed) : std::nullopt) {}

  /// `take` gets the acceptor of each call that counts, and its first profile's place.
  template <class Take>
  void run(std::span<const Facts* const> profiles, const OutcomeBatch* outcomes, Take take) {
    const std::size_t most = runner_.rows_max();
    for (std::size_t first = 0; first < profiles.size(); first += most) {
      if (allowed_) deadline_ = Clock::now() + *allowed_;
      solve(profiles, outcomes, first, std::min(most, profiles.size() - first), false, take);
    }
  }

 private:
  template <class Take>
  void solve(std::span<const Facts* const> profiles, const OutcomeBatch* outcomes, std::size_t first, std::size_t count,
             bool repeated, Take take) const {
    std::vector<RuleStatus> statuses;
    const OutcomeBatch part = outcomes == nullptr ? OutcomeBatch{} : slice(*outcomes, first, count, statuses);
    const OutcomeBatch* shown = outcomes == nullptr ? nullptr : &part;
    const auto rows = profiles.subspan(first, count);
    Acceptor acceptor(bound_, call_, rows, shown, language_);
    if (attempt(rows, shown, repeated, acceptor) || count == 1) return take(acceptor, first);
    solve(profiles, outcomes, first, count / 2, true, take);
    solve(profiles, outcomes, first + count / 2, count - count / 2, true, take);
  }

  /// The outcomes of some of the profiles: the batch's own when they are all of it.
  static OutcomeBatch slice(const OutcomeBatch& all, std::size_t first, std::size_t count,
                            std::vector<RuleStatus>& statuses) {
    if (count == all.profiles) return all;
    for (std::size_t row = first; row < all.statuses.size(); row += all.profiles) {
      const auto begin = all.statuses.begin() + static_cast<std::ptrdiff_t>(row);
      statuses.insert(statuses.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    return {count, statuses};
  }

  /// Calls once. True when there is nothing to be gained from smaller batches.
  bool attempt(std::span<const Facts* const> rows, const OutcomeBatch* outcomes, bool repeated,
               Acceptor& acceptor) const {
    const auto now = Clock::now();
    if (runner_.enforces_deadline() && now >= deadline_) {
      acceptor.fail_batch("there was no time left for it in the batch");
      return true;
    }
    const Columns columns(bound_, call_, rows, outcomes, language_);
    const CallLimits limits{cancel_, monotonic_ns(share(now, rows.size(), repeated)), repeated};
    std::string failure = runner_.call(call_, columns.raw(), acceptor, limits);
    if (failure.empty()) failure = acceptor.batch_failure();
    if (failure.empty()) return true;
    acceptor.fail_batch(std::move(failure));
    return false;
  }

  /// A call that may have to be repeated leaves half of the time for that; a repeated one leaves what the further
  /// halvings will need, and what those need that come after it.
  Clock::time_point share(Clock::time_point now, std::size_t count, bool repeated) const {
    if (!runner_.enforces_deadline() || (count == 1 && !repeated)) return deadline_;
    const auto parts = static_cast<int>(repeated ? std::bit_width(count) + 1 : 2);
    return now + (deadline_ - now) / parts;
  }

  Runner& runner_;
  const Briefing& bound_;
  Call call_;
  std::string_view language_;
  const volatile std::uint32_t* cancel_;
  Clock::time_point deadline_;
  std::optional<std::chrono::milliseconds> allowed_;  ///< for each batch of rows_max(); nothing: `deadline_` is for all
};

void merge(PluginReply&& from, PluginReply& into) {
  if (!into.failure.empty()) return;
  if (!from.failure.empty()) {
    into = PluginReply{std::move(from.failure), from.fault, {}, {}};
    return;
  }
  std::move(from.drafts.begin(), from.drafts.end(), std::back_inserter(into.drafts));
  std::move(from.checks.begin(), from.checks.end(), std::back_inserter(into.checks));
}

}  // namespace

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
  if (!bound.rules().empty()) Job(*impl_, Call::kAdvise, language, limits).run(profiles, &outcomes, take);
  if (!bound.manifest().checks.empty()) Job(*impl_, Call::kCheck, language, limits).run(profiles, nullptr, take);
  replies.resize(profiles.size());
  return replies;
}

std::vector<Derivation> Binding::derive(std::span<const Facts* const> profiles, const CallLimits& limits) const {
  std::vector<Derivation> derivations(profiles.size());
  if (impl_->bound->manifest().derives.empty()) return derivations;
  const auto take = [&](Acceptor& acceptor, std::size_t first) {
    for (Derivation& one : acceptor.take_derivations()) derivations[first++] = std::move(one);
  };
  Job(*impl_, Call::kDerive, {}, limits).run(profiles, nullptr, take);
  return derivations;
}

}  // namespace caveat
