// What the wording tests share: the shipped guard, scratch folders for lexicons of their own, and lists of texts.
#pragma once

#include "support/catch.hpp"
#include "wording/guard.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::wording_test {

inline std::filesystem::path lexicons() { return std::filesystem::path(CAVEAT_SOURCE_DIR) / "rules" / "wording"; }

inline const Guard& guard() {
  static const auto loaded = Guard::load(lexicons());
  REQUIRE(loaded);
  return *loaded;
}

/// A folder that is gone when the test ends.
class ScratchFolder {
 public:
  explicit ScratchFolder(std::string_view name)
      : path_(std::filesystem::path(CAVEAT_BINARY_DIR) / ("scratch_wording_" + std::string(name))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(std::string_view file, std::string_view text) const { std::ofstream(path_ / file) << text; }

 private:
  std::filesystem::path path_;
};

struct ListedText {
  bool refused = false;
  std::string text;
};

/// A list of texts: `R text` must be refused, `P text` must pass; `#` starts a comment.
inline std::vector<ListedText> read_list(std::string_view name) {
  std::ifstream file(std::filesystem::path(CAVEAT_SOURCE_DIR) / "tests/unit/wording" / name);
  std::vector<ListedText> texts;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("R ") || line.starts_with("P ")) texts.push_back({line[0] == 'R', line.substr(2)});
  }
  return texts;
}

inline std::string describe(std::string_view text, const std::vector<Refusal>& refusals) {
  std::string result(text);
  for (const Refusal& refusal : refusals) {
    result += "\n  " + refusal.entry + ": " + std::string(text.substr(refusal.begin, refusal.end - refusal.begin));
  }
  return result;
}

}  // namespace caveat::wording_test
