#include "unit/wording/wording_support.hpp"

#include "base/digest.hpp"
#include "base/text_file.hpp"
#include "wording/lexicon.hpp"

using namespace caveat;
using namespace caveat::wording_test;

namespace {

constexpr std::string_view kSmall = R"(language = "en"
[disguise]
reason = "hidden"
[fragment]
thing = 'cure|miracle'
[negation]
heads = "not no"
carry = "a the"
negators = "not no"
[[entry]]
id = "cure"
category = "cure-claim"
reason = "not a cure"
pattern = '{thing}s?'
refuse = "A cure."
pass = "Not a cure."
)";

std::string changed(std::string_view from, std::string_view to) {
  std::string text(kSmall);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string errors_of(const std::string& lexicon) {
  const ScratchFolder folder("lexicon");
  folder.write("en.toml", lexicon);
  const auto guard = Guard::load(folder.path());
  if (guard) return {};
  CHECK(guard.error().kind == ErrorKind::kLoad);
  std::string all;
  for (const Diagnostic& diagnostic : guard.error().diagnostics) {
    CHECK(diagnostic.place.line > 0);
    all += to_string(diagnostic) + "\n";
  }
  return all;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("wording.lexicon: the shipped lexicons prove themselves without their seals") {
  const ScratchFolder folder("unsealed");
  for (const char* file : {"en.toml", "tr.toml"}) std::filesystem::copy_file(lexicons() / file, folder.path() / file);
  const auto loaded = Guard::load(folder.path());
  if (!loaded) {
    for (const Diagnostic& diagnostic : loaded.error().diagnostics) UNSCOPED_INFO(to_string(diagnostic));
  }
  REQUIRE(loaded);
  CHECK(loaded->languages() == std::vector<std::string>{"en", "tr"});
}

TEST_CASE("wording.lexicon: the seals are those of the shipped lexicons") {
  const auto seals = read_text(lexicons() / "proven.sha256", {}, ErrorKind::kLoad);
  REQUIRE(seals);
  for (const std::string file : {"en.toml", "tr.toml"}) {
    const auto text = read_text(lexicons() / file, {}, ErrorKind::kLoad);
    REQUIRE(text);
    INFO("after changing a lexicon, a pack or a manifest: tools/seal");
    CHECK(has(*seals, sha256(*text).substr(7) + "  " + file + "\n"));
  }
}

TEST_CASE("wording.lexicon: every entry refuses and passes its own examples") {
  for (const std::string& language : guard().languages()) {
    const auto examples = guard().examples(language);
    REQUIRE(examples.size() > 40);
    for (const LexiconExample& example : examples) {
      const auto refusals = guard().check(example.refused, language);
      bool own = false;
      for (const Refusal& refusal : refusals)
        own |= refusal.entry == example.entry && refusal.category == example.category;
      INFO(describe(example.refused, refusals));
      CHECK(own);
      const auto passed = guard().check(example.passes, language);
      INFO(describe(example.passes, passed));
      CHECK(passed.empty());
    }
  }
}

TEST_CASE("wording.lexicon: a small one loads") { CHECK(errors_of(std::string(kSmall)).empty()); }

TEST_CASE("wording.lexicon: mistakes are errors with places") {
  CHECK(has(errors_of(changed("refuse = \"A cure.\"", "refuse = \"A rest.\"")), "en.toml:15:10: error: entry `cure`"));
  CHECK(has(errors_of(changed("pass = \"Not a cure.\"", "pass = \"A cure.\"")), "[example-not-passed]"));
  CHECK(has(errors_of(changed("'{thing}s?'", "'{thing}(s'")), "[bad-pattern]"));
  CHECK(has(errors_of(changed("'{thing}s?'", "'{thinh}s?'")), "did you mean `thing`?"));
  CHECK(has(errors_of(changed("category = \"cure-claim\"\n", "")), "category"));
  CHECK(has(errors_of(changed("reason = \"not a cure\"", "raeson = \"not a cure\"")), "reason"));
  CHECK(has(errors_of(changed("language = \"en\"", "language = \"tr\"")), "[wrong-language]"));
  CHECK(has(errors_of(std::string(kSmall) + std::string(kSmall.substr(kSmall.find("[[entry]]")))), "[duplicate-id]"));
  CHECK(has(errors_of("language = "), "en.toml:1:"));
}

TEST_CASE("wording.lexicon: all mistakes of all lexicons are reported at once") {
  const ScratchFolder folder("several");
  folder.write("en.toml", changed("'{thing}s?'", "'(('"));
  folder.write("tr.toml", kSmall);
  const auto guard = Guard::load(folder.path());
  REQUIRE_FALSE(guard);
  CHECK(guard.error().diagnostics.size() >= 2);
}

TEST_CASE("wording.lexicon: a folder without lexicons is an error") {
  const ScratchFolder folder("empty");
  CHECK_FALSE(Guard::load(folder.path()));
  CHECK_FALSE(Guard::load(folder.path() / "absent"));
}

TEST_CASE("wording.lexicon: a changed lexicon is proven again in spite of old seals") {
  const ScratchFolder folder("seal");
  const std::string broken = changed("refuse = \"A cure.\"", "refuse = \"A rest.\"");
  folder.write("en.toml", broken);
  folder.write("proven.sha256", sha256(kSmall).substr(7) + "  en.toml\n");
  CHECK_FALSE(Guard::load(folder.path()));
  folder.write("proven.sha256", sha256(broken).substr(7) + "  en.toml\n");
  CHECK(Guard::load(folder.path()));
}

TEST_CASE("wording.lexicon: roles and fields limit what an entry governs") {
  const ScratchFolder folder("roles");
  folder.write("en.toml", std::string(kSmall) + "roles = [\"suggests\"]\nfields = [\"says\", \"title\"]\n");
  const auto guard = Guard::load(folder.path());
  REQUIRE(guard);
  CHECK_FALSE(guard->check("A cure.", "en").empty());
  CHECK_FALSE(guard->check("A cure.", "en", {"suggests", "says"}).empty());
  CHECK(guard->check("A cure.", "en", {"bars", "says"}).empty());
  CHECK(guard->check("A cure.", "en", {"suggests", "why"}).empty());
  CHECK_FALSE(guard->check("A cure.", "en", {"", "title"}).empty());
}
