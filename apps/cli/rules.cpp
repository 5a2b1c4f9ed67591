// `caveat rules check` and `caveat rules test`: what they find is their result, and goes to standard output.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/quote.hpp"
#include "evaluation/cases.hpp"
#include "rules_folder.hpp"

#include <algorithm>

namespace caveat::cli {

namespace {

struct Tally {
  std::size_t errors = 0, warnings = 0;
};

// Notes are shown and not counted: they ask nothing of the author.
void show_finding(const Diagnostic& diagnostic, Tally& tally, Console& console) {
  if (diagnostic.level == DiagnosticLevel::kError) ++tally.errors;
  if (diagnostic.level == DiagnosticLevel::kWarning) ++tally.warnings;
  console.out_line(to_string(diagnostic));
}

void show_findings(const std::vector<Diagnostic>& diagnostics, Tally& tally, Console& console) {
  for (const Diagnostic& diagnostic : diagnostics) show_finding(diagnostic, tally, console);
}

int conclude_check(const std::string& folder, std::size_t packs, const Tally& tally, Console& console) {
  const std::string what = packs == 1 ? folder : folder + " (" + counted(packs, "pack", "packs") + ")";
  console.out_line(what + ": " + counted(tally.errors, "error", "errors") + ", " +
                   counted(tally.warnings, "warning", "warnings"));
  return tally.errors + tally.warnings == 0 ? kDone : kDoesNotHold;
}

// What can be said of packs that do not load: the reasons, and the syntax of their cases.
int check_unloadable(const std::string& folder, const RulesFolder& rules, const Error& error, Console& console) {
  Tally tally;
  show_findings(error.diagnostics, tally, console);
  for (const auto& pack : rules.packs) show_findings(check_case_syntax(pack), tally, console);
  return conclude_check(folder, rules.packs.size(), tally, console);
}

int check_loaded(const std::string& folder, const RulesFolder& rules, const Engine& engine, Console& console) {
  Tally tally;
  show_findings(engine.diagnostics(), tally, console);
  for (const LoadedPack* loaded : packs_of(rules, engine.snapshot())) {
    show_findings(read_cases(engine.snapshot(), *loaded).diagnostics, tally, console);
  }
  return conclude_check(folder, rules.packs.size(), tally, console);
}

class Testing {
 public:
  Testing(const Engine& engine, Console& console)
      : snapshot_(std::shared_ptr<const Snapshot>(), &engine.snapshot()), console_(console) {}

  void run(const LoadedPack& loaded) {
    const PackCases cases = read_cases(*snapshot_, loaded);
    show_findings(cases.diagnostics, tally_, console_);
    if (cases.cases.empty() && cases.diagnostics.empty()) {
      console_.out_line(loaded.pack.folder.string() + ": the pack `" + loaded.pack.id + "` has no cases");
      without_cases_ = true;
    }
    for (const PackCase& each : cases.cases) run_one(loaded, each);
  }

  int conclude() {
    std::string summary = counted(cases_, "case", "cases") + ", " + std::to_string(failed_) + " failed";
    if (tally_.errors > 0) summary += "; " + counted(tally_.errors, "mistake", "mistakes") + " in the files of cases";
    console_.out_line(summary);
    const bool holds = failed_ == 0 && tally_.errors == 0 && cases_ > 0 && !without_cases_;
    return holds ? kDone : kDoesNotHold;
  }

 private:
  void run_one(const LoadedPack& loaded, const PackCase& each) {
    ++cases_;
    const auto failures = run_case(snapshot_, loaded, each);
    if (failures.empty()) return;
    ++failed_;
    console_.out_line(to_string(each.place) + ": failed: " + each.name);
    for (const CaseFailure& failure : failures) {
      console_.out_line("  " + to_string(failure.place) + ": `" + failure.subject + "`: expected " + failure.expected +
                        ", got " + failure.got);
    }
  }

  std::shared_ptr<const Snapshot> snapshot_;  // borrowed: the engine outlives the tests
  Console& console_;
  Tally tally_;
  std::size_t cases_ = 0, failed_ = 0;
  bool without_cases_ = false;
};

}  // namespace

int run_rules_check(const Arguments& arguments, Console& console) {
  const std::string& folder = arguments.words.front();
  auto rules = find_rules(folder, arguments);
  if (!rules) return console.report(rules.error());
  const auto engine = load_rules(*rules);
  if (engine) return check_loaded(folder, *rules, *engine, console);
  if (const auto elsewhere = trouble_outside(*rules)) return console.report(*elsewhere);
  return check_unloadable(folder, *rules, engine.error(), console);
}

int run_rules_test(const Arguments& arguments, Console& console) {
  auto rules = find_rules(arguments.words.front(), arguments);
  if (!rules) return console.report(rules.error());
  const auto engine = load_rules(*rules);
  if (!engine) {
    const int code = console.report(engine.error());
    console.err_line("the rules do not load: `caveat rules check " + arguments.words.front() + "` shows every mistake");
    return code;
  }
  Testing testing(*engine, console);
  for (const LoadedPack* loaded : packs_of(*rules, engine->snapshot())) testing.run(*loaded);
  return testing.conclude();
}

}  // namespace caveat::cli
