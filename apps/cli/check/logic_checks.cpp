// What a plugin finds must follow from what is known, and from nothing else: not from missing answers, neighbours in a
// batch, the order of profiles, the number of the call, the process or the thread.
#include "check/checks.hpp"
#include "check/subject.hpp"
#include "check/trial.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace caveat::cli {

namespace {

bool decided(RuleStatus status) { return status == RuleStatus::kMet || status == RuleStatus::kNotMet; }

// ---- Missing answers

Finding says_nothing(const Bound& bound, const Told& told) {
  for (std::size_t i = 0; i < told.derived.size(); ++i) {
    if (told.derived[i]) return failed("nothing is known, and it derives a value: " + bound.words(told));
  }
  for (const CheckReport& report : told.checks) {
    if (decided(report.status)) return failed("nothing is known, and it decides: " + bound.words(told));
  }
  return passed();
}

Finding check_unknown(Subject& subject) {
  return in_each_world(subject, [](const Bound& bound, Random& random) {
    const Trial nothing = make_up_trial(bound.world(), 3, {.unknown_percent = 100}, random);
    const auto told = bound.tell(nothing.profiles, nothing.statuses);
    for (const Told& one : told) {
      if (Finding finding = says_nothing(bound, one); finding.verdict != Verdict::kPassed) return finding;
    }
    if (Finding finding = refuse_faults(told, {Fault::kFromNothing}); finding.verdict != Verdict::kPassed)
      return finding;
    const Trial little = make_up_trial(bound.world(), 60, {.unknown_percent = 70}, random);
    return refuse_faults(bound.tell(little.profiles, little.statuses), {Fault::kFromNothing});
  });
}

/// What was settled and then came out otherwise.
std::string turned(const Manifest& manifest, const Told& before, const Told& after) {
  if (!before.failure.empty() || !after.failure.empty()) return {};
  for (std::size_t i = 0; i < before.derived.size(); ++i) {
    if (before.derived[i] && before.derived[i] != after.derived[i]) {
      return "the derived fact `" + manifest.derives[i].name + "`";
    }
  }
  for (std::size_t i = 0; i < before.checks.size() && i < after.checks.size(); ++i) {
    if (decided(before.checks[i].status) && before.checks[i].status != after.checks[i].status) {
      return "the check `" + manifest.checks[before.checks[i].check].id + "`, which was " +
             std::string(to_string(before.checks[i].status)) + " and is then " +
             std::string(to_string(after.checks[i].status));
    }
  }
  return {};
}

std::vector<FactId> read_facts(const Bound& bound, const Manifest& manifest) {
  std::vector<FactId> out;
  for (const BoundFact& fact : bound.briefing().facts().first(bound.briefing().columns())) {
    const auto own = [&](const FactDeclaration& derived) { return derived.name == fact.declaration->name; };
    if (std::none_of(manifest.derives.begin(), manifest.derives.end(), own)) out.push_back(fact.id);
  }
  return out;
}

/// One profile, and after it every one that has one answer more (of three made-up ones for each).
Trial with_one_more(const Trial& base, const std::vector<FactId>& facts, const Vocabulary& vocabulary, Random& random) {
  Trial out = base;
  std::vector<std::size_t> rows = {0};
  for (const FactId fact : facts) {
    if (base.profiles[0][fact].known) continue;
    for (int i = 0; i < 3; ++i) {
      out.profiles.push_back(base.profiles[0]);
      out.profiles.back()[fact].known = true;
      out.profiles.back()[fact].value = make_up_value(vocabulary[fact], false, random);
      rows.push_back(0);
    }
  }
  out.statuses = base.at(rows).statuses;
  return out;
}

Finding check_monotone(Subject& subject) {
  constexpr int kProfiles = 40;
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const Manifest& manifest = (*subject.info())->manifest;
    const std::vector<FactId> facts = read_facts(bound, manifest);
    for (int i = 0; i < kProfiles; ++i) {
      const Trial base = make_up_trial(bound.world(), 1, {.unknown_percent = 60}, random);
      const Trial trial = with_one_more(base, facts, bound.world().vocabulary, random);
      const auto told = bound.tell(trial.profiles, trial.statuses);
      for (std::size_t row = 1; row < told.size(); ++row) {
        const std::string what = turned(manifest, told[0], told[row]);
        if (!what.empty()) return failed("one more answer turns " + what);
      }
    }
    return passed();
  });
}

// ---- Batches

std::vector<std::size_t> shuffled(std::size_t count, Random& random) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

/// Whether each profile gets the same wherever it stands; several orders, because one of them may happen to keep what
/// matters in its place.
Finding compare_orders(const Bound& bound, const Trial& trial, Random& random) {
  constexpr int kOrders = 16;
  const auto straight = bound.tell(trial.profiles, trial.statuses);
  for (int i = 0; i < kOrders; ++i) {
    const std::vector<std::size_t> order = shuffled(trial.profiles.size(), random);
    const Trial moved = trial.at(order);
    std::vector<Told> expected;
    for (const std::size_t row : order) expected.push_back(straight[row]);
    Finding finding =
        compare(bound, expected, "in one order", bound.tell(moved.profiles, moved.statuses), "in another");
    if (finding.verdict != Verdict::kPassed) return finding;
  }
  return passed();
}

