#include "cli.hpp"

#include <algorithm>
#include <regex>

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kPlugins;
using caveat::testing::kSource;
using caveat::testing::lines_of;
using caveat::testing::run_caveat;

namespace {

struct Help {
  std::string command;  ///< `rules check`; empty for the root
  std::string text;
};

Arguments words_of(const std::string& text) {
  Arguments out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::vector<std::string> commands_in(const std::string& help) {
  std::vector<std::string> out;
  bool there = false;
  for (const std::string& line : lines_of(help)) {
    if (line == "Commands:")
      there = true;
    else if (there && line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
      out.push_back(words_of(line).front());
    else if (there && !line.starts_with(" "))
      there = false;
  }
  return out;
}

void collect(const std::string& command, std::vector<Help>& out) {
  Arguments arguments = words_of(command);
  arguments.push_back("--help");
  const auto result = run_caveat(arguments);
  INFO(command << ": " << result.err);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  out.push_back({command, result.out});
  for (const std::string& name : commands_in(result.out)) collect(command.empty() ? name : command + " " + name, out);
}

const std::vector<Help>& all_help() {
  static const std::vector<Help> all = [] {
    std::vector<Help> out;
    collect("", out);
    return out;
  }();
  return all;
}

std::vector<std::string> examples_in(const std::string& help) {
  std::vector<std::string> out;
  bool there = false;
  for (const std::string& line : lines_of(help)) {
    if (line == "Examples:")
      there = true;
    else if (there && line.starts_with("  "))
      out.push_back(line.substr(2));
  }
  return out;
}

// An example that names a log is given one of its own.
std::string with_log(std::string example, const std::string& log) {
  const std::string away = "/media/safe/", name = "audit.db";
  if (const auto at = example.find(away); at != std::string::npos) example.erase(at, away.size());
  for (auto at = example.find(name); at != std::string::npos; at = example.find(name, at + log.size()))
    example.replace(at, name.size(), log);
  return example;
}

// A service runs until it is told to end: it is told so as soon as it listens, on a port that is free.
std::string as_service(const std::string& example) {
  const std::string command = "caveat serve";
  if (!example.starts_with(command)) return example;
  const std::string port = contains(example, "--port") ? "" : " --port 0";
  return "exec 3< <(exec \"$CAVEAT_UNDER_TEST\" serve" + example.substr(command.size()) + port +
         " 2>&1); pid=$!\n"
         "while read -r line <&3; do echo \"$line\"; case $line in listening*) kill -TERM $pid;; esac; done\nwait $pid";
}

std::vector<std::string> options_in(const std::string& help) {
  static const std::regex option("^ +(-[a-z],)?(--[a-z-]+)");
  std::vector<std::string> out;
  for (const std::string& line : lines_of(help)) {
    std::smatch found;
    if (std::regex_search(line, found, option)) out.push_back(found[2]);
  }
  return out;
}

// A copy of what examples name, for each command: those that write a file write it there.
void fill(const Folder& folder) {
  const auto all = std::filesystem::copy_options::recursive;
  const std::filesystem::path plugins = folder / "build/release/lib/caveat/plugins";
  std::filesystem::create_directories(plugins);
  std::filesystem::copy(kPlugins, plugins, all);
  for (const char* each : {"examples", "rules"}) std::filesystem::copy(kSource / each, folder / each, all);
}

}  // namespace

TEST_CASE("cli.help: every command is there") {
  for (const char* command :
       {"evaluate",    "eval",          "facts",        "wording",    "rules check",  "rules test",
        "rules show",  "plugin list",   "plugin info",  "plugin new", "plugin check", "plugin keygen",
        "plugin sign", "plugin verify", "plugin trust", "audit list", "audit show",   "audit replay",
        "audit stats", "audit export",  "audit verify", "completion"}) {
    INFO(command);
    CHECK(std::any_of(all_help().begin(), all_help().end(), [&](const Help& help) { return help.command == command; }));
  }
}

TEST_CASE("cli.help: every command explains itself with examples that run") {
  REQUIRE(all_help().size() > 10);
  const Folder logs;
  const std::string log = logs / "audit.db";
  REQUIRE(run_caveat({"evaluate", "examples/profiles/clear.toml", "--audit", log}).exit_code == 0);
  for (const Help& help : all_help()) {
    if (help.command.empty()) continue;
    const auto examples = examples_in(help.text);
    INFO(help.command);
    CHECK_FALSE(examples.empty());
    const Folder folder;
    fill(folder);
    for (std::string example : examples) {
      example = with_log(std::move(example), log);
      const auto result =
          caveat::testing::shell(as_service(example), folder.string(), {{"XDG_STATE_HOME", folder.string()}});
      INFO(example << "\n" << result.err);
      // An example of --exit-on may well find what it looks for.
      CHECK((result.exit_code == 0 || (result.exit_code == 10 && contains(example, "--exit-on"))));
      CHECK_FALSE(result.out.empty());
    }
  }
}

TEST_CASE("cli.help: no line is wider than a terminal can be expected to show") {
  for (const Help& help : all_help()) {
    for (const std::string& line : lines_of(help.text)) {
      INFO(help.command << ": " << line);
      CHECK(line.size() <= 130);
    }
  }
}

TEST_CASE("cli.help: version") {
  const auto result = run_caveat({"--version"});
  CHECK(result.exit_code == 0);
  CHECK(result.out == "caveat " CAVEAT_VERSION "\n");
}

TEST_CASE("cli.usage: what cannot be understood ends with 2, and says what may be meant") {
  struct Wrong {
    Arguments arguments;
    std::string_view says;
  };
  const std::vector<Wrong> all = {
      {{}, "needs a command"},
      {{"evalute", "p.toml"}, "did you mean `evaluate`?"},
      {{"nonsense"}, "one of evaluate"},
      {{"rules"}, "needs a command"},
      {{"rules", "chekc", "rules"}, "did you mean `check`?"},
      {{"evaluate"}, "PROFILE"},
      {{"evaluate", "--fromat", "json", "p.toml"}, "did you mean `--format`?"},
      {{"evaluate", "--formt=json", "p.toml"}, "did you mean `--format`?"},
      {{"evaluate", "p.toml", "--format"}, "--format"},
      {{"facts", "surplus"}, "does not expect `surplus`"},
      {{"eval", "1", "2"}, "does not expect `2`"},
      {{"rules", "check", "a", "b"}, "does not expect `b`"},
      {{"completion", "tcsh"}, "one of bash"},
      {{"--nonsense"}, "`--nonsense`"},
  };
  for (const Wrong& wrong : all) {
    const auto result = run_caveat(wrong.arguments);
    INFO(wrong.says << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "error: "));
    CHECK(contains(result.err, wrong.says));
  }
}

TEST_CASE("cli.usage: words after two hyphens are no options") {
  CHECK(run_caveat({"wording", "--", "-x"}).out == "ok\n");
  CHECK(run_caveat({"evaluate", "--", "--format"}).exit_code == 2);
}

TEST_CASE("cli.completion: every command and option is in every shell's script") {
  REQUIRE(all_help().size() > 10);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto result = run_caveat({"completion", shell});
    CHECK(result.exit_code == 0);
    for (const Help& help : all_help()) {
      for (const std::string& option : options_in(help.text)) {
        INFO(shell << ": " << help.command << ' ' << option);
        CHECK(contains(result.out, std::string(shell) == "fish" ? "-l " + option.substr(2) : option));
      }
      for (const std::string& word : words_of(help.command)) CHECK(contains(result.out, word));
    }
  }
}

