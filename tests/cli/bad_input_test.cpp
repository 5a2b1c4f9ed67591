// Everything that may be wrong with what the command is given: a clear error, the right exit code, nothing half done,
// no crash, and no memory spent on refusing.
#include "cli.hpp"

#include <sys/stat.h>

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Environment;
using caveat::testing::Finished;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::kBuild;
using caveat::testing::kPlugins;
using caveat::testing::kTiredRule;
using caveat::testing::run_caveat;
using caveat::testing::write_pack;

namespace {

Finished evaluate(const std::string& profile, Arguments more = {}) {
  Arguments arguments = {"evaluate", profile, "--at", kAt};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_caveat(arguments);
}

void check_refused(const Finished& result, int exit_code, std::string_view says) {
  INFO("out: " << result.out.substr(0, 500) << "\nerr: " << result.err.substr(0, 2000));
  CHECK(result.exit_code == exit_code);
  CHECK(result.out.empty());
  CHECK(contains(result.err, "error: "));
  CHECK(contains(result.err, says));
}

/// Refusing must not cost more than 64 MiB above what evaluating costs.
void check_memory(const Finished& result) {
#ifdef CAVEAT_SANITIZED
  WARN("memory was not measured: sanitizers keep books of their own");
  static_cast<void>(result);
#else
  constexpr long kAboveMaxKb = 64L * 1024;
  const long usual = evaluate("examples/profiles/first-visit.toml").peak_rss_kb;
  INFO("peak " << result.peak_rss_kb << " KiB, usually " << usual << " KiB");
  CHECK(result.peak_rss_kb <= usual + kAboveMaxKb);
#endif
}

/// A large file, written without holding it.
std::string write_large(const Folder& folder, const std::string& name, std::string_view piece, std::size_t times,
                        std::string_view before = {}, std::string_view after = {}) {
  const std::string path = folder / name;
  std::ofstream file(path, std::ios::binary);
  file.write(before.data(), static_cast<std::streamsize>(before.size()));
  std::string block;
  while (block.size() + piece.size() <= 1 << 16 && block.size() < piece.size() * times) block += piece;
  const std::size_t in_block = block.size() / piece.size();
  for (std::size_t done = 0; done < times; done += in_block) {
    const std::size_t pieces = std::min(in_block, times - done);
    file.write(block.data(), static_cast<std::streamsize>(pieces * piece.size()));
  }
  file.write(after.data(), static_cast<std::streamsize>(after.size()));
  return path;
}

std::string write_facts(const Folder& folder, const std::string& name, bool json, std::size_t count) {
  const std::string path = folder / name;
  std::ofstream file(path, std::ios::binary);
  file << (json ? R"({"facts":{"f0":1)" : "[facts]\n");
  for (std::size_t i = 1; i < count; ++i) {
    if (json) file << ",\"f" << i << "\":1";
    else file << 'f' << i << "=1\n";
  }
  if (json) file << "}}";
  return path;
}

}  // namespace

TEST_CASE("cli.bad_input: a file that cannot be read") {
  const Folder folder;
  check_refused(evaluate(folder / "nowhere.toml"), 2, "no such file");
  check_refused(evaluate(folder.string()), 2, "folder");
  check_refused(evaluate("/proc/self/mem"), 2, "cannot be read");
  if (::geteuid() == 0) {
    WARN("run as root: a file without permission was not tried");
    return;
  }
  const std::string closed = folder.write("closed.toml", "[facts]\n");
  ::chmod(closed.c_str(), 0);
  check_refused(evaluate(closed), 2, "permission denied");
}

TEST_CASE("cli.bad_input: not UTF-8, and a NUL byte") {
  const Folder folder;
  check_refused(evaluate(folder.write("a.toml", "id = \"\xff\"\n")), 2, "a.toml:1:7: error: this is not UTF-8");
  check_refused(evaluate(folder.write("b.toml", std::string_view("[facts]\n\0", 9))), 2,
                "b.toml:2:1: error: the text holds a NUL byte");
  check_refused(evaluate(folder.write("c.json", "{\"id\": \"\xc3\"}")), 2, "not UTF-8");
  check_refused(evaluate(folder.write("d.json", std::string_view("{\"id\": \"\0\"}", 11))), 2, "NUL byte");
}

