#include "base/source_file.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace caveat {

std::string listing(const std::vector<SourceFile>& files) {
  std::string lines;
  for (const SourceFile& file : files) lines += file.name + '\0' + sha256(file.text) + '\n';
  return lines;
}

std::vector<ListedFile> read_listing(std::string_view lines) {
  std::vector<ListedFile> files;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t middle = line.find('\0');
    if (middle == std::string_view::npos) continue;
    files.push_back({std::string(line.substr(0, middle)), std::string(line.substr(middle + 1))});
  }
  return files;
}

}  // namespace caveat
