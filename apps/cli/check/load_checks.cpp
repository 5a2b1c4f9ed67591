// What happens before a plugin is asked anything: its file, its manifest, loading, the entry function, bind().
#include "check/bound.hpp"
#include "check/checks.hpp"
#include "check/elf_file.hpp"
#include "check/process_state.hpp"
#include "check/subject.hpp"
#include "check/trial.hpp"

#include "base/quote.hpp"
#include "plugin_host/library_image.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace caveat::cli {

namespace {

// Of the quickest of three. By the processor's time, because a busy machine is not the plugin's fault.
constexpr std::chrono::milliseconds kScanMax{300};
constexpr std::chrono::milliseconds kScanClockMax{10'000};
constexpr int kScans = 3;

Finding check_manifest(Subject& subject) {
  const auto info = subject.info();
  return info ? passed() : failed(words_of(info.error()));
}

Finding check_export(Subject& subject) {
  const auto image = LibraryImage::read(subject.file());
  if (!image) return failed(words_of(image.error()));
  const auto exported = exported_symbols(image->bytes());
  if (!exported) return failed("its symbol table cannot be read");
  std::vector<std::string> others;
  for (const std::string& name : *exported) {
    if (name != CAVEAT_PLUGIN_ENTRY) others.push_back(name);
  }
  if (others.size() == exported->size()) return failed("it exports no `" CAVEAT_PLUGIN_ENTRY "`");
  if (!others.empty()) return failed("it also exports " + backticked_list(others));
  return passed();
}

Finding check_needed(Subject& subject) {
  const auto image = LibraryImage::read(subject.file());
  if (!image) return failed(words_of(image.error()));
  const auto unusual = unusual_needs(image->bytes());
  return unusual.empty() ? passed() : failed("it needs " + backticked_list(unusual));
}

Finding check_now(Subject& subject) {
  const auto entry = subject.entry();
  return entry ? passed() : failed(words_of(entry.error()));
}

Finding check_constructor(Subject& subject) {
  const ProcessState before;
  if (const auto entry = subject.entry(); !entry) return failed(words_of(entry.error()));
  const std::string difference = before.difference_to_now();
  return difference.empty() ? passed() : failed("loading it " + difference);
}

/// Whether reading and loading are quick, in a process of their own, so that it is the first time; nothing when they
/// failed.
std::optional<bool> is_scanned_quickly(Subject& subject) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    if (!extract_manifest(subject.file())) ::_exit(1);
    const auto entry = subject.entry();
    ::_exit(entry && (*entry)(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR) != nullptr ? 0 : 1);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return processor_time(used) <= kScanMax && Clock::now() - begin <= kScanClockMax;
}

Finding check_scan_time(Subject& subject) {
  for (int i = 0; i < kScans; ++i) {
    const auto quick = is_scanned_quickly(subject);
    if (!quick) return failed("it could not be scanned");
    if (*quick) return passed();
  }
  return failed("reading and loading it took more than " + std::to_string(kScanMax.count()) + " ms, three times");
}

Finding check_entry(Subject& subject) {
  const auto found = subject.entry();
  if (!found) return failed(words_of(found.error()));
  const caveat_plugin_entry_fn entry = *found;
  subject.note("calling its entry function");
  const caveat_plugin* const first = entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR);
  if (first == nullptr) return failed("its entry function refuses this version of the ABI");
  const caveat_plugin copy = *first;
  const caveat_plugin* from_thread = nullptr;
  std::thread([&] { from_thread = entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR); }).join();
  const bool same = entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR) == first && from_thread == first;
  if (!same) return failed("its entry function gives another table when it is called again");
  if (std::memcmp(&copy, first, sizeof copy) != 0) return failed("its table changes when the entry is called again");
  return passed();
}

Finding check_major(Subject& subject) {
  const auto found = subject.entry();
  if (!found) return failed(words_of(found.error()));
  const caveat_plugin_entry_fn entry = *found;
  subject.note("calling its entry function");
  for (const std::uint32_t other : {0u, CAVEAT_ABI_MAJOR + 1, ~0u}) {
    if (entry(other, 0) != nullptr) return failed("it does not refuse a host of ABI version " + std::to_string(other));
  }
  for (const std::uint32_t minor : {0u, 1u, 99u, ~0u}) {
    if (entry(CAVEAT_ABI_MAJOR, minor) == nullptr) {
      return failed("it refuses a host of ABI version " + std::to_string(CAVEAT_ABI_MAJOR) + "." +
                    std::to_string(minor));
    }
  }
  return passed();
}

