// Bad input must stay cheap: memory while refusing is measured in a child of its own, from reading the file on.
#include "support/facts.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace caveat;
using caveat::support::every_type;
using caveat::support::problems;

namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

long resident_kilobytes() {
  std::ifstream statm("/proc/self/statm");
  long total = 0, resident = 0;
  statm >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

struct Outcome {
  std::string code;
  long megabytes = 0;  // above the baseline, at the peak
};

Outcome in_a_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const long before = resident_kilobytes();
    const std::string code = work();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const std::string line = code + " " + std::to_string((usage.ru_maxrss - before) / 1024 + 1);
    _exit(write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : 1);
  }
  close(ends[1]);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  std::array<char, 200> line{};
  REQUIRE(read(ends[0], line.data(), line.size() - 1) > 0);
  close(ends[0]);
  Outcome out;
  std::istringstream(line.data()) >> out.code >> out.megabytes;
  return out;
}

std::string repeated(const std::string& unit, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + unit.size());
  while (out.size() < bytes) out += unit;
  return out;
}

struct BadFile {
  std::string name;
  std::string text;
  std::string code;
};

std::string refusal(const std::filesystem::path& path) {
  const ProfileOptions options;
  TextLimits limits;
  limits.bytes_max = options.bytes_max;
  const auto text = read_text(path, limits, ErrorKind::kInput);
  if (!text) return text.error().diagnostics.front().code;
  const auto profile = read_profile(*text, path.string(), every_type(), options);
  return profile ? "accepted" : profile.error().diagnostics.front().code;
}

void check_cheap(const BadFile& bad) {
  const auto path = std::filesystem::temp_directory_path() / ("caveat_bad_" + std::to_string(getpid()));
  std::ofstream(path, std::ios::binary) << bad.text;
  INFO(bad.name);
  const Outcome outcome = in_a_child([&] { return refusal(path); });
  CHECK(outcome.code == bad.code);
#ifndef __SANITIZE_ADDRESS__
  CHECK(outcome.megabytes <= 64);
#endif
  std::filesystem::remove(path);
}

std::string many_facts(std::size_t count, bool json) {
  std::string out = json ? "{\"facts\":{" : "[facts]\n";
  for (std::size_t i = 0; i < count; ++i) {
    out += json ? (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1" : "f" + std::to_string(i) + " = 1\n";
  }
  return out + (json ? "}}" : "");
}

}  // namespace

TEST_CASE("profile.limits: huge and hostile files are refused cheaply") {
  const std::size_t large = 16 * kMegabyte - 16;
  check_cheap({"100 MB of [", std::string(100 * kMegabyte, '['), "too-large"});
  check_cheap({"16 MB of [", std::string(large, '['), "too-deep"});
  check_cheap({"16 MB of [ in JSON", "{\"a\":" + std::string(large, '['), "too-deep"});
  check_cheap({"16 MB of {\"a\":", repeated("{\"a\":", large), "too-deep"});
  check_cheap({"16 MB of 1,", "{\"facts\":[" + repeated("1,", large), "too-many-entries"});
  check_cheap({"16 MB of 1, in TOML", "a=[" + repeated("1,", large), "too-many-entries"});
  check_cheap({"16 MB of words", "{\"facts\":[" + repeated("1 ", large), "too-many-entries"});
  check_cheap({"16 MB of one string", "{\"facts\":\"" + std::string(large, 'x'), "string-too-long"});
  check_cheap({"16 MB of one TOML string", "a = \"\"\"" + std::string(large, 'x'), "string-too-long"});
  check_cheap({"16 MB of one key", std::string(large, 'x'), "string-too-long"});
  check_cheap({"16 MB of dots", "a" + repeated(".a", large), "too-deep"});
  check_cheap({"16 MB of newlines", std::string(large, '\n') + "x", "toml-syntax"});
  check_cheap({"16 MB of spaces", "{" + std::string(large, ' '), "json-syntax"});
  check_cheap({"16 MB of NUL", std::string(large, '\0'), "nul-byte"});
  check_cheap({"16 MB of noise", std::string(large, '\xFF'), "not-utf8"});
  check_cheap({"a million facts", many_facts(1'000'000, true), "too-many-entries"});
  check_cheap({"a million facts in TOML", many_facts(1'000'000, false), "too-many-entries"});
  check_cheap({"99,000 facts", many_facts(99'000, true), "too-many-facts"});
  check_cheap({"99,000 facts in TOML", many_facts(99'000, false), "too-many-facts"});
  check_cheap({"10,000 unknown facts", many_facts(10'000, true), "unknown-fact"});
  check_cheap({"many answers", "facts.age = [" + repeated("{value=1},", 200'000) + "]", "too-many-facts"});
}

TEST_CASE("profile.limits: a limit's last value is allowed") {
  ProfileOptions options;
  options.facts_max = 3;
  const auto read = [&](const std::string& text) { return problems(read_profile(text, "p", every_type(), options)); };
  CHECK(read("[facts]\nage = 1\npregnant = true\nskin_type = 'I'\n").empty());
  CHECK(read("[facts]\nage = 1\npregnant = true\nskin_type = 'I'\nsmoking = 'never'\n") == "too-many-facts@1:1");
  CHECK(read("[facts]\nage = [{ value = 1 }, { value = 1 }]\npregnant = true\n").empty());
  CHECK(read("[facts]\nage = [{ value = 1 }, { value = 1 }]\npregnant = true\nsmoking = 'never'\n") ==
        "too-many-facts@1:1");
  options.depth_max = 2;
  CHECK(read("{\"facts\": {}}").empty());
  CHECK(read("{\"facts\": {\"age\": {\"value\": 1}}}") == "too-deep@1:19");
  options.bytes_max = 10;
  CHECK(read("# 45678910").empty());
  CHECK(read("# 456789101") == "too-large");
}

TEST_CASE("profile.limits: thousands of mistakes are counted, not listed") {
  const auto profile = read_profile(many_facts(5000, false), "p", every_type());
  REQUIRE_FALSE(profile);
  CHECK(profile.error().diagnostics.size() == 1001);
  CHECK(profile.error().diagnostics.back().message == "and 4000 more mistakes");
}
