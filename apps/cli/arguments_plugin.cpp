// The commands for a plugin's author.
#include "command_builder.hpp"
#include "commands.hpp"

namespace caveat::cli {

namespace {

const std::string kCheckTimeline = "  caveat plugin check build/release/lib/caveat/plugins/timeline.so";

void add_new(CommandBuilder& builder, CLI::App& plugin) {
  CLI::App& command =
      builder.leaf(plugin, "new", "Write a project for a new plugin: the folder NAME here", run_plugin_new,
                   "  caveat plugin new vaccine-intervals\n  caveat plugin new dose-limits --lang c");
  builder.word(command, "NAME", "The plugin's name: small letters, digits and `-`", false, false);
  builder.choice(command, "--lang", builder.arguments().plugin_language, plugin_languages(),
                 "The language of its code [cpp]");
}

void add_check(CommandBuilder& builder, CLI::App& plugin) {
  Arguments& to = builder.arguments();
  CLI::App& command = builder.leaf(
      plugin, "check", "Check a plugin as an engine relies on it: 0 all holds, 1 something does not", run_plugin_check,
      kCheckTimeline + "\n" + kCheckTimeline + " --only logic --json\n  caveat plugin check --list");
  builder.word(command, "FILE", "A plugin's library", false, true, false);
  builder.list(command, "--only", to.only, "CHECK", "Only this check, or this group of checks; may be repeated");
  builder.option(command, "--seed", to.seed, "N", "What profiles and rules are made up from [1]");
  builder.option(command, "--time-limit", to.time_limit, "SECONDS", "How long one check may take [60]");
  command.add_flag("--json", to.json, "Show the result as JSON");
  command.add_flag("--list", to.list, "List the checks and what each holds, and end");
  command.add_flag("--alone", to.alone)->group("");
  builder.list(command, "--rules", to.rules, "DIR", "Also try it on real packs: a pack or a folder of packs");
  builder.list(command, "--plugins", to.plugins, "DIR",
               "A folder of plugins that those packs need [beside the command]");
  builder.option(command, "--wording", to.wording, "DIR", "The guard's folder of lexicons [`wording` in the rules]");
  builder.add_log_level(command);
}

}  // namespace

void add_author_commands(CommandBuilder& builder, CLI::App& plugin) {
  add_new(builder, plugin);
  add_check(builder, plugin);
}

}  // namespace caveat::cli