TEST_CASE("cli.bad_input: truncated TOML and JSON") {
  const Folder folder;
  check_refused(evaluate(folder.write("a.toml", "[facts]\nage = { value = 34, ")), 2, "a.toml:2:");
  check_refused(evaluate(folder.write("b.toml", "[fac")), 2, "b.toml:1:");
  check_refused(evaluate(folder.write("c.json", R"({"facts": {"age": 3)")), 2, "c.json:1:");
  check_refused(evaluate(folder.write("d.json", "{")), 2, "d.json:1:");
}

TEST_CASE("cli.bad_input: 100 MB of brackets, in a file, through a pipe, and within the limit") {
  const Folder folder;
  constexpr std::size_t kMegabyte = 1'000'000;
  const std::string large = write_large(folder, "large.json", "[", 100 * kMegabyte);
  const Finished refused = evaluate(large);
  check_refused(refused, 2, "holds more than 16777216 bytes");
  check_memory(refused);
  const Finished piped = caveat::testing::shell("caveat evaluate - < <(cat '" + large + "')");
  check_refused(piped, 2, "holds more than 16777216 bytes");
  check_memory(piped);
  for (const char* name : {"deep.json", "deep.toml"}) {
    const Finished deep =
        evaluate(write_large(folder, name, "[", 15 * kMegabyte, std::string_view(name) == "deep.toml" ? "a = " : ""));
    check_refused(deep, 2, name);
    check_memory(deep);
  }
}

