// Recorded outputs: a test compares with the file, and `tools/approve` writes it.
#pragma once

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace baseline {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

/// Ids and digests change with every change of the pack, and say nothing that other tests do not hold.
inline std::string settled(std::string text) {
  text = std::regex_replace(text, std::regex("\"id\": \"[0-9a-f]{32}\""), "\"id\": \"evaluation\"");
  return std::regex_replace(text, std::regex("sha256:[0-9a-f]{64}"), "sha256:0");
}

/// Checks `text` against the recorded file, or records it when CAVEAT_APPROVE is set.
inline void compare(const fs::path& file, const std::string& text) {
  const std::string now = settled(text);
  if (std::getenv("CAVEAT_APPROVE") != nullptr) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << now;
  }
  INFO(file << " (tools/approve records what comes now)");
  CHECK(read_file(file) == now);
}

}  // namespace baseline