Finding check_table(Subject& subject) {
  const auto table = subject.table();
  return table ? passed() : failed(words_of(table.error()));
}

/// Binds to a world; why not, when not.
std::string bind_once(Subject& subject, const World& world, const Manner& manner) {
  subject.note("binding it to " + world.name);
  auto bound = Bound::bind(**subject.table(), **subject.info(), world, subject.guard(), manner);
  return bound ? "" : world.name + ": " + words_of(bound.error());
}

Finding check_bind(Subject& subject) {
  if (const auto table = subject.table(); !table) return failed(words_of(table.error()));
  const auto worlds = subject.worlds();
  if (!worlds) return failed(words_of(worlds.error()));
  std::string first_refusal;
  std::size_t bound = 0;
  for (const auto& world : **worlds) {
    const std::string refusal = bind_once(subject, *world, {});
    if (!refusal.empty() && world->packs != nullptr) return failed(refusal);
    if (refusal.empty()) ++bound;
    if (first_refusal.empty()) first_refusal = refusal;
  }
  return bound > 0 ? passed() : failed("it refuses whatever it is bound to; " + first_refusal);
}

Finding check_sizes(Subject& subject) {
  Manner later;
  later.longer = true;
  return in_each_world(subject, [&](const Bound& usual, Random& random) {
    auto longer = Bound::bind(**subject.table(), **subject.info(), usual.world(), subject.guard(), later);
    if (!longer) return failed("with longer structs it cannot be bound: " + words_of(longer.error()));
    const Trial trial = make_up_trial(usual.world(), 70, {}, random);
    return compare(usual, usual.tell(trial.profiles, trial.statuses), "as they are",
                   longer->tell(trial.profiles, trial.statuses, later), "longer structs");
  });
}

constexpr std::array kChecks = {
    Check{"load.manifest", "", "its manifest is there and has no mistake",
          "mend what the manifest gets wrong: docs/formats/plugin-manifest.md", &check_manifest},
    Check{"load.export", "", "it exports the entry function and nothing else",
          "build it with caveat_add_plugin(), which hides everything else", &check_export},
    Check{"load.needed", "", "it needs no library but its language's own",
          "link other libraries statically: an isolated process has none of them, and another machine may have none",
          &check_needed},
    Check{"load.now", "", "it can be loaded with every symbol resolved",
          "link with -Wl,-z,defs, which caveat_add_plugin() does: a missing symbol is then a link error", &check_now},
    Check{"load.constructor", "load.now", "loading it does nothing that can be seen",
          "let no global object's constructor act: no output, file, thread, process, signal or setting",
          &check_constructor},
    Check{"load.scan-time", "load.now", "reading and loading it is quick",
          "move work from constructors of global objects into bind()", &check_scan_time},
    Check{"load.entry", "load.now", "its entry function gives the same table whenever it is called",
          "return a pointer to one constant table, from every thread alike", &check_entry},
    Check{"load.major", "load.now", "it refuses other major versions of the ABI, and no minor of its own",
          "compare host_major with CAVEAT_ABI_MAJOR, and decide nothing by host_minor", &check_major},
    Check{"load.table", "load.manifest load.now", "its table is complete, and has the manifest that its file has",
          "fill in every function that the manifest calls for; build with caveat_add_plugin(MANIFEST …)", &check_table},
    Check{"load.bind", "load.table", "it can be bound to rules of its kinds",
          "say in [expects.…] what the facts are that it reads, or give packs that it works with: --rules DIR",
          &check_bind},
    Check{"load.sizes", "load.bind", "it works where a later host's structs and elements are longer",
          "walk every array by its stride, never as array[i]", &check_sizes},
};

}  // namespace

std::span<const Check> load_checks() { return kChecks; }

}  // namespace caveat::cli