TEST_CASE("cli.bad_input: a million facts") {
  const Folder folder;
  constexpr std::size_t kMillion = 1'000'000;
  for (const bool json : {true, false}) {
    const Finished result = evaluate(write_facts(folder, json ? "many.json" : "many.toml", json, kMillion));
    check_refused(result, 2, json ? "many.json" : "many.toml");
    CHECK(result.err.size() < 10'000);
    check_memory(result);
  }
}

TEST_CASE("cli.bad_input: one fact more than the limit") {
  const Folder folder;
  const Finished result = evaluate(write_facts(folder, "more.json", true, 10'001));
  check_refused(result, 2, "more than 10000 facts");
  check_memory(result);
}

TEST_CASE("cli.bad_input: an unknown fact, a value out of range, a wrong choice, a number without its unit") {
  const Folder folder;
  check_refused(evaluate(folder.write("a.toml", "[facts]\npregnent = true\n")), 2, "did you mean `pregnant`?");
  check_refused(evaluate(folder.write("b.toml", "[facts]\nage = 212\n")), 2, "b.toml:2:7: error: ");
  check_refused(evaluate(folder.write("c.json", R"({"facts": {"skin_type": "VII"}})")), 2, "c.json:1:");
  check_refused(evaluate(folder.write("d.toml", "[facts]\nage = \"34\"\n")), 2, "d.toml:2:");
  const std::string rules = "examples/write_a_rule_pack";
  check_refused(evaluate(folder.write("e.toml", "[facts]\nweight = 70\n"), {"--rules", rules}), 2, "e.toml:2:");
  check_refused(
      evaluate(folder.write("f.toml", "[facts]\nweight = { value = 70, unit = \"cm\" }\n"), {"--rules", rules}), 2,
      "f.toml:2:");
}

TEST_CASE("cli.bad_input: the same key twice") {
  const Folder folder;
  check_refused(evaluate(folder.write("a.toml", "[facts]\npregnant = true\npregnant = false\n")), 2, "a.toml:3:");
  check_refused(evaluate(folder.write("b.json", R"({"facts": {"pregnant": true, "pregnant": false}})")), 2,
                "b.json:1:");
  check_refused(evaluate(folder.write("c.json", R"({"facts": {"pregnant": true}, "facts": {}})")), 2, "c.json:1:");
}

TEST_CASE("cli.bad_input: every mistake of a profile at once") {
  const Folder folder;
  const Finished result =
      evaluate(folder.write("a.toml", "idd = 1\n[facts]\nage = 212\nskin_type = \"VII\"\npregnent = true\n"));
  check_refused(result, 2, "a.toml:1:1: error: ");
  for (const char* place : {"a.toml:3:", "a.toml:4:", "a.toml:5:"}) CHECK(contains(result.err, place));
}

TEST_CASE("cli.bad_input: a define that is a circle") {
  const Folder folder;
  const std::string pack =
      write_pack(folder, "round",
                 "[define]\n\"a\" = '\"b\" and tired'\n\"b\" = '\"a\" or tired'\n\n[[contraindication]]\nid = "
                 "\"x\"\nwhen = '\"a\"'\ntitle = \"X\"\n"
                 "says = \"People who are tired are asked to speak to the nurse.\"\ncite = \"leaflet\"\n");
  check_refused(evaluate("examples/profiles/clear.toml", {"--rules", pack}), 3, "rules.toml:");
  CHECK(run_caveat({"rules", "check", pack}).exit_code == 1);
}

TEST_CASE("cli.bad_input: a kind of rule that nobody owns") {
  const Folder folder;
  const std::string pack = write_pack(
      folder, "odd",
      "[[contraindicaton]]\nid = \"x\"\nwhen = \"tired\"\ntitle = \"X\"\nsays = \"X.\"\ncite = \"leaflet\"\n");
  const Finished result = evaluate("examples/profiles/clear.toml", {"--rules", pack});
  check_refused(result, 3, "contraindicaton");
  CHECK(contains(result.err, "did you mean `contraindication`?"));
}

TEST_CASE("cli.bad_input: plugins that are missing, none, or of another major") {
  const Folder folder;
  const std::string profile = "examples/profiles/clear.toml";
  check_refused(evaluate(profile, {"--plugins", folder / "nowhere"}), 3, "nowhere");
  std::filesystem::create_directories(folder / "empty");
  check_refused(evaluate(profile, {"--plugins", folder / "empty"}), 3, "caveat.contraindications");
  folder.write("text/text.so", "not a library\n");
  check_refused(evaluate(profile, {"--plugins", kPlugins.string(), "--plugins", folder / "text"}), 3, "text.so");
  for (const char* name : {"no_manifest", "wrong_major", "later_abi", "other_major_in_table"}) {
    const std::string plugin = (kBuild / "tests/plugins" / name).string();
    check_refused(evaluate(profile, {"--plugins", kPlugins.string(), "--plugins", plugin}), 3,
                  std::string(name) + ".so");
  }
}

TEST_CASE("cli.bad_input: a pack is loaded whole or not at all") {
  const Folder folder;
  const std::string pack = write_pack(folder, "half", std::string(kTiredRule) + "\n[[contraindication]]\nid = \"x\"\n");
  check_refused(evaluate("examples/profiles/clear.toml", {"--rules", pack, "--lenient"}), 3, "rules.toml:");
}

TEST_CASE("cli.bad_input: packs are bounded too") {
  const Folder folder;
  const std::string pack = write_pack(folder, "huge", kTiredRule);
  write_large(folder, "huge/more.toml", "[", 100'000'000);
  const Finished result = evaluate("examples/profiles/clear.toml", {"--rules", pack});
  check_refused(result, 3, "more.toml");
  check_memory(result);
}

TEST_CASE("cli.bad_input: a terminal is not steered by what it is shown") {
  const Folder folder;
  const Finished result = evaluate(folder.write("a.toml", "[facts]\n\"\\u001b[31mred\" = true\n"));
  CHECK(result.exit_code == 2);
  CHECK_FALSE(contains(result.err, "\x1b"));
}
