// The command line: the tree of commands, and what is said of a line that cannot be understood.
#include "arguments.hpp"

#include "base/diagnostics.hpp"
#include "base/quote.hpp"
#include "command_builder.hpp"
#include "commands.hpp"

namespace caveat::cli {

namespace {

using Values = std::vector<std::string>;

// The tree of commands over one Arguments.
class CommandLine : public CommandBuilder {
 public:
  explicit CommandLine(Arguments& target) : CommandBuilder(target) {
    app_.description(
        "Clinical decision support that explains itself and defers.\nEvaluates a profile against rule packs; decides "
        "nothing.");
    app_.set_help_flag("-h,--help", "Show this help and end");
    app_.set_version_flag("--version", std::string("caveat ") + CAVEAT_VERSION, "Show the version and end");
    app_.require_subcommand(1);
    app_.footer(
        "Results go to standard output, everything else to standard error.\n"
        "Exit codes: 0 done; 1 what was checked does not hold; 2 the input is wrong; 3 rules or plugins\n"
        "could not be loaded; 4 an internal failure; 10 a disposition that --exit-on names.\n\n"
        "Environment: CAVEAT_RULES and CAVEAT_PLUGINS (folders, separated by `:`), CAVEAT_CONFIG (a file),\n"
        "CAVEAT_LOG (a log level), NO_COLOR. `caveat COMMAND --help` explains a command.");
    add_log_level(app_);
    add_commands();
  }

 private:
  void add_commands() {
    add_evaluate();
    add_eval();
    add_facts();
    add_wording();
    add_rules();
    add_plugin();
    add_audit();
    add_serve();
    CLI::App& completion = leaf(app_, "completion", "Print a shell's completion script", run_completion,
                                "  caveat completion bash\n  caveat completion zsh\n  caveat completion fish");
    word(completion, "SHELL", "bash, zsh or fish", false);
    word_values_[&completion] = shells();
  }

  void add_evaluate() {
    CLI::App& command =
        leaf(app_, "evaluate", "Evaluate profiles: advisories with their reasons", run_evaluate,
             "  caveat evaluate examples/profiles/first-visit.toml\n"
             "  caveat evaluate examples/profiles/pregnant.json --format json --pretty\n"
             "  caveat evaluate examples/profiles/first-visit.toml --at 2026-11-22T10:00:00Z --lang tr\n"
             "  caveat evaluate examples/records/checkup.json --format fhir --pretty\n"
             "  caveat evaluate - --exit-on refer,incomplete < examples/profiles/pregnant.json\n"
             "  caveat evaluate examples/profiles/clear.toml --audit audit.db");
    word(command, "PROFILE", "Profiles, TOML or JSON, or FHIR R4 records; `-` reads standard input", true);
    choice(command, "--format", arguments_.format, evaluation_formats(),
           "How results are shown; json and fhir are one line each");
    list(command, "--pack", arguments_.packs, "ID", "Evaluate this pack only; may be repeated. Without it: every pack");
    option(command, "--lang", arguments_.language, "LANG", "Language of the texts, as a two-letter code [en]");
    option(command, "--at", arguments_.at, "TIME", "Time of the evaluation, RFC 3339 with an offset [now]");
    choice(command, "--explain", arguments_.explain, explain_levels(),
           "How much of the reasons is shown [text: brief, else full]");
    command.add_flag("--pretty", arguments_.pretty, "Indent JSON");
    list(command, "--exit-on", arguments_.exit_on, "DISPOSITION,…", "End with 10 when a disposition is one of these",
         true);
    values_.insert({"--exit-on", disposition_names()});
    add_recording_options(command);
    add_profile_options(command);
    add_engine_options(command);
  }

  void add_recording_options(CLI::App& command) {
    option(command, "--audit", arguments_.audit, "FILE", "Record each evaluation in this log before it is shown");
    option(command, "--audit-key", arguments_.audit_key, "FILE", "The log's key [FILE.key; made for a new log]");
    command.add_flag("--keep-profiles", arguments_.keep_profiles, "Keep the profiles in the log too, sealed");
    add_profiles_key(command);
  }

  void add_profiles_key(CLI::App& command) {
    option(command, "--profiles-key", arguments_.profiles_key, "FILE",
           "The key of sealed profiles [FILE.profiles-key]");
  }

