// The SDK stands on its own: the standard plugins are built with nothing else, export one function, and a stranger's
// project builds against the installed SDK alone.
#include "bench.hpp"

#include <caveat/plugin.h>

#include <cstdio>
#include <fstream>
#include <regex>
#include <sstream>

namespace caveat::test {

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A command's output; the test fails when the command does.
std::string run(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");  // NOLINT: a fixed command of this test's own
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  const int status = pclose(pipe);
  INFO(command << "\n" << out);
  REQUIRE(status == 0);
  return out;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

/// Function pointers that do not have their tag in the comment before them.
std::vector<std::string> untagged(const std::string& header) {
  const std::regex pointer(R"(\(\*[a-z_]+\)\()");
  const std::regex tag(R"(/\* \[(any-thread|calling-thread), (declared|bound), (call|binding|process)\])");
  std::vector<std::string> out;
  std::string comment;
  for (const std::string& line : lines(header)) {
    if (line.find("/*") != std::string::npos) comment = line;
    if (!std::regex_search(line, pointer)) continue;
    if (!std::regex_search(comment, tag)) out.push_back(line);
    comment.clear();
  }
  return out;
}

std::vector<fs::path> standard_plugins() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(CAVEAT_STANDARD_PLUGINS)) {
    if (entry.path().extension() == ".so") out.push_back(entry.path());
  }
  REQUIRE(out.size() >= 4);
  return out;
}

}  // namespace

TEST_CASE("abi.sdk: every function pointer of the header says thread, state and lifetime") {
  const std::string header = read(CAVEAT_SOURCE_DIR "/sdk/include/caveat/plugin.h");
  CHECK(untagged(header).empty());
  CHECK(header.find("(*advise)(") != std::string::npos);
  CHECK(untagged("  /* turns outcomes */\n  caveat_status (*advise)(caveat_instance* instance);\n").size() == 1);
  CHECK(untagged("  /* [any-thread, bound, call] */\n  void (*a)(int);\n  void (*b)(int);\n").size() == 1);
}

TEST_CASE("abi.sdk: the header uses fixed-width types alone") {
  const std::regex loose(R"(^\s+(bool|long|short|int|unsigned|enum|size_t)\b.*;)");
  for (const std::string& line : lines(read(CAVEAT_SOURCE_DIR "/sdk/include/caveat/plugin.h"))) {
    INFO(line);
    CHECK_FALSE(std::regex_search(line, loose));
  }
  CHECK(std::regex_search("  size_t count;", loose));
}

TEST_CASE("abi.sdk: the standard plugins include nothing but the SDK and the standard library") {
  const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(CAVEAT_SOURCE_DIR "/plugins")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    for (const std::string& line : lines(read(entry.path()))) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      ++seen;
      INFO(entry.path() << ": " << line);
      const std::string name = match[2];
      CHECK((name == "caveat/plugin.hpp" || name == "caveat/plugin.h" || name.find('/') == std::string::npos));
    }
  }
  CHECK(seen >= 4);
}

TEST_CASE("abi.sdk: the compiler saw no header of the engine in a standard plugin") {
  const std::string commands = read(CAVEAT_BINARY_DIR "/compile_commands.json");
  std::size_t seen = 0;
  for (const std::string& line : lines(commands)) {
    if (line.find("\"command\"") == std::string::npos || line.find("-o plugins/") == std::string::npos) continue;
    ++seen;
    INFO(line);
    CHECK(line.find(CAVEAT_SOURCE_DIR "/engine") == std::string::npos);
    CHECK(line.find("-fvisibility=hidden") != std::string::npos);
  }
  CHECK(seen >= 8);
}

TEST_CASE("abi.sdk: a standard plugin exports one function and needs only the language's own libraries") {
  for (const fs::path& plugin : standard_plugins()) {
    INFO(plugin);
    const std::string symbols = run("nm -D --defined-only '" + plugin.string() + "'");
    CHECK(lines(symbols).size() == 1);
    CHECK_THAT(symbols, Catch::Contains(CAVEAT_PLUGIN_ENTRY));
    for (const std::string& line : lines(run("readelf -d '" + plugin.string() + "'"))) {
      if (line.find("(NEEDED)") == std::string::npos) continue;
      INFO(line);
      CHECK(std::regex_search(line, std::regex(R"(\[(libstdc\+\+|libgcc_s|libc|libm|libasan|libubsan|libtsan)\.so)")));
    }
  }
}

TEST_CASE("abi.sdk: the section holds the manifest as it was written") {
  const auto bytes = extract_manifest(fs::path(CAVEAT_STANDARD_PLUGINS) / "timeline.so");
  REQUIRE(bytes.has_value());
  CHECK(*bytes == read(CAVEAT_SOURCE_DIR "/plugins/timeline/plugin.toml"));
}

TEST_CASE("abi.sdk: a stranger's project builds against the installed SDK alone") {
  const fs::path root = fs::path(CAVEAT_BINARY_DIR) / "tests" / "scratch" / "sdk";
  fs::remove_all(root);
  fs::create_directories(root / "project");
  const std::string cmake = CAVEAT_CMAKE;
  run(cmake + " --install '" CAVEAT_BINARY_DIR "' --component sdk --prefix '" + (root / "prefix").string() + "'");
  CHECK_FALSE(fs::exists(root / "prefix" / "bin"));
  fs::copy_file(CAVEAT_SOURCE_DIR "/tests/abi/plugins/body_mass.cpp", root / "project" / "body_mass.cpp");
  fs::copy_file(CAVEAT_SOURCE_DIR "/tests/abi/plugins/body_mass.toml", root / "project" / "plugin.toml");
  std::ofstream(root / "project" / "CMakeLists.txt")
      << "cmake_minimum_required(VERSION 3.20)\n"
         "project(body_mass LANGUAGES CXX)\n"
         "find_package(CaveatSDK REQUIRED)\n"
         "caveat_add_plugin(body_mass SOURCES body_mass.cpp MANIFEST plugin.toml)\n";
  const std::string build = "'" + (root / "build").string() + "'";
  run(cmake + " -G Ninja -S '" + (root / "project").string() + "' -B " + build + " -DCMAKE_PREFIX_PATH='" +
      (root / "prefix").string() + "'");
  run(cmake + " --build " + build);
  const auto bytes = extract_manifest(root / "build" / "body_mass.so");
  REQUIRE(bytes.has_value());
  CHECK(read_manifest(*bytes, "plugin.toml", guard()).has_value());
  CHECK(lines(run("nm -D --defined-only " + build + "/body_mass.so")).size() == 1);
}

}  // namespace caveat::test
