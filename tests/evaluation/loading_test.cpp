// Loading packs: what is refused, where it is pointed at, and that a pack loads whole or not at all.
#include "evaluation/kit.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

using kit::TempFolder, kit::booleans, kit::kHeader, kit::load, kit::options_for, kit::refused, kit::rule;

namespace {

const caveat::Diagnostic* find(const std::vector<caveat::Diagnostic>& diagnostics, const std::string& code) {
  const auto found =
      std::find_if(diagnostics.begin(), diagnostics.end(), [&](const auto& d) { return d.code == code; });
  return found == diagnostics.end() ? nullptr : &*found;
}

// The line of the test pack's pack.toml on which `needle` begins.
std::uint32_t line_of(const std::string& body, const std::string& needle) {
  const std::string whole = kHeader + body;
  return static_cast<std::uint32_t>(
      std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.find(needle)), '\n') + 1);
}

std::vector<caveat::Diagnostic> warnings(const std::string& body) {
  const TempFolder folder;
  return kit::engine_of(folder, body).diagnostics();
}

}  // namespace

TEST_CASE("rules.loading: every mistake is reported at once, each with its place") {
  const std::string body = booleans({"a"}) + rule("contraindicatoin", "one", "a") +
                           rule("contraindication", "two", "aa") + rule("contraindication", "two", "a") +
                           rule("contraindication", "three", "a and", "colour = 1\n") +
                           "[[approach]]\nid = \"four\"\nwhen = \"a\"\n" + rule("information", "five", "5");
  const auto diagnostics = refused(body);
  INFO(kit::all_of(diagnostics));
  for (const char* code : {"unknown-kind", "duplicate-id", "unknown-key", "missing-key", "uncited-rule"}) {
    INFO(code);
    REQUIRE(find(diagnostics, code) != nullptr);
    CHECK(find(diagnostics, code)->place.line > 0);
    CHECK(find(diagnostics, code)->place.column > 0);
  }
  CHECK(find(diagnostics, "unknown-kind")->place.line == line_of(body, "[[contraindicatoin"));
  CHECK(find(diagnostics, "unknown-kind")->help == "did you mean `contraindication`?");
  const auto points_at = [&](const std::string& needle) {
    const auto line = line_of(body, needle);
    return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const auto& d) { return d.place.line == line; });
  };
  CHECK(points_at("when = \"aa\""));
  CHECK(points_at("when = \"a and\""));
  CHECK(points_at("when = \"5\""));
}

TEST_CASE("rules.loading: the place of a condition's mistake is inside its string") {
  const std::string body = booleans({"a"}) + rule("contraindication", "x", "a or wrong");
  const auto diagnostics = refused(body);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics.front().place.line == line_of(body, "when = \"a or wrong\""));
  CHECK(diagnostics.front().place.column == 14);
}

TEST_CASE("rules.loading: wording is refused at the words") {
  const std::string body = booleans({"a"}) +
                           "[[contraindication]]\nid = \"x\"\nwhen = \"a\"\ntitle = \"T\"\nsays = \"Results are "
                           "guaranteed.\"\ncite = \"book\"\n";
  const auto diagnostics = refused(body);
  REQUIRE(find(diagnostics, "wording-refused") != nullptr);
  CHECK(find(diagnostics, "wording-refused")->place.line == line_of(body, "says ="));
  CHECK(find(diagnostics, "wording-refused")->place.column > 8);
  CHECK_FALSE(find(diagnostics, "wording-refused")->help.empty());
}

TEST_CASE("rules.loading: a language that cannot be guarded is refused") {
  const auto diagnostics = refused(
      booleans({"a"}) +
      "[[contraindication]]\nid = \"x\"\nwhen = \"a\"\ntitle = \"T\"\nsays = { xx = \"Words.\" }\ncite = \"book\"\n");
  CHECK(find(diagnostics, "no-lexicon") != nullptr);
}

TEST_CASE("rules.loading: a mistake in a fact is told once, at the fact") {
  const auto diagnostics =
      refused("[fact.a]\ntype = \"boolean\"\nlabel = \"A\"\nask = \"?\"\nvalid_for = \"14d\"\n" +
              rule("contraindication", "x", "a") + rule("timeline_factor", "y", "", "fact = \"a\"\n"));
  INFO(kit::all_of(diagnostics));
  CHECK(diagnostics.size() == 1);
}

