#include "configuration/configuration.hpp"

#include "../trust/trust_support.hpp"
#include "support/catch.hpp"
#include "trust/secret_key.hpp"

using caveat::Configuration;
using caveat::read_configuration;
using caveat::testing::Folder;

namespace {

Configuration read(const Folder& folder, std::string_view text) {
  auto read = read_configuration(folder.write("caveat.toml", text));
  if (!read) FAIL(to_string(read.error().diagnostics.front()));
  return std::move(*read);
}

/// What is wrong with it: `line:column code`, a line each.
std::string refused(const Folder& folder, std::string_view text) {
  const auto read = read_configuration(folder.write("caveat.toml", text));
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == caveat::ErrorKind::kInput);
  std::string out;
  for (const auto& diagnostic : read.error().diagnostics) {
    CHECK(diagnostic.place.file == folder.path() / "caveat.toml");
    out += std::to_string(diagnostic.place.line) + ':' + std::to_string(diagnostic.place.column) + ' ' +
           diagnostic.code + '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("configuration.configuration: an empty file leaves every default") {
  const Folder folder;
  const Configuration empty = read(folder, "");
  CHECK(empty.engine.rules.paths.empty());
  CHECK(empty.engine.trust.allow_unsigned);
  CHECK(empty.engine.trust.lock.empty());
  CHECK(empty.engine.isolation.deadline_ms == caveat::IsolationOptions{}.deadline_ms);
  CHECK(empty.profile.bytes_max == caveat::ProfileOptions{}.bytes_max);
}

TEST_CASE("configuration.configuration: the example of its page is read whole") {
  const Folder folder;
  std::ifstream in(CAVEAT_SOURCE_DIR "/docs/formats/configuration.md");
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const std::size_t begin = page.find("```toml\n") + 8;
  std::filesystem::create_directory(folder.path() / "keys");
  const auto key = caveat::SecretKey::generate().public_key();
  folder.write("keys/example.pub", key.file());
  const Configuration all = read(folder, page.substr(begin, page.find("```", begin) - begin));

  CHECK(all.engine.rules.paths == std::vector{folder.path() / "rules"});
  CHECK(all.engine.plugins.paths ==
        std::vector<std::filesystem::path>{"/usr/lib/caveat/plugins", folder.path() / "plugins"});
  CHECK(all.engine.trust.lock == folder.path() / "caveat.lock");
  CHECK(all.engine.trust.in_process == std::vector<std::string>{"org.example.doses"});
  REQUIRE(all.engine.trust.keys.size() == 1);
  CHECK(all.engine.trust.keys[0].key == key.line());
  CHECK(all.engine.trust.keys[0].place.line > 1);
  REQUIRE(all.engine.trust.deny.size() == 1);
  CHECK(all.engine.trust.deny[0].version == "< 1.2.0");
  CHECK(all.engine.isolation.deadline_ms == 500);
  REQUIRE(all.engine.disabled.size() == 1);
  CHECK(all.engine.disabled[0].date == "2026-11-30");
  CHECK(all.engine.disabled[0].place.line > all.engine.trust.deny[0].place.line);
}

TEST_CASE("configuration.configuration: every mistake at once, each with its place") {
  const Folder folder;
  const std::string text =
      "[packs]\n"                    // 1
      "folder = \"rules\"\n"         // 2
      "[plugins]\n"                  // 3
      "folders = 3\n"                // 4
      "[trust]\n"                    // 5
      "allow_unsigned = \"no\"\n"    // 6
      "in_process = [\"org.*\"]\n"   // 7
      "[[trust.key]]\n"              // 8
      "name = \"A\"\n"               // 9
      "[[trust.key]]\n"              // 10
      "name = \"B\"\n"               // 11
      "key = \"RWx\"\n"              // 12
      "file = \"b.pub\"\n"           // 13
      "[[trust.deny]]\n"             // 14
      "[isolation]\n"                // 15
      "deadline_ms = 0\n"            // 16
      "memory_mib = 1.5\n"           // 17
      "[[disable]]\n"                // 18
      "rule = \"not-permanent\"\n"   // 19
      "reason = \"\"\n"              // 20
      "person = \"A. Physician\"\n"  // 21
      "date = \"2026-11-30\"\n"      // 22
      "[limit]\n";                   // 23
  CHECK(refused(folder, text) ==
        "2:1 unknown-key\n4:11 wrong-type\n6:18 wrong-type\n7:14 bad-id\n8:1 missing-key\n10:1 two-keys\n"
        "14:1 missing-key\n16:15 out-of-range\n17:14 wrong-type\n20:10 empty-value\n22:8 wrong-type\n"
        "19:8 bad-rule\n23:2 unknown-key\n");
}

TEST_CASE("configuration.configuration: an unknown key offers the nearest") {
  const Folder folder;
  const auto help = [&](std::string_view text) {
    const auto read = read_configuration(folder.write("caveat.toml", text));
    REQUIRE_FALSE(read);
    return read.error().diagnostics.front().help;
  };
  CHECK(help("[isolation]\ndeadline_s = 3\n").find("did you mean `deadline_ms`?") != std::string::npos);
  CHECK(help("[isolatoin]\n").find("did you mean `isolation`?") != std::string::npos);
}

TEST_CASE("configuration.configuration: a table that is written otherwise, and a file that is not there") {
  const Folder folder;
  CHECK(refused(folder, "packs = 1\ndisable = [1]\n") == "1:9 wrong-type\n2:11 wrong-type\n");
  CHECK(refused(folder, "[[packs]]\n").find("wrong-type") != std::string::npos);
  CHECK(refused(folder, "[disable]\n").find("wrong-type") != std::string::npos);
  CHECK(refused(folder, "[trust]\nlock =\n").find("2:7 ") == 0);
  CHECK_FALSE(read_configuration(folder.path() / "nowhere.toml"));
}

TEST_CASE("configuration.configuration: trusted keys and denials are checked where they are written") {
  const Folder folder;
  folder.write("text.pub", "not a key\n");
  CHECK(refused(folder, "[[trust.key]]\nname = \"A\"\nfile = \"nowhere.pub\"\npacks = \"*\"\n") == "3:8 bad-key\n");
  CHECK(refused(folder, "[[trust.key]]\nname = \"A\"\nfile = \"text.pub\"\npacks = \"*\"\n") == "3:8 bad-key\n");
  CHECK(refused(folder, "[[trust.key]]\nname = \"A\"\nkey = \"RWx\"\n") == "1:1 no-ids\n1:1 bad-key\n");
  CHECK(refused(folder, "\n[[trust.deny]]\nid = \"a\"\nkey = \"b\"\nreason = \"c\"\n") == "2:1 bad-denial\n");
}

TEST_CASE("configuration.configuration: the service's table is the service's") {
  const Folder folder;
  CHECK(read(folder, "[server]\nanything = 1\n").engine.isolation.warm_spare);
  CHECK(refused(folder, "[serve]\n") == "1:2 unknown-key\n");
  CHECK(refused(folder, "[[isolation]]\n[server]\nanything = 1\n").ends_with(" wrong-type\n"));
  std::string seen;
  const auto read = caveat::read_configuration(folder.write("caveat.toml", "[server]\nname = \"a\"\nnames = 1\n"),
                                               [&](caveat::ConfigurationTable& table) { table.text("name", seen); });
  REQUIRE_FALSE(read);
  CHECK(read.error().diagnostics.front().help.find("did you mean `name`?") != std::string::npos);
  CHECK(seen == "a");
}