TEST_CASE("cli.completion: bash completes commands, options, values and files") {
  const auto complete = [](const std::string& words, int index) {
    return caveat::testing::shell("source <(caveat completion bash); COMP_WORDS=(" + words + "); COMP_CWORD=" +
                                  std::to_string(index) + "; _caveat; printf '%s\\n' \"${COMPREPLY[@]}\"")
        .out;
  };
  CHECK(complete("caveat ev", 1) == "evaluate\neval\n");
  CHECK(complete("caveat rules ''", 2) == "check\ntest\nshow\n");
  CHECK(complete("caveat evaluate --form", 2) == "--format\n");
  CHECK(complete("caveat evaluate x.toml --format j", 4) == "json\n");
  CHECK(complete("caveat completion f", 2) == "fish\n");
  CHECK(contains(complete("caveat rules check --r", 3), "--rules"));
  CHECK(contains(complete("caveat evaluate examples/profiles/cl", 2), "examples/profiles/clear.toml"));
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = run_caveat({"completion", shell}).out;
    const auto checked =
        caveat::testing::shell("command -v " + std::string(shell) + " > /dev/null || exit 77; caveat completion " +
                               shell + " | " + shell + " -n");
    if (checked.exit_code == 77) {
      WARN("no " << shell << " here: its script was not read by it");
    } else {
      INFO(checked.err);
      CHECK(checked.exit_code == 0);
    }
  }
}
