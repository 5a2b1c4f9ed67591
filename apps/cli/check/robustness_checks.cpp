// What a plugin does when things are not as usual: asked to stop, given very much or nothing, out of memory, odd
// characters, the ends of what a value can be.
#include "check/allocations.hpp"
#include "check/checks.hpp"
#include "check/elf_file.hpp"
#include "check/process_state.hpp"
#include "check/subject.hpp"
#include "check/trial.hpp"

#include "base/digest.hpp"
#include "plugin_host/library_image.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <dlfcn.h>
#include <mutex>
#include <thread>

namespace caveat::cli {

namespace {

namespace fs = std::filesystem;

bool holds(const Finding& finding) { return finding.verdict == Verdict::kPassed; }

// ---- Cancelling

constexpr std::size_t kManyRows = 4096;
// By the processor's time, because a busy machine is not the plugin's fault; and by the clock, for one that sleeps.
constexpr std::chrono::milliseconds kCancelMax{1000};
constexpr std::chrono::milliseconds kCancelClockMax{10'000};

std::chrono::microseconds own_processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return processor_time(used);
}

/// Runs a call on a thread of its own, asks it to stop after a moment, and waits.
bool stops(const Bound& bound, const Trial& trial) {
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  volatile std::uint32_t cancel = 0;
  std::thread call([&] {
    Manner manner;
    manner.limits.cancel = &cancel;
    bound.tell(trial.profiles, trial.statuses, manner);
    const std::scoped_lock lock(mutex);
    done = true;
    ended.notify_one();
  });
  std::unique_lock lock(mutex);
  if (!ended.wait_for(lock, std::chrono::milliseconds(20), [&] { return done; })) {
    cancel = 1;
    const auto used = own_processor_time();
    const auto told = std::chrono::steady_clock::now();
    while (!ended.wait_for(lock, std::chrono::milliseconds(50), [&] { return done; })) {
      const bool late = std::chrono::steady_clock::now() - told > kCancelClockMax;
      if (!late && own_processor_time() - used <= kCancelMax) continue;
      call.detach();
      return false;
    }
  }
  lock.unlock();
  call.join();
  return true;
}

Finding check_cancel(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    subject.note("a batch of " + std::to_string(kManyRows) + " profiles");
    const Trial trial = make_up_trial(bound.world(), kManyRows, {}, random);
    if (stops(bound, trial)) return passed();
    // The call still runs, over what lies on this stack: this is where the process ends.
    subject.end_with(
        failed("it went on for more than " + std::to_string(kCancelMax.count()) + " ms after it was asked to stop"));
  });
}

// ---- Much and nothing

Finding check_quotas(Subject& subject) {
  const auto info = subject.info();
  const auto table = subject.table();
  if (!table) return failed(words_of(table.error()));
  Random random(subject.seed());
  WorldShape large;
  large.optional = WorldShape::Optional::kAll;
  large.rules = 40;
  large.elements = FieldSchema::kElementsMax;
  large.full = true;
  const auto world = make_up_world(**info, large, subject.known_facts(), random, "many rules with long lists");
  const auto bound = Bound::bind(**table, **info, *world, subject.guard());
  if (!bound) return passed();  // it says what is too much when it is bound
  const Trial trial = make_up_trial(*world, 100, {.unknown_percent = 0}, random);
  return refuse_faults(bound->tell(trial.profiles, trial.statuses), {Fault::kQuota});
}

Finding check_empty(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    subject.note("a batch without profiles");
    bound.tell({}, {});
    subject.note("a binding without rules");
    World bare;
    bare.name = "no rules";
    bare.vocabulary = bound.world().vocabulary;
    const auto without = Bound::bind(**subject.table(), **subject.info(), bare, subject.guard());
    if (!without) return failed("without rules it cannot be bound: " + words_of(without.error()));
    const Trial trial = make_up_trial(bare, 3, {}, random);
    return refuse_faults(without->tell(trial.profiles, trial.statuses), {Fault::kCall});
  });
}

// ---- Memory

