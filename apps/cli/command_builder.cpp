#include "command_builder.hpp"

#include "base/log.hpp"

namespace caveat::cli {

// CLI11's layout, with the whole name of a command in its usage line, and without marks for what the descriptions say.
class HelpFormat : public CLI::Formatter {
 public:
  std::set<const CLI::Option*> several;  ///< arguments that may be given more than once

  std::string make_usage(const CLI::App* app, std::string name) const override {
    const CLI::App* parent = app->get_parent();
    for (; parent != nullptr; parent = parent->get_parent()) name.insert(0, parent->get_name() + ' ');
    return CLI::Formatter::make_usage(app, name);
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string name = option->get_name(true) + (several.count(option) > 0 ? "..." : "");
    return option->get_required() ? name : '[' + name + ']';
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_size() == 0 ? "" : option->get_type_name();
    return type.empty() ? "" : ' ' + type;
  }
};

namespace {

constexpr const char* kProgram = "caveat";

std::shared_ptr<HelpFormat> make_format() {
  auto format = std::make_shared<HelpFormat>();
  constexpr std::size_t kColumn = 28;
  format->column_width(kColumn);
  format->label("REQUIRED", "");
  format->label("Positionals", "Arguments");
  format->label("SUBCOMMAND", "COMMAND");
  return format;
}

}  // namespace

CommandBuilder::CommandBuilder(Arguments& arguments)
    : arguments_(arguments), format_(make_format()), app_("", kProgram) {
  app_.formatter(format_);
}

CLI::App& CommandBuilder::leaf(CLI::App& parent, const std::string& name, const std::string& description, Run run,
                               const std::string& examples) {
  CLI::App& command = group(parent, name, description, examples);
  command.require_subcommand(0);
  command.callback([this, run, &command] {
    arguments_.run = run;
    arguments_.configurable = command.get_option_no_throw("--config") != nullptr;
  });
  return command;
}

CLI::App& CommandBuilder::group(CLI::App& parent, const std::string& name, const std::string& description,
                                const std::string& examples) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.group("Commands");
  command.require_subcommand(1);
  command.footer("Examples:\n" + examples);
  return command;
}

void CommandBuilder::word(CLI::App& command, const std::string& name, const std::string& description, bool several,
                          bool files, bool required) {
  CLI::Option* positional = command.add_option(name, arguments_.words, description);
  positional->type_name("")->required(required);
  takes_files_[&command] = files;
  if (several)
    format_->several.insert(positional);
  else
    takes_one_.insert(&command);
}

CLI::Option* CommandBuilder::option(CLI::App& command, const std::string& name, std::string& target, const char* type,
                                    const std::string& description) {
  return command.add_option(name, target, description)->type_name(type);
}

void CommandBuilder::choice(CLI::App& command, const std::string& name, std::string& target, const Values& values,
                            const std::string& description) {
  std::string type;
  for (const std::string& value : values) type += (type.empty() ? "" : "|") + value;
  option(command, name, target, type.c_str(), description);
  closed_[{&command, name}] = values;
}

void CommandBuilder::list(CLI::App& command, const std::string& name, Values& target, const char* type,
                          const std::string& description, bool commas) {
  CLI::Option* added = command.add_option(name, target, description);
  added->type_name(type)->type_size(1)->allow_extra_args(false);
  if (commas) added->delimiter(',');
}

void CommandBuilder::add_profile_options(CLI::App& command) {
  option(command, "--patient", arguments_.patient, "ID", "The patient, where a FHIR record tells of several");
  command.add_flag("--lenient", arguments_.lenient, "Warn of facts that nothing declares, instead of refusing them");
  option(command, "--limit-bytes", arguments_.bytes_max, "N", "Largest profile, in bytes [16777216]");
  option(command, "--limit-depth", arguments_.depth_max, "N", "Deepest nesting in a profile [32]");
  option(command, "--limit-facts", arguments_.facts_max, "N", "Most facts in a profile [10000]");
}

void CommandBuilder::add_engine_options(CLI::App& command) {
  list(command, "--rules", arguments_.rules, "DIR",
       "A pack or a folder of packs; may be repeated [beside the command]");
  list(command, "--plugins", arguments_.plugins, "DIR", "A folder of plugins; may be repeated [beside the command]");
  option(command, "--wording", arguments_.wording, "DIR", "The guard's folder of lexicons [`wording` in the rules]");
  add_config(command);
  add_log_level(command);
}

void CommandBuilder::add_config(CLI::App& command) {
  option(command, "--config", arguments_.config, "FILE", "The site's configuration [CAVEAT_CONFIG, else none]");
}

void CommandBuilder::add_log_level(CLI::App& command) {
  choice(command, "--log-level", arguments_.log_level, log_level_names(), "What is logged to standard error [warn]");
}

CommandSummary CommandBuilder::summarize(const CLI::App& command) const {
  CommandSummary out;
  out.name = command.get_name();
  out.description = command.get_description();
  if (const auto files = takes_files_.find(&command); files != takes_files_.end()) out.takes_files = files->second;
  if (const auto values = word_values_.find(&command); values != word_values_.end()) {
    out.values = values->second;
    out.takes_files = false;
  }
  for (const CLI::Option* each : command.get_options()) {
    const bool hidden = each->get_group().empty();
    if (!each->get_positional() && !hidden) out.options.push_back(summarize(command, *each));
  }
  for (const CLI::App* each : command.get_subcommands({})) out.commands.push_back(summarize(*each));
  return out;
}

OptionSummary CommandBuilder::summarize(const CLI::App& command, const CLI::Option& each) const {
  OptionSummary out;
  for (const std::string& name : each.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : each.get_lnames()) out.names.push_back("--" + name);
  out.description = each.get_description();
  out.takes_value = each.get_expected_max() > 0;
  const std::string name = out.names.back();
  if (const auto closed = closed_.find({&command, name}); closed != closed_.end()) out.values = closed->second;
  if (const auto shared = values_.find(name); shared != values_.end()) out.values = shared->second;
  return out;
}

}  // namespace caveat::cli