TEST_CASE("rules.loading: headers") {
  const auto header = [](const std::string& from, const std::string& to) {
    std::string out = kHeader;
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  const std::string body = booleans({"a"}) + rule("contraindication", "x", "a");
  CHECK(find(refused(body, header("version = \"1.0.0\"", "version = \"one\"")), "bad-version") != nullptr);
  CHECK(find(refused(body, header("\"active\"", "\"live\"")), "unknown-status") != nullptr);
  CHECK(find(refused(body, header("id = \"test\"", "id = \"Test Pack\"")), "bad-id") != nullptr);
  CHECK(find(refused(body, header("defer_to", "requires = { plugins = [\"org.example.none\"] }\ndefer_to")),
             "missing-plugin") != nullptr);
  CHECK(
      find(refused(body, header("defer_to", "requires = { plugins = [\"caveat.contraindications >= 99\"] }\ndefer_to")),
           "plugin-version") != nullptr);
  CHECK(find(refused(body, header("defer_to", "requires = { engine = \">= 99\" }\ndefer_to")), "engine-version") !=
        nullptr);
  CHECK(find(refused(body, header("defer_to", "requires = { language = \"2\" }\ndefer_to")), "language-version") !=
        nullptr);
  CHECK(find(refused(body, header("defer_to", "uses = [\"elsewhere\"]\ndefer_to")), "unknown-pack") != nullptr);
  CHECK(find(refused(body, header("defer_to", "colour = \"red\"\ndefer_to")), "unknown-key") != nullptr);
}

TEST_CASE("rules.loading: cites name a source of the pack") {
  std::string body = booleans({"a"}) + rule("contraindication", "x", "a");
  body.replace(body.find("book#one"), 8, "bok#one");
  const auto diagnostics = refused(body);
  REQUIRE(find(diagnostics, "unknown-source") != nullptr);
  CHECK(find(diagnostics, "unknown-source")->help == "did you mean `book`?");
}

TEST_CASE("rules.loading: kinds' fields are checked") {
  CHECK(find(refused(booleans({"a"}) + rule("timeline_factor", "x", "")), "missing-key") != nullptr);
  CHECK(find(refused(booleans({"a"}) + rule("timeline_factor", "x", "", "fact = \"b\"\n")), "unknown-fact") != nullptr);
  CHECK(find(refused(booleans({"a"}) + rule("contraindication", "x", "")), "missing-key") != nullptr);
  CHECK(find(refused(booleans({"a"}) + rule("contraindication", "x", "a", "severity = \"grave\"\n")),
             "unknown-severity") != nullptr);
}

TEST_CASE("rules.loading: a rule that bars must not ask whether there is an answer") {
  CHECK_FALSE(refused(booleans({"a"}) + rule("contraindication", "x", "Known(a) and a")).empty());
  CHECK(warnings(booleans({"a"}) + rule("contraindication", "y", "a") + rule("information", "x", "Known(a)")).empty());
}

TEST_CASE("rules.loading: defines") {
  CHECK_FALSE(refused(booleans({"a"}) + "[define]\n\"p\" = \"\\\"q\\\" or a\"\n\"q\" = \"\\\"p\\\"\"\n" +
                      rule("contraindication", "x", "\\\"p\\\""))
                  .empty());
  CHECK(find(warnings(booleans({"a"}) + "[define]\n\"p\" = \"a\"\n" + rule("contraindication", "x", "a")),
             "unused-define") != nullptr);
  CHECK(warnings(booleans({"a"}) + "[define]\n\"p\" = \"a\"\n" + rule("contraindication", "x", "\\\"p\\\"")).empty());
}

TEST_CASE("rules.loading: rules that can never be met are warned of") {
  CHECK(find(warnings(booleans({"a", "b"}) + rule("contraindication", "x", "a and b and not a")), "unreachable-rule") !=
        nullptr);
  CHECK(find(warnings(booleans({"a", "b"}) + rule("contraindication", "x", "a and not b")), "unreachable-rule") ==
        nullptr);
}

TEST_CASE("rules.loading: a pack leans only on what it says it leans on") {
  const TempFolder folder;
  folder.write("one/pack.toml", kHeader + booleans({"a"}) + rule("contraindication", "x", "a"));
  std::string second = kHeader;
  second.replace(second.find("\"test\""), 6, "\"second\"");
  const std::string body = booleans({"b"}) + rule("contraindication", "x", "a or b");
  folder.write("two/pack.toml", second + body);
  const auto engine = caveat::Engine::load(options_for(folder.path()));
  REQUIRE_FALSE(engine);
  CHECK(find(engine.error().diagnostics, "foreign-fact") != nullptr);
  second.replace(second.find("defer_to"), 0, "uses = [\"test\"]\n");
  folder.write("two/pack.toml", second + body);
  CHECK(load(options_for(folder.path())).packs() == std::vector<std::string>{"second", "test"});
}

TEST_CASE("rules.loading: two packs may declare one fact, if they mean the same") {
  const TempFolder folder;
  folder.write("one/pack.toml", kHeader + booleans({"a"}) + rule("contraindication", "x", "a"));
  std::string second = kHeader;
  second.replace(second.find("\"test\""), 6, "\"second\"");
  folder.write("two/pack.toml",
               second +
                   "[fact.a]\ntype = \"boolean\"\nlabel = \"Another label\"\nask = \"?\"\nvalid_for = \"1 month\"\n" +
                   rule("contraindication", "x", "a"));
  const caveat::Engine engine = load(options_for(folder.path()));
  const auto profile =
      caveat::Profile::from_toml("[facts]\na = { value = true, recorded = 2026-01-01 }", engine.vocabulary());
  REQUIRE(profile);
  // A validity applies to its own pack alone.
  CHECK(engine.evaluate(*profile, {.at = {kit::kAt}, .pack = "test", .language = "en"}).disposition() ==
        caveat::Disposition::kRefer);
  CHECK(engine.evaluate(*profile, {.at = {kit::kAt}, .pack = "second", .language = "en"}).disposition() ==
        caveat::Disposition::kInsufficientInformation);
  folder.write("two/pack.toml", second + "[fact.a]\ntype = \"integer\"\nlabel = \"A\"\nask = \"?\"\n" +
                                    rule("contraindication", "x", "a > 1"));
  CHECK_FALSE(caveat::Engine::load(options_for(folder.path())));
}

TEST_CASE("rules.loading: one bad file keeps the whole pack out, and every file's first syntax error is told") {
  const TempFolder folder;
  folder.write("test/pack.toml", kHeader + booleans({"a"}) + rule("contraindication", "x", "a"));
  folder.write("test/more.toml", "[[information]\n");
  folder.write("test/other.toml", "x = = 1\n");
  const auto engine = caveat::Engine::load(options_for(folder.path()));
  REQUIRE_FALSE(engine);
  const auto names = [&](const std::string& file) {
    const auto& all = engine.error().diagnostics;
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& d) { return d.place.file.ends_with(file) && d.place.line == 1; });
  };
  CHECK(names("more.toml"));
  CHECK(names("other.toml"));
}

