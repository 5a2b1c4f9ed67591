// What commands and options are made of, over CLI11. What CLI11 does not keep (closed sets of values, which words are
// files) stands beside it. Included only where commands are declared: CLI11 takes long to compile.
#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace caveat::cli {

class HelpFormat;

class CommandBuilder {
 public:
  using Values = std::vector<std::string>;

  /// `arguments` outlives it, and is filled when app() parses.
  explicit CommandBuilder(Arguments& arguments);

  CLI::App& app() { return app_; }
  [[nodiscard]] const CLI::App& app() const { return app_; }
  [[nodiscard]] CommandSummary summary() const { return summarize(app_); }
  [[nodiscard]] bool takes_one_word(const CLI::App& command) const { return takes_one_.count(&command) > 0; }
  [[nodiscard]] Arguments& arguments() { return arguments_; }

  /// A command that is run, and one that only has commands below it.
  CLI::App& leaf(CLI::App& parent, const std::string& name, const std::string& description, Run run,
                 const std::string& examples);
  CLI::App& group(CLI::App& parent, const std::string& name, const std::string& description,
                  const std::string& examples);

  /// What a command takes beside its options.
  void word(CLI::App& command, const std::string& name, const std::string& description, bool several, bool files = true,
            bool required = true);

  static CLI::Option* option(CLI::App& command, const std::string& name, std::string& target, const char* type,
                             const std::string& description);
  static void list(CLI::App& command, const std::string& name, Values& target, const char* type,
                   const std::string& description, bool commas = false);
  /// An option that takes one of `values`.
  void choice(CLI::App& command, const std::string& name, std::string& target, const Values& values,
              const std::string& description);

  void add_profile_options(CLI::App& command);
  /// Where rules, plugins and lexicons are, and the configuration.
  void add_engine_options(CLI::App& command);
  void add_config(CLI::App& command);
  void add_log_level(CLI::App& command);

 protected:
  Arguments& arguments_;
  std::shared_ptr<HelpFormat> format_;
  CLI::App app_;
  std::map<std::string, Values> values_;           ///< what options of these names take, wherever they are
  std::map<const CLI::App*, Values> word_values_;  ///< what a command's word is one of

 private:
  [[nodiscard]] CommandSummary summarize(const CLI::App& command) const;
  [[nodiscard]] OptionSummary summarize(const CLI::App& command, const CLI::Option& each) const;

  std::map<std::pair<const CLI::App*, std::string>, Values> closed_;
  std::map<const CLI::App*, bool> takes_files_;
  std::set<const CLI::App*> takes_one_;
};

/// `plugin new`, `check`.
void add_author_commands(CommandBuilder& builder, CLI::App& plugin);
/// `plugin keygen`, `sign`, `verify`, `trust`.
void add_trust_commands(CommandBuilder& builder, CLI::App& plugin);

}  // namespace caveat::cli