/// Binds and calls while allocation number `failing` fails. False: there were not so many.
bool without_one_allocation(Subject& subject, const Bound& usual, const Trial& trial, const std::vector<Told>& expected,
                            std::uint64_t failing, Finding& finding) {
  Manner counted;
  counted.counted = true;
  subject.note("allocation " + std::to_string(failing) + " of binding and calling fails");
  Allocations::fail_at(failing);
  std::vector<Told> told;
  if (const auto bound = Bound::bind(**subject.table(), **subject.info(), usual.world(), subject.guard(), counted)) {
    told = bound->tell(trial.profiles, trial.statuses, counted);
  }
  const bool reached = Allocations::count() >= failing;
  Allocations::fail_at(0);
  for (std::size_t row = 0; row < told.size() && holds(finding); ++row) {
    if (!told[row].failure.empty() || usual.words(told[row]) == usual.words(expected[row])) continue;
    finding = failed("an allocation failed, it said nothing of that, and something else than otherwise: " +
                     usual.words(told[row]));
  }
  return reached;
}

Finding check_memory(Subject& subject) {
  constexpr std::uint64_t kAllocationsMax = 2000;
  if (const auto table = subject.table(); !table) return failed(words_of(table.error()));
  void* const library = ::dlopen(subject.file().c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (!Allocations::take_over(library)) return failed("its references to the allocator could not be taken over");
  bool first = true;
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    if (!std::exchange(first, false)) return passed();  // one will do
    const Trial trial = make_up_trial(bound.world(), 3, {}, random);
    const auto expected = bound.tell(trial.profiles, trial.statuses);
    Finding finding;
    for (std::uint64_t failing = 1; failing <= kAllocationsMax && holds(finding); ++failing) {
      if (!without_one_allocation(subject, bound, trial, expected, failing, finding)) break;
    }
    return finding;
  });
}

// ---- Characters

Finding check_utf8(Subject& subject) {
  const auto info = subject.info();
  const auto table = subject.table();
  if (!table) return failed(words_of(table.error()));
  Random random(subject.seed());
  WorldShape wide;
  wide.wide_characters = true;
  for (int i = 0; i < 40; ++i) {
    const auto world = make_up_world(**info, wide, subject.known_facts(), random, "wide characters");
    subject.note("texts of characters of one to four bytes");
    const auto bound = Bound::bind(**table, **info, *world, subject.guard());
    if (!bound) continue;
    const Trial trial = make_up_trial(*world, 10, {}, random);
    Finding finding = refuse_faults(bound->tell(trial.profiles, trial.statuses), {Fault::kUtf8});
    if (!holds(finding)) return finding;
  }
  return passed();
}

// ---- Chance

/// One round; its shape follows from the seed and its number alone.
Finding fuzz_once(Subject& subject, std::uint64_t round) {
  Random random(subject.seed() * 1'000'003 + round);
  static const std::vector<std::size_t> sizes = {1, 2, 63, 64, 65, 127, 128, 129};
  const auto world = make_up_world(**subject.info(), {}, subject.known_facts(), random, "");
  const std::size_t rows = random.of(sizes);
  const ProfileShape shape{random.below(101), true};
  subject.note("round " + std::to_string(round) + " of the seed " + std::to_string(subject.seed()) + ", " +
               std::to_string(rows) + " profiles");
  const auto bound = Bound::bind(**subject.table(), **subject.info(), *world, subject.guard());
  if (!bound) return passed();
  const Trial trial = make_up_trial(*world, rows, shape, random);
  Finding finding = refuse_faults(bound->tell(trial.profiles, trial.statuses), {Fault::kCall});
  if (!holds(finding)) finding.reason = "round " + std::to_string(round) + ", " + finding.reason;
  return finding;
}

Finding check_fuzz(Subject& subject) {
  constexpr std::uint64_t kRounds = 300;
  if (const auto table = subject.table(); !table) return failed(words_of(table.error()));
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    Finding finding = fuzz_once(subject, round);
    if (!holds(finding)) return finding;
  }
  return passed();
}

