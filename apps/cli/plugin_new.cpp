// `caveat plugin new`: a project that builds against the installed SDK, from the templates beside the command. A
// template is itself a working project; its own name is all that is replaced in it.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/quote.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <system_error>

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNameMax = 40;

/// The parts of a template, in the order in which they are copied: what all languages share first.
struct Language {
  std::string_view name;
  std::array<std::string_view, 3> parts;
  std::string_view next;  ///< how the project is built, and what comes of it
};

constexpr std::array<Language, 3> kLanguages = {{
    {"cpp", {"all", "cmake", "cpp"}, "cmake -S . -B build -DCMAKE_PREFIX_PATH=… && cmake --build build"},
    {"c", {"all", "cmake", "c"}, "cmake -S . -B build -DCMAKE_PREFIX_PATH=… && cmake --build build"},
    {"rust", {"all", "rust", ""}, "cargo build --release"},
}};

const Language* find_language(std::string_view name) {
  const auto found =
      std::find_if(kLanguages.begin(), kLanguages.end(), [&](const Language& each) { return each.name == name; });
  return found == kLanguages.end() ? nullptr : &*found;
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_joint(char c) { return c == '-' || c == '_'; }

Result<void> check_name(const std::string& name) {
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || is_joint(c); };
  const auto both_joints = [](char a, char b) { return is_joint(a) && is_joint(b); };
  const bool good = !name.empty() && name.size() <= kNameMax && is_letter(name.front()) && !is_joint(name.back()) &&
                    std::all_of(name.begin(), name.end(), allowed) &&
                    std::adjacent_find(name.begin(), name.end(), both_joints) == name.end();
  if (good) return {};
  return Failure(usage_error(in_backticks(name) + " is no name for a plugin",
                             "small letters, digits and single `-`, beginning with a letter, at most " +
                                 std::to_string(kNameMax) + ": `vaccine-intervals`"));
}

std::string joined_by(std::string name, char joint) {
  std::replace_if(name.begin(), name.end(), is_joint, joint);
  return name;
}

std::string in_pascal_case(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (!is_joint(c)) out += upper && is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    upper = is_joint(c);
  }
  return out;
}

/// The template's own name, in each of the ways in which it is written, and what takes its place.
std::string renamed(std::string text, const std::string& name) {
  const std::pair<std::string_view, std::string> names[] = {
      {"caveat-template", joined_by(name, '-')},
      {"caveat_template", joined_by(name, '_')},
      {"CaveatTemplate", in_pascal_case(name)},
  };
  for (const auto& [from, to] : names) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

Failure refuse(ErrorKind kind, std::string code, const fs::path& path, std::string message, std::string help = {}) {
  return fail(kind, {DiagnosticLevel::kError, std::move(code), Place{path.string(), 0, 0}, std::move(message),
                     std::move(help)});
}

/// The files of a language's template by where they go, their names replaced. A later part's file replaces an
/// earlier's.
Result<std::map<fs::path, std::string>> read_template(const Language& language, const std::string& name) {
  const fs::path root = template_folder();
  std::map<fs::path, std::string> files;
  for (const std::string_view part : language.parts) {
    if (part.empty()) continue;
    const fs::path folder = root / part;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_regular_file()) continue;
      auto text = read_text(at->path(), {}, ErrorKind::kLoad);
      if (!text) return Failure(text.error());
      files[fs::relative(at->path(), folder)] = renamed(std::move(*text), name);
    }
    if (!error) continue;
    return refuse(ErrorKind::kLoad, "no-template", folder, "the template cannot be read: " + error.message(),
                  "it comes with the SDK: install its component `sdk` where the command is installed");
  }
  return files;
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (error || !out) return refuse(ErrorKind::kInput, "not-written", path, "the file cannot be written");
  return {};
}

/// All files, or none: what was begun is taken away again.
Result<void> write_all(const fs::path& folder, const std::map<fs::path, std::string>& files) {
  std::error_code error;
  if (!fs::create_directory(folder, error)) {
    if (error && error != std::errc::file_exists)
      return refuse(ErrorKind::kInput, "not-written", folder, "the folder cannot be made: " + error.message());
    return refuse(ErrorKind::kInput, "already-there", folder, "there is already something of this name",
                  "choose another name, or go to another folder; nothing is written over");
  }
  for (const auto& [path, text] : files) {
    if (auto written = write_file(folder / path, text); !written) {
      fs::remove_all(folder, error);
      return written;
    }
  }
  return {};
}

}  // namespace

const std::vector<std::string>& plugin_languages() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Language& each : kLanguages) out.emplace_back(each.name);
    return out;
  }();
  return names;
}

int run_plugin_new(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.words.front();
  if (const auto good = check_name(name); !good) return console.report(good.error());
  const std::string chosen = arguments.plugin_language.empty() ? plugin_languages().front() : arguments.plugin_language;
  if (auto known = check_choice("--lang", chosen, plugin_languages()); !known) return console.report(known.error());
  const Language& language = *find_language(chosen);
  const auto files = read_template(language, name);
  if (!files) return console.report(files.error());
  if (const auto written = write_all(name, *files); !written) return console.report(written.error());
  for (const auto& [path, text] : *files) console.out_line((fs::path(name) / path).string());
  console.out_line("");
  console.out_line("Next: cd " + name + " && " + std::string(language.next));
  console.out_line(name + "/README.md says how it goes on.");
  return kDone;
}

}  // namespace caveat::cli