  void add_eval() {
    CLI::App& command = leaf(app_, "eval", "Evaluate one expression of the condition language", run_eval,
                             "  caveat eval \"age < 18 or pregnant\" --profile examples/profiles/first-visit.toml\n"
                             "  caveat eval \"years between @1990-05-01 and Today()\" --at 2026-11-22T10:00:00Z\n"
                             "  echo \"1 'g' = 1000 'mg'\" | caveat eval");
    word(command, "EXPRESSION", "One expression; without it, one is read from each line of standard input", false,
         false, false);
    option(command, "--profile", arguments_.profile, "FILE", "The profile whose facts the expression sees");
    option(command, "--at", arguments_.at, "TIME", "What Now() and Today() mean, RFC 3339 with an offset [now]");
    list(command, "--pack", arguments_.packs, "ID", "The pack whose validities apply, where there are several");
    add_profile_options(command);
    add_engine_options(command);
  }

  void add_facts() {
    CLI::App& command = leaf(app_, "facts", "Show the vocabulary: the facts that packs and plugins declare", run_facts,
                             "  caveat facts\n  caveat facts --format json\n  caveat facts --lang tr");
    choice(command, "--format", arguments_.format, listing_formats(), "How they are shown");
    option(command, "--lang", arguments_.language, "LANG", "Language of the questions [en]");
    add_engine_options(command);
  }

  void add_wording() {
    CLI::App& command = leaf(app_, "wording", "Ask the guard whether a text may be said: 0 yes, 1 no", run_wording,
                             "  caveat wording \"Results are not permanent.\"\n"
                             "  caveat wording --lang tr \"Sonuçlar kalıcı değildir.\"\n"
                             "  echo \"Redness may be felt.\" | caveat wording -");
    word(command, "TEXT", "Texts; `-` reads one from each line of standard input", true, false);
    option(command, "--lang", arguments_.language, "LANG", "The texts' language, as a two-letter code [en]");
    choice(command, "--role", arguments_.role, role_names(),
           "Role of the rule that says it [any: the strictest reading]");
    option(command, "--field", arguments_.field, "FIELD",
           "The rule's field that holds it, such as title or says [any]");
    option(command, "--wording", arguments_.wording, "DIR", "The folder of lexicons");
    list(command, "--rules", arguments_.rules, "DIR", "A folder of rules with lexicons in its subfolder `wording`");
    add_config(command);
    add_log_level(command);
  }

  void add_rules() {
    CLI::App& rules = group(app_, "rules", "The rule author's tools",
                            "  caveat rules check rules/microneedling\n  caveat rules test rules/microneedling");
    CLI::App& check = leaf(rules, "check", "Report every mistake in a pack, with its place: 0 none, 1 some",
                           run_rules_check, "  caveat rules check rules/microneedling\n  caveat rules check rules");
    word(check, "DIR", "A pack, or a folder of packs", false);
    add_engine_options(check);
    CLI::App& test = leaf(rules, "test", "Run a pack's own cases: 0 all hold, 1 some fail or there are none",
                          run_rules_test, "  caveat rules test rules/microneedling");
    word(test, "DIR", "A pack, or a folder of packs", false);
    add_engine_options(test);
    CLI::App& show = leaf(rules, "show", "Show a pack as a reader sees it: rules, texts, sources", run_rules_show,
                          "  caveat rules show rules/microneedling\n  caveat rules show rules/microneedling --lang tr");
    word(show, "DIR", "A pack, or a folder of packs", false);
    option(show, "--lang", arguments_.language, "LANG", "Language of the texts [en]");
    add_engine_options(show);
  }

  void add_plugin() {
    CLI::App& plugin = group(app_, "plugin", "The plugin author's and the administrator's tools",
                             "  caveat plugin list\n  caveat plugin info build/release/lib/caveat/plugins/timeline.so");
    CLI::App& listing = leaf(plugin, "list", "List the plugins that are loaded, and where each runs", run_plugin_list,
                             "  caveat plugin list\n  caveat plugin list --format json");
    choice(listing, "--format", arguments_.format, listing_formats(), "How they are shown");
    add_engine_options(listing);
    CLI::App& info = leaf(plugin, "info", "Show a plugin's manifest, without loading the plugin", run_plugin_info,
                          "  caveat plugin info build/release/lib/caveat/plugins/timeline.so");
    word(info, "FILE", "A plugin's library", false);
    choice(info, "--format", arguments_.format, listing_formats(), "How it is shown");
    option(info, "--wording", arguments_.wording, "DIR", "The guard's folder of lexicons");
    list(info, "--rules", arguments_.rules, "DIR", "A folder of rules with lexicons in its subfolder `wording`");
    add_config(info);
    add_log_level(info);
    add_author_commands(*this, plugin);
    values_.insert({"--only", plugin_check_names()});
    add_trust_commands(*this, plugin);
  }

