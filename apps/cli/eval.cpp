// `caveat eval`: one expression, or one a line. A pure expression needs no rules; one that names facts does.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/quote.hpp"
#include "base/text_file.hpp"
#include "evaluation/evaluation_data.hpp"

#include <unistd.h>

namespace caveat::cli {

namespace {

// What an expression may see.
struct Scope {
  std::optional<Engine> engine;
  std::optional<Evaluation> evaluation;  ///< of the profile: holds its facts, derived ones too
  Vocabulary no_facts;
  Facts unknown_facts;
  DateTime at;

  [[nodiscard]] const Vocabulary& vocabulary() const { return engine ? engine->vocabulary() : no_facts; }
  [[nodiscard]] const Facts& facts() const { return evaluation ? evaluation->data().facts : unknown_facts; }
};

// Rules that were asked for must load; those that merely lie beside the command are a help.
Result<void> load_rules(const Arguments& arguments, Scope& scope, Console& console) {
  const Surroundings surroundings = find_surroundings(arguments);
  const bool needed = surroundings.rules_chosen || surroundings.plugins_chosen || !arguments.profile.empty();
  auto engine = load_engine(surroundings);
  if (engine) {
    scope.engine = std::move(*engine);
  } else if (needed) {
    return Failure(engine.error());
  } else {
    console.report({DiagnosticLevel::kWarning,
                    "no-rules",
                    {},
                    "no rules could be loaded, so that no fact is known by name",
                    "`caveat facts` says why"});
  }
  scope.unknown_facts = Facts(scope.vocabulary().size());
  return {};
}

Result<std::string> subject_pack(const Arguments& arguments, const Engine& engine) {
  const std::vector<std::string> loaded = engine.packs();
  if (arguments.packs.size() > 1) return Failure(usage_error("one --pack is enough here"));
  if (arguments.packs.empty()) return std::string();
  if (auto known = check_choice("--pack", arguments.packs.front(), loaded); !known) return Failure(known.error());
  return arguments.packs.front();
}

Result<void> read_facts(const Arguments& arguments, const Instant& at, Scope& scope) {
  if (arguments.profile.empty()) return {};
  const auto options = profile_options(arguments);
  if (!options) return Failure(options.error());
  const auto profile = read_profile(arguments.profile, scope.vocabulary(), *options);
  if (!profile) return Failure(profile.error());
  const auto pack = subject_pack(arguments, *scope.engine);
  if (!pack) return Failure(pack.error());
  Evaluation evaluation = scope.engine->evaluate(*profile, {at, *pack, arguments.language});
  if (evaluation.error() != nullptr) return Failure(*evaluation.error());
  scope.evaluation = std::move(evaluation);
  return {};
}

Result<Scope> make_scope(const Arguments& arguments, Console& console) {
  Scope scope;
  const auto at = evaluation_time(arguments);
  if (!at) return Failure(at.error());
  scope.at = *parse_rfc3339(at->rfc3339);
  if (auto loaded = load_rules(arguments, scope, console); !loaded) return Failure(loaded.error());
  if (auto read = read_facts(arguments, *at, scope); !read) return Failure(read.error());
  return scope;
}

void explain_unknown(const Unknown& unknown, const Scope& scope, Console& console) {
  for (const FactId id : unknown.facts) {
    const FactState& state = scope.facts()[id];
    const std::string_view why = state.known ? "known only in part" : to_string(state.reason);
    console.err_line("unknown: " + scope.vocabulary()[id].name + " (" + std::string(why) + ")");
  }
}

// The line that a mistake stands in, with a mark below its place.
void show_place(const std::string& text, const Place& place, Console& console) {
  if (place.line == 0 || text.size() > 200 || text.find_first_of("\t\n") != std::string::npos) return;
  console.err_line("  | " + text);
  console.err_line("  | " + std::string(place.column > 0 ? place.column - 1 : 0, ' ') + '^');
}

// Prints the value; false after reporting why there is none.
bool evaluate_one(const std::string& text, const std::string& file, std::uint32_t line, const Scope& scope,
                  Console& console) {
  const LineIndex index(text);
  const ExpressionSource source{text, [&](std::size_t offset) {
                                  Place place = index.place(offset, file);
                                  place.line += line - 1;
                                  return place;
                                }};
  const auto value = evaluate_expression(source, scope.vocabulary(), {scope.facts(), scope.at});
  if (!value) {
    for (const Diagnostic& diagnostic : value.error().diagnostics) {
      console.report(diagnostic);
      show_place(text, diagnostic.place, console);
    }
    return false;
  }
  console.out_line(to_literal(*value));
  if (const Unknown* unknown = value->get<Unknown>()) explain_unknown(*unknown, scope, console);
  return true;
}

int evaluate_lines(const Scope& scope, Console& console) {
  const bool asks = ::isatty(STDIN_FILENO) == 1 && console.out_is_terminal();
  LineReader reader;
  bool all_valid = true;
  while (true) {
    if (asks) console.out("> ");
    console.flush();
    const LineReader::State state = reader.next();
    if (state == LineReader::State::kEnd) break;
    const bool blank = reader.text().find_first_not_of(" \t") == std::string::npos;
    if (state == LineReader::State::kLine && blank) continue;
    bool valid = false;
    if (state == LineReader::State::kBad)
      console.report(reader.error());
    else
      valid = evaluate_one(reader.text(), kStandardInput, reader.number(), scope, console);
    if (!valid && !asks) console.out_line("invalid");  // one result a line, so that lines can be told apart
    all_valid = all_valid && valid;
  }
  if (asks) console.out("\n");
  return all_valid ? kDone : kBadInput;
}

}  // namespace

int run_eval(const Arguments& arguments, Console& console) {
  const auto scope = make_scope(arguments, console);
  if (!scope) return console.report(scope.error());
  if (arguments.words.empty()) return evaluate_lines(*scope, console);
  const std::string& text = arguments.words.front();
  if (const auto checked = check_text(text, "expression", ErrorKind::kInput); !checked)
    return console.report(checked.error());
  return evaluate_one(text, "expression", 1, *scope, console) ? kDone : kBadInput;
}

}  // namespace caveat::cli