// ---- In a process of its own

constexpr std::size_t kIsolatedWorlds = 3;  // each binding starts a process

/// As an engine loads a plugin that nobody told it to trust.
Result<PluginHost> load_isolated(const std::vector<fs::path>& files, const Guard& guard) {
  const Judge isolated = [](const fs::path&, std::string_view bytes, const Manifest&) {
    Standing standing;
    standing.placement = Placement::kIsolated;
    standing.digest = sha256(bytes);
    return Result<Standing>(std::move(standing));
  };
  IsolationOptions patient;
  patient.deadline_ms = 10'000;
  return PluginHost::load(files, guard, isolated, patient);
}

/// Why nothing can be tried there; empty: it can.
std::string no_isolation(const Subject& subject) {
  const auto image = LibraryImage::read(subject.file());
  if (image && !unusual_needs(image->bytes()).empty()) {
    return "an isolated process does not have the libraries that it needs (`load.needed`)";
  }
  const auto host = load_isolated({}, subject.guard());
  const auto support = host ? host->isolation_support() : Failure(host.error());
  return support ? "" : "no process can be isolated here: " + words_of(support.error());
}

Finding tell_isolated(const PluginHost& host, const World& world, const Trial& trial, const Guard& guard) {
  const auto binding = host.bind(0, world.rules, world.vocabulary, &guard);
  if (!binding) return failed(words_of(binding.error()));
  std::vector<const Facts*> profiles;
  for (const Facts& facts : trial.profiles) profiles.push_back(&facts);
  for (const Derivation& derived : binding->derive(profiles)) {
    if (derived.fault == Fault::kCall) return failed("asked to derive: " + derived.failure);
  }
  for (const PluginReply& reply : binding->advise(profiles, {profiles.size(), trial.statuses}, "en")) {
    if (reply.fault == Fault::kCall) return failed("asked to advise or to check: " + reply.failure);
  }
  return passed();
}

Finding check_sandbox(Subject& subject) {
  if (const auto table = subject.table(); !table) return failed(words_of(table.error()));
  if (std::string reason = no_isolation(subject); !reason.empty()) return not_applicable(std::move(reason));
  subject.note("loading it in a process of its own");
  const auto host = load_isolated({subject.file()}, subject.guard());
  if (!host) return failed(words_of(host.error()));
  std::size_t tried = 0;
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    if (++tried > kIsolatedWorlds) return passed();
    return tell_isolated(*host, bound.world(), make_up_trial(bound.world(), 70, {}, random), subject.guard());
  });
}

constexpr std::array kChecks = {
    Check{"robustness.cancel", "load.bind", "asked to stop, it stops",
          "poll the sink's `cancel` word in long work, and return CAVEAT_CANCELLED", &check_cancel},
    Check{"robustness.quotas", "load.bind", "it stays within what it may say, whatever a rule holds",
          "bound the paragraphs, nodes and words of a profile, or refuse in bind() what would exceed them: "
          "docs/formats/plugin-abi.md has the quotas",
          &check_quotas},
    Check{"robustness.empty", "load.bind", "a batch without profiles and a pack without its rules are no trouble",
          "do nothing where there is nothing: never look at row 0 first", &check_empty},
    Check{"robustness.memory", "load.bind", "where an allocation fails, it fails as a plugin may",
          "check what malloc returns; catch std::bad_alloc in every function, as CAVEAT_PLUGIN() does", &check_memory},
    Check{"robustness.utf8", "load.bind", "characters of several bytes stay whole", "never cut a text by bytes",
          &check_utf8},
    Check{"robustness.fuzz", "load.bind", "nothing that a profile may hold makes it fail",
          "think of 0, of negative numbers and of the largest, in every sum, product and division", &check_fuzz},
    Check{"robustness.sandbox", "load.bind", "locked into a process of its own, it does what it does elsewhere",
          "compute and nothing else: no file, network, process, thread or executable memory", &check_sandbox},
};

}  // namespace

std::span<const Check> robustness_checks() { return kChecks; }

}  // namespace caveat::cli