  void add_serve() {
    CLI::App& command = leaf(app_, "serve", "Serve evaluations over HTTP", run_serve,
                             "  caveat serve\n  caveat serve --port 0 --audit audit.db\n"
                             "  caveat serve --rules rules/microneedling --lang tr");
    option(command, "--port", arguments_.port, "N", "Port to listen on; 0 takes any that is free [8787]");
    option(command, "--bind", arguments_.bind, "ADDRESS", "Address to listen on [127.0.0.1]");
    option(command, "--lang", arguments_.language, "LANG", "Language of texts where a caller asks for none [en]");
    option(command, "--tls-certificate", arguments_.tls_certificate, "FILE", "Speak TLS, with this certificate (PEM)");
    option(command, "--tls-key", arguments_.tls_key, "FILE", "The certificate's key (PEM)");
    add_recording_options(command);
    command.add_flag("--no-audit", arguments_.no_audit, "Record nothing [without --audit: a log of the account's own]");
    command.add_flag("--allow-drafts", arguments_.allow_drafts, "Serve packs that are drafts too");
    command.add_flag("--allow-insecure", arguments_.allow_insecure,
                     "Bind beyond this machine without encryption and authentication");
    add_engine_options(command);
  }

  void add_audit() {
    CLI::App& audit = group(app_, "audit", "The record of what was evaluated",
                            "  caveat audit list --audit audit.db\n  caveat audit verify --audit audit.db");
    CLI::App& listing = leaf(audit, "list", "List the records, the oldest first", run_audit_list,
                             "  caveat audit list --audit audit.db\n  caveat audit list --audit audit.db --last 20");
    choice(listing, "--format", arguments_.format, listing_formats(), "How they are shown");
    option(listing, "--last", arguments_.last, "N", "Only the newest N [all]");
    add_audit_options(listing);
    CLI::App& show = leaf(audit, "show", "Show a record, and what the engine had loaded", run_audit_show,
                          "  caveat audit show 2 --audit audit.db\n"
                          "  caveat audit show 2 --audit audit.db --format json");
    word(show, "ID", "The number of a record, or the id of an evaluation", false, false);
    choice(show, "--format", arguments_.format, listing_formats(), "How it is shown");
    add_audit_options(show);
    add_audit_replay(audit);
    CLI::App& stats = leaf(audit, "stats", "Count how evaluations came out, and which rules people override",
                           run_audit_stats, "  caveat audit stats --audit audit.db");
    choice(stats, "--format", arguments_.format, listing_formats(), "How they are shown");
    add_audit_options(stats);
    CLI::App& exported = leaf(audit, "export", "Print all records as JSON, one a line", run_audit_export,
                              "  caveat audit export --audit audit.db\n"
                              "  caveat audit export --audit audit.db --last 100");
    option(exported, "--last", arguments_.last, "N", "Only the newest N [all]");
    add_audit_options(exported);
    CLI::App& verify =
        leaf(audit, "verify", "Check that nothing of the log was changed, removed or cut off: 0 holds, 1 not",
             run_audit_verify,
             "  caveat audit verify --audit audit.db\n"
             "  caveat audit verify --audit audit.db --anchor /media/safe/audit.db.anchor");
    choice(verify, "--format", arguments_.format, listing_formats(), "How what was found is shown");
    option(verify, "--anchor", arguments_.anchor, "FILE", "A copy of the log's anchor, kept elsewhere [FILE.anchor]");
    add_audit_options(verify);
  }

  void add_audit_replay(CLI::App& audit) {
    CLI::App& replay =
        leaf(audit, "replay", "Evaluate again what was recorded, with the packs of then: 0 the same bytes, 1 not",
             run_audit_replay, "  caveat audit replay 2 --audit audit.db --profile examples/profiles/clear.toml");
    word(replay, "ID", "The number of a record, or the id of an evaluation", false, false);
    option(replay, "--profile", arguments_.profile, "FILE", "The profile that was evaluated [the one that is kept]");
    add_profiles_key(replay);
    list(replay, "--plugins", arguments_.plugins, "DIR", "A folder of plugins; may be repeated [beside the command]");
    add_config(replay);
    add_profile_options(replay);
    add_audit_options(replay);
  }

