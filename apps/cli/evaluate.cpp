// `caveat evaluate`: profiles through packs. A profile that cannot be read costs only itself.
#include "commands.hpp"
#include "profiles.hpp"
#include "recording.hpp"
#include "surroundings.hpp"

#include <caveat/audit.hpp>

#include "base/page.hpp"
#include "base/quote.hpp"
#include "evaluation/evaluation_data.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace caveat::cli {

namespace {

enum class Format : std::uint8_t { kText, kJson, kMarkdown, kHtml, kFhir };

struct Wanted {
  Format format = Format::kText;
  RenderOptions render;
  Instant at;
  ProfileOptions profile;
  std::set<Disposition> exit_on;
};

Result<Format> read_format(const std::string& name) {
  if (name.empty()) return Format::kText;
  const auto& names = evaluation_formats();
  if (auto known = check_choice("--format", name, names); !known) return Failure(known.error());
  return static_cast<Format>(std::find(names.begin(), names.end(), name) - names.begin());
}

// Reasons in full are for who checks; on a terminal the facts that decided are enough at first.
Result<Explain> read_explain(const std::string& name, Format format) {
  if (name.empty()) return format == Format::kText ? Explain::kBrief : Explain::kFull;
  const auto& names = explain_levels();
  if (auto known = check_choice("--explain", name, names); !known) return Failure(known.error());
  return static_cast<Explain>(std::find(names.begin(), names.end(), name) - names.begin());
}

Result<std::set<Disposition>> read_exit_on(const std::vector<std::string>& names) {
  std::set<Disposition> out;
  for (const std::string& name : names) {
    if (auto known = check_choice("--exit-on", name, disposition_names()); !known) return Failure(known.error());
    out.insert(*parse_disposition(name));
  }
  return out;
}

Result<Wanted> read_wanted(const Arguments& arguments, const Console& console) {
  Wanted wanted;
  const auto format = read_format(arguments.format);
  if (!format) return Failure(format.error());
  wanted.format = *format;
  const auto explain = read_explain(arguments.explain, *format);
  if (!explain) return Failure(explain.error());
  wanted.render.explain = *explain;
  wanted.render.pretty = *format == Format::kText ? console.out_has_colour() : arguments.pretty;
  wanted.render.width = console.width();
  auto exit_on = read_exit_on(arguments.exit_on);
  if (!exit_on) return Failure(exit_on.error());
  wanted.exit_on = std::move(*exit_on);
  auto profile = profile_options(arguments);
  if (!profile) return Failure(profile.error());
  wanted.profile = std::move(*profile);
  auto at = evaluation_time(arguments);
  if (!at) return Failure(at.error());
  wanted.at = std::move(*at);
  if (std::count(arguments.words.begin(), arguments.words.end(), "-") > 1) {
    return Failure(usage_error("standard input is named twice", "it can be read only once"));
  }
  return wanted;
}

// Everything that an option may get wrong about the engine is said once, before the first profile.
Result<std::vector<std::string>> choose_packs(const Arguments& arguments, const Engine& engine) {
  const std::vector<std::string> loaded = engine.packs();
  if (loaded.empty()) {
    return fail(
        ErrorKind::kLoad,
        {DiagnosticLevel::kError, "no-pack", {}, "the rules hold no pack", "a pack is a folder with a pack.toml"});
  }
  if (!engine.snapshot().guard.knows(arguments.language)) {
    return Failure(usage_error("no texts are kept in the language " + in_backticks(arguments.language),
                               "one of " + backticked_list(engine.snapshot().guard.languages())));
  }
  std::vector<std::string> chosen;
  for (const std::string& id : arguments.packs) {
    if (auto known = check_choice("--pack", id, loaded); !known) return Failure(known.error());
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) chosen.push_back(id);
  }
  return chosen.empty() ? loaded : chosen;
}

class Evaluating {
 public:
  Evaluating(const Arguments& arguments, const Wanted& wanted, const Engine& engine, std::vector<std::string> packs,
             std::optional<AuditLog> audit, Console& console)
      : arguments_(arguments),
        wanted_(wanted),
        engine_(engine),
        packs_(std::move(packs)),
        audit_(std::move(audit)),
        console_(console) {}

