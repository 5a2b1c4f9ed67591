// Usage: bench_bare_toml FOLDER
// Participant: a bare toml::parse of every *.toml file of a folder, the limit of loading a pack.
#include "participants/participant.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <iostream>

namespace caveat::bench {

namespace {

int run(const std::string& folder) {
  return serve([&] {
    std::uint64_t keys = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".toml") keys += toml::parse_file(entry.path().string()).size();
    }
    return Found{.profiles = 1, .note = std::to_string(keys)};
  });
}

}  // namespace

}  // namespace caveat::bench

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: bench_bare_toml FOLDER\n";
    return 2;
  }
  return caveat::bench::guarded("bench_bare_toml", [&] { return caveat::bench::run(words[1]); });
}
