#include "base/source_file.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace caveat {

namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kDigits = 64;
constexpr std::string_view kBetween = "  ";

}  // namespace

std::string listing(const std::vector<SourceFile>& files) {
  std::string lines;
  for (const SourceFile& file : files) {
    lines += sha256(file.text).substr(kPrefix.size()) + std::string(kBetween) + file.name + '\n';
  }
  return lines;
}

std::vector<ListedFile> read_listing(std::string_view lines) {
  std::vector<ListedFile> files;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.size() <= kDigits || !line.substr(kDigits).starts_with(kBetween)) continue;
    files.push_back({std::string(line.substr(kDigits + kBetween.size())),
                     std::string(kPrefix) + std::string(line.substr(0, kDigits))});
  }
  return files;
}

}  // namespace caveat