  void add_audit_options(CLI::App& command) {
    option(command, "--audit", arguments_.audit, "FILE", "The log")->required();
    option(command, "--audit-key", arguments_.audit_key, "FILE", "Its key [FILE.key]");
    add_log_level(command);
  }
};

const CLI::App* deepest(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + ' ' + command.get_name();
}

Values names_of_commands(const CLI::App& command) {
  Values names;
  for (const CLI::App* each : command.get_subcommands({})) names.push_back(each->get_name());
  return names;
}

Values names_of_options(const CLI::App& command) {
  Values names;
  for (const CLI::Option* each : command.get_options()) {
    for (const std::string& name : each->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string joined(const Values& words) {
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

void explain_unknown_word(Parsed& parsed, const CLI::App& command, const std::string& word) {
  const bool is_option = word.starts_with('-');
  const bool has_commands = !command.get_subcommands({}).empty();
  const Values candidates = is_option ? names_of_options(command) : names_of_commands(command);
  const std::string text = in_backticks(is_option ? word.substr(0, word.find('=')) : word);
  if (!is_option && has_commands) {
    parsed.problem = "`" + full_name(command) + "` has no command " + text;
    parsed.help = did_you_mean(word, candidates);
    if (parsed.help.empty()) parsed.help = "one of " + joined(candidates);
    return;
  }
  parsed.problem = "`" + full_name(command) + "` " + (is_option ? "has no option " : "does not expect ") + text;
  parsed.help = is_option ? did_you_mean(word.substr(0, word.find('=')), candidates) : "";
  if (parsed.help.empty()) parsed.help = "see `" + full_name(command) + " --help`";
}

// A lower-case beginning, unless it is the name of an argument.
std::string in_our_voice(std::string text) {
  const auto is_upper = [&](std::size_t at) { return at < text.size() && text[at] >= 'A' && text[at] <= 'Z'; };
  if (is_upper(0) && !is_upper(1)) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

void explain(Parsed& parsed, const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = *deepest(app);
  const std::vector<std::string> extra = app.remaining(true);
  const bool wants_command = !command.get_subcommands({}).empty();
  parsed.finished = true;
  parsed.exit_code = kBadInput;
  if (!extra.empty()) return explain_unknown_word(parsed, command, extra.front());
  if (wants_command) {
    parsed.problem = "`" + full_name(command) + "` needs a command";
    parsed.help = "one of " + joined(names_of_commands(command)) + "; see `" + full_name(command) + " --help`";
    return;
  }
  parsed.problem = in_our_voice(error.what());
  parsed.help = "see `" + full_name(command) + " --help`";
}

void refuse_surplus(Parsed& parsed, const CommandLine& line) {
  const CLI::App& command = *deepest(line.app());
  const std::vector<std::string>& words = parsed.arguments.words;
  if (!line.takes_one_word(command) || words.size() < 2) return;
  parsed.finished = true;
  parsed.exit_code = kBadInput;
  parsed.problem = "`" + full_name(command) + "` does not expect " + in_backticks(words[1]);
  parsed.help = "see `" + full_name(command) + " --help`";
}

}  // namespace

Parsed parse_arguments(int argc, const char* const* argv) {
  Parsed parsed;
  CommandLine line(parsed.arguments);
  try {
    line.app().parse(argc, argv);
    refuse_surplus(parsed, line);
  } catch (const CLI::CallForHelp&) {
    parsed.out = deepest(line.app())->help();
    parsed.finished = true;
  } catch (const CLI::CallForVersion& version) {
    parsed.out = std::string(version.what()) + '\n';
    parsed.finished = true;
  } catch (const CLI::ParseError& error) {
    explain(parsed, line.app(), error);
  }
  return parsed;
}

CommandSummary command_tree() {
  Arguments unused;
  return CommandLine(unused).summary();
}

const Values& evaluation_formats() {
  static const Values values = {"text", "json", "markdown", "html", "fhir"};
  return values;
}

const Values& listing_formats() {
  static const Values values = {"text", "json"};
  return values;
}

const Values& explain_levels() {
  static const Values values = {"none", "brief", "full"};
  return values;
}

const Values& disposition_names() {
  static const Values values = {"refer", "incomplete", "insufficient-information", "no-contraindication-found"};
  return values;
}

const Values& shells() {
  static const Values values = {"bash", "zsh", "fish"};
  return values;
}

const Values& role_names() {
  static const Values values = {"bars", "suggests", "informs"};
  return values;
}

}  // namespace caveat::cli