Finding compare_with_single(const Bound& bound, const Trial& trial) {
  const auto together = bound.tell(trial.profiles, trial.statuses);
  std::vector<Told> alone;
  for (std::size_t row = 0; row < trial.profiles.size(); ++row) {
    const Trial one = trial.only(row);
    alone.push_back(std::move(bound.tell(one.profiles, one.statuses).front()));
  }
  return compare(bound, alone, "alone", together, "in a batch");
}

Finding check_batch(Subject& subject) {
  return in_each_world(subject, [](const Bound& bound, Random& random) {
    const Trial mixed = make_up_trial(bound.world(), 67, {}, random);
    const Trial same = mixed.at(std::vector<std::size_t>(67, 0));
    if (Finding finding = compare_with_single(bound, same); finding.verdict != Verdict::kPassed) return finding;
    // Where results hang on the order of rows, `logic.order` tells it.
    if (compare_orders(bound, mixed, random).verdict != Verdict::kPassed) return passed();
    return compare_with_single(bound, mixed);
  });
}

Finding check_order(Subject& subject) {
  return in_each_world(subject, [](const Bound& bound, Random& random) {
    return compare_orders(bound, make_up_trial(bound.world(), 67, {}, random), random);
  });
}

// ---- Repetition

/// Everything that the plugin says of everything, as one digest; empty when it cannot be bound.
std::string digest_of_all(Subject& subject) {
  std::string all;
  const Finding finding = in_each_world(subject, [&](const Bound& bound, Random& random) {
    const Trial trial = make_up_trial(bound.world(), 20, {}, random);
    for (const Told& told : bound.tell(trial.profiles, trial.statuses)) all += bound.words(told) + "\n";
    return passed();
  });
  return finding.verdict == Verdict::kPassed ? sha256(all) : std::string();
}

/// The same in a process of its own, which loads the plugin for itself.
std::string digest_elsewhere(Subject& subject) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string digest = digest_of_all(subject);
    ::_exit(::write(ends[1], digest.data(), digest.size()) == static_cast<ssize_t>(digest.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string out(200, '\0');
  const ssize_t got = ::read(ends[0], out.data(), out.size());
  out.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? out : std::string();
}

Finding check_repeat(Subject& subject) {
  const auto info = subject.info();
  if (!info) return failed(words_of(info.error()));
  if (!(*info)->manifest.pure) return not_applicable("its manifest does not claim `pure`");
  const std::string one = digest_elsewhere(subject), other = digest_elsewhere(subject);  // before it is loaded here
  if (one.empty() || other.empty()) return failed("it did not come back from a process of its own");
  if (one != other) return failed("in another process it says something else of the same profiles");
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const Trial trial = make_up_trial(bound.world(), 20, {}, random);
    const auto first = bound.tell(trial.profiles, trial.statuses);
    const Finding again =
        compare(bound, first, "the first time", bound.tell(trial.profiles, trial.statuses), "the second time");
    if (again.verdict != Verdict::kPassed) return again;
    const auto fresh = Bound::bind(**subject.table(), **info, bound.world(), subject.guard());
    if (!fresh) return failed("it cannot be bound a second time: " + words_of(fresh.error()));
    return compare(bound, first, "in one instance", fresh->tell(trial.profiles, trial.statuses), "in another");
  });
}

// ---- Threads

Finding on_many_threads(const Bound& bound, const Trial& trial, bool one_at_a_time) {
  constexpr int kThreads = 4, kRounds = 25;
  const auto expected = bound.tell(trial.profiles, trial.statuses);
  std::mutex turn, noting;
  Finding worst;
  const auto work = [&] {
    for (int round = 0; round < kRounds; ++round) {
      const auto lock = one_at_a_time ? std::unique_lock(turn) : std::unique_lock<std::mutex>();
      Finding finding = compare(bound, expected, "on one thread", bound.tell(trial.profiles, trial.statuses),
                                one_at_a_time ? "on another" : "on several at once");
      if (finding.verdict == Verdict::kPassed) continue;
      const std::scoped_lock note(noting);
      worst = std::move(finding);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return worst;
}

Finding check_threads(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const bool serial = (*subject.info())->manifest.threading == Manifest::Threading::kSerial;
    return on_many_threads(bound, make_up_trial(bound.world(), 40, {}, random), serial);
  });
}

constexpr std::array kChecks = {
    Check{"logic.unknown", "load.bind", "from missing answers it finds nothing",
          "report unknown, and derive nothing, while what is known does not settle it", &check_unknown},
    Check{"logic.monotone", "load.bind", "one more answer never turns what was settled",
          "a missing answer was read as one: decide only what holds whatever the missing answers are", &check_monotone},
    Check{"logic.batch", "load.bind", "a profile in a batch gets what it gets alone",
          "let nothing carry over from one row to the next, or hang on their number", &check_batch},
    Check{"logic.order", "load.bind", "the order of profiles in a batch does not matter",
          "compute each row from its own values alone", &check_order},
    Check{"logic.repeat", "load.bind", "the same input gets the same output, call by call and in every process",
          "use no clock, randomness, addresses, hash order or state between calls, or declare pure = false",
          &check_repeat},
    Check{"logic.threads", "load.bind", "it works from several threads as its manifest declares",
          "share nothing that is written to between calls, or declare threading = \"serial\"", &check_threads},
};

}  // namespace

std::span<const Check> logic_checks() { return kChecks; }

}  // namespace caveat::cli
