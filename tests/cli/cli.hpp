// Runs the built `caveat` as a user does, from the top of the source tree.
#pragma once

#include "support/catch.hpp"
#include "support/process.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caveat::testing {

inline const std::filesystem::path kSource = CAVEAT_SOURCE_DIR;
inline const std::filesystem::path kBuild = CAVEAT_BINARY_DIR;
inline const std::filesystem::path kPlugins = kBuild / "lib/caveat/plugins";
inline const std::string kAt = "2026-11-22T10:00:00Z";

using Arguments = std::vector<std::string>;
using Environment = std::vector<std::pair<std::string, std::string>>;

/// Nothing of the caller's environment steers the command.
inline Finished run_caveat(Arguments arguments, std::string input = {}, const Environment& more = {}) {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), (kBuild / "bin/caveat").string());
  command.input = std::move(input);
  command.environment = {{"CAVEAT_RULES", "-unset-"}, {"CAVEAT_PLUGINS", "-unset-"}, {"CAVEAT_LOG", "-unset-"},
                         {"CAVEAT_CONFIG", "-unset-"}, {"CAVEAT_KEY_PASSWORD", "-unset-"}, {"NO_COLOR", "-unset-"}};
  for (const auto& each : more) command.environment.push_back(each);
  command.directory = kSource;
  Finished finished = run(command);
  INFO("standard error: " << finished.err);
  CHECK(finished.signal == 0);
  CHECK_FALSE(finished.timed_out);
  return finished;
}

/// Through a shell, for redirections. `caveat` in the script is the built command.
inline Finished shell(const std::string& script, const std::filesystem::path& directory = kSource,
                      const Environment& more = {}) {
  Command command;
  command.arguments = {"/bin/bash", "-c", "caveat() { \"$CAVEAT_UNDER_TEST\" \"$@\"; }\n" + script};
  command.environment = {{"CAVEAT_UNDER_TEST", (kBuild / "bin/caveat").string()}, {"CAVEAT_RULES", "-unset-"},
                         {"CAVEAT_PLUGINS", "-unset-"}, {"CAVEAT_LOG", "-unset-"}, {"CAVEAT_CONFIG", "-unset-"},
                         {"NO_COLOR", "-unset-"}};
  for (const auto& each : more) command.environment.push_back(each);
  command.directory = directory;
  return run(command);
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder of one's own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "caveat-cli-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string string() const { return path_.string(); }

  /// Writes a file, with the folders it needs; its path.
  std::string write(const std::string& name, std::string_view text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

/// A small pack of one's own; `rules` is added to its facts and header.
inline std::string write_pack(
    const Folder& folder, const std::string& id, std::string_view rules,
    std::string_view facts = "[fact.tired]\ntype = \"boolean\"\nlabel = \"Tiredness\"\nask = \"Tired?\"\n") {
  folder.write(id + "/pack.toml",
               "[pack]\nid = \"" + id +
                   "\"\nversion = \"1.0.0\"\nstatus = \"draft\"\nauthors = [\"A. Author\"]\n"
                   "requires.plugins = [\"caveat.contraindications\"]\ntitle = \"A pack\"\ndefer_to = \"nurse\"\n"
                   "deferral = \"A nurse decides.\"\nat = 2026-11-22T10:00:00Z\n\n[[source]]\nid = \"leaflet\"\ntitle "
                   "= \"A leaflet\"\n");
  folder.write(id + "/facts.toml", facts);
  folder.write(id + "/rules.toml", rules);
  return folder / id;
}

inline constexpr std::string_view kTiredRule =
    "[[contraindication]]\nid = \"tired\"\nwhen = \"tired\"\ntitle = \"Tiredness\"\n"
    "says = \"People who are tired are asked to speak to the nurse.\"\ncite = \"leaflet\"\n";

}  // namespace caveat::testing
