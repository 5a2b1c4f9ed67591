// `caveat completion SHELL`: scripts made of the same tree that parses. Options and commands are listed in the scripts,
// so that completing starts no process.
#include "commands.hpp"
#include "profiles.hpp"

namespace caveat::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string option_names(const CommandSummary& command) {
  std::string out;
  for (const OptionSummary& option : command.options) out += (out.empty() ? "" : " ") + joined(option.names);
  return out;
}

std::string command_names(const CommandSummary& command) {
  std::string out;
  for (const CommandSummary& each : command.commands) out += (out.empty() ? "" : " ") + each.name;
  return out;
}

// For inside single quotes, alike in all three shells.
std::string with_quotes_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out;
}

std::string shell_quoted(const std::string& text) { return "'" + with_quotes_escaped(text) + "'"; }

// Calls `visit(path, command)` for each command; `path` is what stands before it: ``, `rules`.
template <class Visit>
void for_each_command(const CommandSummary& command, const std::string& path, const Visit& visit) {
  visit(path, command);
  for (const CommandSummary& each : command.commands) {
    for_each_command(each, path.empty() ? each.name : path + " " + each.name, visit);
  }
}

std::string bash_case(const std::string& path, const CommandSummary& command) {
  std::string out = "    " + shell_quoted(path) + ")\n      options=" + shell_quoted(option_names(command)) + "\n";
  out += "      words=" + shell_quoted(joined(command.values) + command_names(command)) + "\n";
  if (command.takes_files) out += "      files=yes\n";
  std::string valued;
  out += "      case \"$previous\" in\n";
  for (const OptionSummary& option : command.options) {
    std::string names;
    for (const std::string& name : option.names) names += (names.empty() ? "" : "|") + name;
    const std::string values = shell_quoted(joined(option.values));
    if (!option.values.empty())
      out += "        " + names + ") COMPREPLY=($(compgen -W " + values + " -- \"$current\")); return ;;\n";
    else if (option.takes_value)
      valued += (valued.empty() ? "" : "|") + names;
  }
  if (!valued.empty()) out += "        " + valued + ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n";
  return out + "      esac ;;\n";
}

std::string bash_script(const CommandSummary& root) {
  std::string out =
      "# bash completion for caveat: source it, or put it in bash-completion's folder\n"
      "_caveat() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path='' word options='' words='' "
      "files=''\n"
      "  COMPREPLY=()\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$path|$word\" in\n";
  for (const CommandSummary& each : root.commands) {
    out += "      " + shell_quoted("|" + each.name) + ") path=" + shell_quoted(each.name) + " ;;\n";
    for (const CommandSummary& inner : each.commands) {
      out += "      " + shell_quoted(each.name + "|" + inner.name) +
             ") path=" + shell_quoted(each.name + " " + inner.name) + " ;;\n";
    }
  }
  out += "    esac\n  done\n  case \"$path\" in\n";
  for_each_command(root, "",
                   [&](const std::string& path, const CommandSummary& command) { out += bash_case(path, command); });
  out +=
      "  esac\n"
      "  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
      "  elif [[ -n $words ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  elif [[ -n $files ]]; then COMPREPLY=($(compgen -f -- \"$current\")); fi\n"
      "}\n"
      "complete -o filenames -F _caveat caveat\n";
  return out;
}

// zsh: brackets and colons have a meaning of their own in specifications.
std::string zsh_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return with_quotes_escaped(out);
}

std::string zsh_argument(const OptionSummary& option) {
  if (!option.takes_value) return {};
  return option.values.empty() ? ":value:_files" : ":value:(" + joined(option.values) + ")";
}

std::string zsh_options(const CommandSummary& command) {
  std::string out;
  for (const OptionSummary& option : command.options) {
    for (const std::string& each : option.names) {
      out += "    '*" + each + "[" + zsh_escaped(option.description) + "]" + zsh_argument(option) + "' \\\n";
    }
  }
  return out;
}

// The rest of the line belongs to the command below, which sees its own name as its first word.
std::string zsh_descent(const std::string& name, const CommandSummary& command) {
  std::string out = "    '1:command:((";
  for (const CommandSummary& each : command.commands) {
    out += each.name + "\\:\"" + zsh_escaped(each.description) + "\" ";
  }
  out += "))' '*:::argument:->rest'\n  [[ $state == rest ]] || return\n";
  out += "  words=($line[1] \"${words[@]}\")\n  (( CURRENT += 1 ))\n  case $line[1] in\n";
  for (const CommandSummary& each : command.commands) {
    out += "    " + each.name + ") " + name + "_" + each.name + " ;;\n";
  }
  return out + "  esac\n}\n";
}

std::string zsh_function(const std::string& path, const CommandSummary& command) {
  std::string name = "_caveat";
  for (const char c : path.empty() ? path : " " + path) name += c == ' ' ? '_' : c;
  std::string out = name + "() {\n  local context state line\n  typeset -A opt_args\n  _arguments -C \\\n";
  out += zsh_options(command);
  if (!command.commands.empty()) return out + zsh_descent(name, command);
  std::string words = command.takes_files ? "_files" : "";
  if (!command.values.empty()) words = "(" + joined(command.values) + ")";
  return out + "    '*:word:" + words + "'\n}\n";
}

std::string zsh_script(const CommandSummary& root) {
  std::string out = "#compdef caveat\n# zsh completion for caveat: put it on $fpath as _caveat\n";
  for_each_command(root, "",
                   [&](const std::string& path, const CommandSummary& command) { out += zsh_function(path, command); });
  return out + "if [[ $funcstack[1] == _caveat ]]; then _caveat \"$@\"; else compdef _caveat caveat; fi\n";
}

std::string fish_condition(const std::string& path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string out;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(' ', begin), path.size());
    out +=
        (out.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") + path.substr(begin, end - begin);
    begin = end + 1;
  }
  return out;
}

void fish_lines(const std::string& path, const CommandSummary& command, std::string& out) {
  const std::string head = "complete -c caveat -n " + shell_quoted(fish_condition(path));
  std::string inner = fish_condition(path);
  if (!path.empty() && !command.commands.empty())
    inner += "; and not __fish_seen_subcommand_from " + command_names(command);
  for (const CommandSummary& each : command.commands) {
    out += "complete -c caveat -f -n " + shell_quoted(inner) + " -a " + each.name + " -d " +
           shell_quoted(each.description) + "\n";
  }
  if (!command.values.empty()) out += head + " -f -a " + shell_quoted(joined(command.values)) + "\n";
  for (const OptionSummary& option : command.options) {
    out += head;
    for (const std::string& name : option.names)
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.values.empty())
      out += " -x -a " + shell_quoted(joined(option.values));
    else if (option.takes_value)
      out += " -r";
    out += " -d " + shell_quoted(option.description) + "\n";
  }
}

std::string fish_script(const CommandSummary& root) {
  std::string out = "# fish completion for caveat: put it in ~/.config/fish/completions as caveat.fish\n";
  for_each_command(root, "",
                   [&](const std::string& path, const CommandSummary& command) { fish_lines(path, command, out); });
  return out;
}

}  // namespace

int run_completion(const Arguments& arguments, Console& console) {
  const std::string& shell = arguments.words.front();
  if (auto known = check_choice("SHELL", shell, shells()); !known) return console.report(known.error());
  const CommandSummary root = command_tree();
  console.out(shell == "bash" ? bash_script(root) : shell == "zsh" ? zsh_script(root) : fish_script(root));
  return kDone;
}

}  // namespace caveat::cli
