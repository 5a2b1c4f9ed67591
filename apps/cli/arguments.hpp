// What was typed: commands and options as texts. Each command gives its own options their meaning.
#pragma once

#include <caveat/configuration.hpp>

#include <string>
#include <vector>

namespace caveat::cli {

class Console;
struct Arguments;

using Run = int (*)(const Arguments& arguments, Console& console);

struct Arguments {
  Run run = nullptr;               ///< the command that was chosen
  std::vector<std::string> words;  ///< what is no option: profiles, texts, a folder

  std::vector<std::string> rules, plugins, packs;
  std::string wording, log_level;
  std::string profile, patient, at, language = "en", format, explain;
  std::vector<std::string> exit_on;
  bool lenient = false, pretty = false;
  std::string bytes_max, depth_max, facts_max;
  std::string role, field;
  std::string audit, audit_key, profiles_key, anchor, last;
  bool keep_profiles = false, no_audit = false;
  std::string bind, port, tls_certificate, tls_key;
  bool allow_drafts = false, allow_insecure = false;

  std::string config;           ///< `--config FILE`
  bool configurable = false;    ///< the command takes `--config`
  Configuration configuration;  ///< what that file says, or every default; read before the command runs

  std::string key, lock, password_file;
  bool unencrypted = false, in_process = false;

  std::string plugin_language;
  std::string seed, time_limit;
  std::vector<std::string> only;
  bool json = false, list = false;
  bool alone = false;  ///< not for people: one check, here, reporting to a descriptor
};

/// An option or a value that stands for itself, for shell completion.
struct OptionSummary {
  std::vector<std::string> names;  ///< `--format`, `-h`
  std::string description;
  bool takes_value = false;
  std::vector<std::string> values;  ///< what it takes, when that is a closed set
};

/// One command with those below it.
struct CommandSummary {
  std::string name;
  std::string description;
  bool takes_files = false;         ///< its words are files or folders
  std::vector<std::string> values;  ///< its words, when they are a closed set
  std::vector<OptionSummary> options;
  std::vector<CommandSummary> commands;
};

/// What parsing came to: a command to run, or a text to show and an exit code.
struct Parsed {
  Arguments arguments;
  bool finished = false;
  int exit_code = 0;
  std::string out;      ///< help or version
  std::string problem;  ///< why the arguments cannot be understood
  std::string help;     ///< and what to do
};

Parsed parse_arguments(int argc, const char* const* argv);

/// The whole tree of commands, from the same definitions that parse.
CommandSummary command_tree();

/// Values of options that are a closed set. The first of each list is the default where there is one.
const std::vector<std::string>& evaluation_formats();
const std::vector<std::string>& listing_formats();
const std::vector<std::string>& explain_levels();
const std::vector<std::string>& disposition_names();
const std::vector<std::string>& shells();
const std::vector<std::string>& role_names();
const std::vector<std::string>& plugin_languages();
const std::vector<std::string>& plugin_check_names();

}  // namespace caveat::cli