  int run() {
    for (const std::string& path : arguments_.words) {
      if (!unrecorded_) evaluate_file(path);
    }
    if (unrecorded_) return *unrecorded_;
    if (!pages_.empty()) console_.out(to_html(pages_, wanted_.render));
    if (failed_) return kInternal;
    if (bad_input_) return kBadInput;
    return chosen_ ? kChosen : kDone;
  }

 private:
  void evaluate_file(const std::string& path) {
    const auto profile = read_profile(path, engine_.vocabulary(), wanted_.profile);
    if (!profile) return note(console_.report(profile.error()));
    for (const std::string& pack : packs_) {
      const Evaluation evaluation = engine_.evaluate(*profile, {wanted_.at, pack, arguments_.language});
      if (!recorded(evaluation)) return;
      if (evaluation.error() != nullptr) {
        note(report_of(path, *evaluation.error()));
      } else {
        show(path, evaluation);
      }
    }
  }

  // INVARIANT: what could not be recorded is not shown, and nothing after it is evaluated.
  bool recorded(const Evaluation& evaluation) {
    if (!audit_) return true;
    const auto receipt = audit_->record(evaluation);
    if (!receipt) unrecorded_ = console_.report(receipt.error());
    return receipt.has_value();
  }

  // The error speaks of the profile; where it has no place, it gets the profile's name.
  int report_of(const std::string& path, Error error) {
    for (Diagnostic& diagnostic : error.diagnostics) {
      if (diagnostic.place.file.empty()) diagnostic.place.file = path == "-" ? kStandardInput : path;
    }
    return console_.report(error);
  }

  void note(int code) {
    if (code == kBadInput)
      bad_input_ = true;
    else
      failed_ = true;
  }

  void show(const std::string& path, const Evaluation& evaluation) {
    if (wanted_.exit_on.count(evaluation.disposition()) > 0) chosen_ = true;
    if (!evaluation.complete() && wanted_.exit_on.count(Disposition::kIncomplete) > 0) chosen_ = true;
    if (wanted_.format == Format::kJson) return ended(evaluation.to_json(wanted_.render));
    if (wanted_.format == Format::kFhir) return ended(evaluation.to_fhir(wanted_.render));
    if (wanted_.format == Format::kHtml) return pages_.push_back(evaluation);
    if (shown_ > 0) console_.out("\n");
    ++shown_;
    if (arguments_.words.size() > 1) name_profile(path);
    ended(wanted_.format == Format::kText ? evaluation.to_text(wanted_.render)
                                          : evaluation.to_markdown(wanted_.render));
  }

  void name_profile(const std::string& path) {
    const std::string name = path == "-" ? kStandardInput : path;
    if (wanted_.format == Format::kMarkdown) return console_.out("<!-- " + in_backticks(name) + " -->\n\n");
    Page page(console_.width());
    page.paragraph(0, ">> " + name);
    console_.out(page.take());
  }

  void ended(const std::string& text) {
    console_.out(text);
    if (!text.ends_with('\n')) console_.out("\n");
  }

  const Arguments& arguments_;
  const Wanted& wanted_;
  const Engine& engine_;
  std::vector<std::string> packs_;
  std::optional<AuditLog> audit_;
  Console& console_;
  std::size_t shown_ = 0;
  std::vector<Evaluation> pages_;  // of one HTML document
  bool bad_input_ = false, failed_ = false, chosen_ = false;
  std::optional<int> unrecorded_;  ///< the exit code, once something could not be recorded
};

}  // namespace

int run_evaluate(const Arguments& arguments, Console& console) {
  const auto wanted = read_wanted(arguments, console);
  if (!wanted) return console.report(wanted.error());
  const auto engine = load_engine(find_surroundings(arguments));
  if (!engine) return console.report(engine.error());
  for (const Diagnostic& diagnostic : engine->diagnostics()) console.report(diagnostic);
  auto packs = choose_packs(arguments, *engine);
  if (!packs) return console.report(packs.error());
  auto audit = open_audit(arguments);
  if (!audit) return console.report(audit.error());
  return Evaluating(arguments, *wanted, *engine, std::move(*packs), std::move(*audit), console).run();
}

}  // namespace caveat::cli