TEST_CASE("rules.loading: what is shipped is vetted without its seals, and the seals are those of what is shipped") {
  const TempFolder folder;
  for (const char* lexicon : {"en.toml", "tr.toml"}) {
    kit::fs::copy_file(kit::kSource / "rules/wording" / lexicon, folder.path() / lexicon);
  }
  caveat::EngineOptions options = options_for(kit::kSource / "rules");
  options.wording = folder.path();
  CHECK(load(options).diagnostics().empty());

  std::ifstream seals(kit::kSource / "rules/wording/proven.sha256");
  std::size_t sealed = 0;
  for (std::string digest, name; seals >> digest >> name; ++sealed) {
    std::ifstream file(kit::kSource / "rules/wording" / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    INFO(name << ": run tools/seal");
    CHECK(caveat::sha256(text) == "sha256:" + digest);
  }
  CHECK(sealed == 13);
}

TEST_CASE("rules.loading: a seal holds for its bytes alone") {
  const TempFolder folder;
  kit::fs::copy(kit::kSource / "rules", folder.path(), kit::fs::copy_options::recursive);
  CHECK(load(options_for(folder.path())).packs().size() == 1);
  std::ofstream(folder.path() / "microneedling/information.toml", std::ios::app)
      << rule("information", "bad", "", "why = \"Results are guaranteed.\"\n");
  caveat::EngineOptions options = options_for(folder.path());
  options.wording = folder.path() / "wording";
  const auto engine = caveat::Engine::load(options);
  REQUIRE_FALSE(engine);
  CHECK(find(engine.error().diagnostics, "wording-refused") != nullptr);
}

TEST_CASE("rules.loading: retired packs stay out unless they are asked for") {
  const TempFolder folder;
  std::string header = kHeader;
  header.replace(header.find("\"active\""), 8, "\"retired\"");
  folder.write("test/pack.toml", header + booleans({"a"}) + rule("contraindication", "x", "a"));
  caveat::EngineOptions options = options_for(folder.path());
  CHECK(load(options).packs().empty());
  options.retired = true;
  CHECK(load(options).packs() == std::vector<std::string>{"test"});
}
