// What an evaluation says, case by case, through the public API.
#include "evaluation/kit.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

using kit::load, kit::options_for, kit::outcomes, kit::rule, kit::strings, kit::text;
using kit::TempFolder, kit::advisory, kit::as_json, kit::booleans, kit::engine_of, kit::evaluate, kit::ids, kit::kAt,
    kit::kHeader;
namespace json = boost::json;

namespace {

const std::string kTwoBars = booleans({"a", "b", "c"}) + rule("contraindication", "one", "a") +
                             rule("contraindication", "two", "b or c") + rule("approach", "way", "c");

}  // namespace

TEST_CASE("evaluation.disposition: the four, in their order") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const auto disposition = [&](const std::string& facts) {
    return to_string(evaluate(engine, "[facts]\n" + facts).disposition());
  };
  CHECK(disposition("") == "insufficient-information");
  CHECK(disposition("a = true") == "refer");
  CHECK(disposition("a = false\nb = false") == "insufficient-information");
  CHECK(disposition("a = false\nb = false\nc = false") == "no-contraindication-found");
  CHECK(disposition("a = true\nb = \"unknown\"") == "refer");
}

TEST_CASE("evaluation.disposition: nothing that bars means that nothing may be concluded") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, booleans({"a"}) + rule("information", "note", "a"));
  const caveat::Evaluation evaluation = evaluate(engine, "[facts]\na = false");
  CHECK(evaluation.disposition() == caveat::Disposition::kIncomplete);
  CHECK_FALSE(evaluation.complete());
}

TEST_CASE("evaluation.withheld: suggestions wait until all contraindications are ruled out") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const json::object barred = as_json(evaluate(engine, "[facts]\na = true\nc = true"));
  CHECK(advisory(barred, "test/way") == nullptr);
  CHECK(strings(barred.at("withheld").at(0).at("rules")) == std::vector<std::string>{"test/way"});
  CHECK(text(barred.at("withheld").at(0).at("kind")) == "approach");
  CHECK(outcomes(barred).at("test/way") == "met");
  const TempFolder other;
  const caveat::Engine free_engine =
      engine_of(other, booleans({"a", "c"}) + rule("contraindication", "one", "a") + rule("approach", "way", "c"));
  const json::object free = as_json(evaluate(free_engine, "[facts]\na = false\nc = true"));
  CHECK(advisory(free, "test/way") != nullptr);
  CHECK(free.at("withheld").as_array().empty());
}

TEST_CASE("evaluation.explanation: a tree with every part's value, place and readings") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const json::object result =
      as_json(evaluate(engine, "[facts]\nb = { value = true, recorded = 2026-11-01, source = \"intake form\" }"));
  const json::object& two = *advisory(result, "test/two");
  const json::object& tree = two.at("explanation").as_object();
  CHECK(text(tree.at("expression")) == "b or c");
  CHECK(text(tree.at("value")) == "true");
  CHECK(text(tree.at("at")).starts_with("pack.toml:"));
  const json::object& b = tree.at("children").at(0).as_object();
  CHECK(json::serialize(b.at("reads")) ==
        R"([{"fact":"b","value":true,"recorded":"2026-11-01","source":"intake form"}])");
  CHECK(json::serialize(tree.at("children").at(1).at("reads")) == R"([{"fact":"c","unknown":"not-asked"}])");
  CHECK(json::serialize(two.at("because")) ==
        R"([{"fact":"b","value":true,"recorded":"2026-11-01","source":"intake form"}])");
  CHECK(json::serialize(two.at("would_change")) == R"([{"fact":"b","to":false,"outcome":"undetermined"}])");
  CHECK(two.at("missing").as_array().empty());
}

TEST_CASE("evaluation.places: a condition's place is inside its string") {
  const TempFolder folder;
  const std::string body =
      booleans({"a", "b"}) +
      "[[contraindication]]\nid = \"x\"\nwhen = '''\n  a\n  or b'''\ntitle = \"T\"\nsays = \"S.\"\ncite = \"book\"\n";
  const caveat::Engine engine = engine_of(folder, body);
  const json::object result = as_json(evaluate(engine, ""));
  const json::object& tree = advisory(result, "test/x")->at("explanation").as_object();
  const auto line_of = [&](const std::string& needle) {
    const std::string whole = kHeader + body;
    return std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.find(needle)), '\n') + 1;
  };
  CHECK(text(tree.at("children").at(1).at("at")) == "pack.toml:" + std::to_string(line_of("  or b'''")) + ":6");
}

TEST_CASE("evaluation.stale: an old answer is unknown, and says what it would have decided") {
  const TempFolder folder;
  const caveat::Engine engine =
      engine_of(folder, booleans({"z"}) + booleans({"a"}) + "valid_for = \"3 months\"\n" +
                            rule("contraindication", "first", "z") + rule("contraindication", "second", "a"));
  const auto at = [&](const std::string& recorded) {
    return as_json(evaluate(engine, "[facts]\na = { value = true, recorded = " + recorded + " }"));
  };
  CHECK(outcomes(at("2026-08-22")).at("test/second") == "met");  // the last day counts
  const json::object stale = at("2026-08-21");
  CHECK(outcomes(stale).at("test/second") == "undetermined");
  CHECK(ids(stale) == std::vector<std::string>{"test/second", "test/first"});  // before its peers
  const json::object& second = *advisory(stale, "test/second");
  CHECK(json::serialize(second.at("on_last_known")) ==
        R"({"outcome":"met","facts":[{"fact":"a","value":true,"recorded":"2026-08-21"}]})");
  CHECK(strings(second.at("missing")) == std::vector<std::string>{"a"});
}

TEST_CASE("evaluation.conflict: sources that disagree are shown, and one that would bar is not lost") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(
      folder, booleans({"z", "a"}) + rule("contraindication", "first", "z") + rule("contraindication", "second", "a"));
  const json::object result = as_json(
      evaluate(engine, "[facts]\na = [ { value = true, source = \"letter\" }, { value = false, source = \"form\" } ]"));
  CHECK(ids(result) == std::vector<std::string>{"test/second", "test/first"});
  const json::object& second = *advisory(result, "test/second");
  CHECK(text(second.at("on_conflict")) == "met");
  CHECK(json::serialize(second.at("explanation").at("reads")) ==
        R"([{"fact":"a","unknown":"conflicting","answers":[)"
        R"({"value":true,"source":"letter"},{"value":false,"source":"form"}]}])");
}

TEST_CASE("evaluation.failed: a raised error fails its rule alone, and the evaluation says so") {
  const TempFolder folder;
  const caveat::Engine engine =
      engine_of(folder, booleans({"a"}) + rule("contraindication", "broken", "a or 4 in Interval[5, 3]") +
                            rule("contraindication", "sound", "a"));
  const json::object met = as_json(evaluate(engine, "[facts]\na = true"));
  CHECK(outcomes(met).at("test/broken") == "failed");
  CHECK(outcomes(met).at("test/sound") == "met");
  CHECK(text(met.at("disposition")) == "refer");
  CHECK_FALSE(met.at("complete").as_bool());
  CHECK(ids(met) == std::vector<std::string>{"test/sound", "test/broken"});
  const json::object free = as_json(evaluate(engine, "[facts]\na = false"));
  CHECK(text(free.at("disposition")) == "incomplete");
}

TEST_CASE("evaluation.null: an uncertain date leaves a rule undetermined, with the reason") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, "[fact.seen]\ntype = \"date\"\nlabel = \"Seen\"\nask = \"When?\"\n" +
                                                      rule("contraindication", "early", "seen < @2026-05"));
  const json::object result = as_json(evaluate(engine, "[facts]\nseen = 2026-05-10"));
  CHECK(outcomes(result).at("test/early") == "undetermined");
  CHECK(advisory(result, "test/early")->at("missing").as_array().empty());
  CHECK_FALSE(advisory(result, "test/early")->at("notes").as_array().empty());
  CHECK(outcomes(as_json(evaluate(engine, "[facts]\nseen = 2026-04-30"))).at("test/early") == "met");
}

TEST_CASE("evaluation.questions: the gravest bar first, then the number of rules, then declaration") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(
      folder, booleans({"a", "b", "c", "d"}) + rule("information", "n1", "d") + rule("information", "n2", "d") +
                  rule("contraindication", "x", "a") + rule("contraindication", "y", "b or c") +
                  rule("contraindication", "z", "c", "severity = \"critical\"\n") + rule("contraindication", "w", "b"));
  const json::object result = as_json(evaluate(engine, ""));
  std::vector<std::string> asked;
  for (const json::value& question : result.at("questions").as_array()) asked.push_back(text(question.at("fact")));
  CHECK(asked == std::vector<std::string>{"c", "b", "a", "d"});
  CHECK(strings(result.at("questions").at(1).at("decides")) == std::vector<std::string>{"test/y", "test/w"});
}

TEST_CASE("evaluation.order: role, status, severity, place") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(
      folder, booleans({"a", "b"}) + rule("information", "note", "") + rule("contraindication", "unknown-one", "b") +
                  rule("contraindication", "met-warning", "a") +
                  rule("contraindication", "met-critical", "a", "severity = \"critical\"\n") +
                  rule("contraindication", "failed-one", "4 in Interval[5, 3]"));
  CHECK(ids(as_json(evaluate(engine, "[facts]\na = true"))) ==
        std::vector<std::string>{"test/met-critical", "test/met-warning", "test/failed-one", "test/unknown-one",
                                 "test/note"});
}

TEST_CASE("evaluation.disabled: a silenced rule is named, and without one that bars nothing is complete") {
  const TempFolder folder;
  folder.write("test/pack.toml", kHeader + kTwoBars);
  caveat::EngineOptions options = options_for(folder.path());
  options.disabled = {{"test/one", "duplicate of a local check", "Medical lead", "2026-10-01"}};
  const json::object result = as_json(evaluate(load(options), "[facts]\na = true\nb = false\nc = false"));
  CHECK(text(result.at("disposition")) == "no-contraindication-found");
  CHECK_FALSE(result.at("complete").as_bool());
  CHECK(text(result.at("disabled").at(0).at("rule")) == "test/one");
  CHECK(outcomes(result).count("test/one") == 0);
  CHECK(text(result.at("summary")).find("disabled") != std::string::npos);
  options.disabled = {{"test/one", "", "Medical lead", "2026-10-01"}, {"test/none", "r", "p", "2026-10-01"}};
  const auto refused_engine = caveat::Engine::load(options);
  REQUIRE_FALSE(refused_engine);
  CHECK(refused_engine.error().diagnostics.size() == 2);
}

TEST_CASE("evaluation.bytes: the same inputs give the same bytes, in whatever notation the profile came") {
  const TempFolder folder, elsewhere;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const caveat::Engine twin = engine_of(elsewhere, kTwoBars);
  const std::string toml = "id = \"p\"\n[facts]\nc = \"unknown\"\na = { value = true, recorded = 2026-11-01 }\n";
  const std::string json_text = R"({"facts":{"a":{"recorded":"2026-11-01","value":true},"c":null},"id":"p"})";
  const std::string bytes = evaluate(engine, toml).to_json();
  CHECK(bytes == evaluate(engine, toml).to_json());
  CHECK(bytes == evaluate(engine, json_text).to_json());
  CHECK(bytes == evaluate(twin, toml).to_json());  // wherever the pack lies
  CHECK(bytes != evaluate(engine, toml, "2026-11-22T10:00:01Z").to_json());
}

TEST_CASE("evaluation.threads: any thread may use an engine, a profile and an evaluation at any time") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const auto profile = caveat::Profile::from_toml("[facts]\na = true\nb = \"unknown\"", engine.vocabulary());
  REQUIRE(profile);
  const std::string expected = engine.evaluate(*profile, {.at = {kAt}}).to_json();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) wrong += engine.evaluate(*profile, {.at = {kAt}}).to_json() == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("evaluation.json: keys stand in the order of the format") {
  const TempFolder folder;
  const json::object result = as_json(evaluate(engine_of(folder, kTwoBars), "id = \"p\"\n[facts]\na = true"));
  const auto keys = [](const json::object& object) {
    std::string out;
    for (const auto& [key, value] : object) out += std::string(key) + " ";
    return out;
  };
  CHECK(keys(result) ==
        "schema id evaluated_at language profile engine packs plugins disposition complete summary deferral "
        "advisories withheld outcomes disabled questions diagnostics ");
  CHECK(keys(*advisory(result, "test/one")).starts_with("id kind role status severity title statement "));
  CHECK(keys(result.at("packs").at(0).as_object()) == "id version digest status ");
  CHECK(text(result.at("evaluated_at")) == kAt);
}

TEST_CASE("evaluation.time: today is the date in the offset that the caller gave") {
  const TempFolder folder;
  const caveat::Engine engine =
      engine_of(folder, booleans({"a"}) + rule("contraindication", "x", "a or Today() = @2026-11-23"));
  CHECK(outcomes(as_json(evaluate(engine, "[facts]\na = false", "2026-11-22T23:30:00Z"))).at("test/x") == "not-met");
  CHECK(outcomes(as_json(evaluate(engine, "[facts]\na = false", "2026-11-23T00:30:00+01:00"))).at("test/x") == "met");
}

TEST_CASE("evaluation.errors: what cannot be evaluated concludes nothing") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const auto profile =
      caveat::Profile::from_toml("[facts]\na = { value = true, recorded = 2027-01-01 }", engine.vocabulary());
  REQUIRE(profile);
  const auto code = [&](const caveat::EvaluateOptions& options) {
    const caveat::Evaluation evaluation = engine.evaluate(*profile, options);
    REQUIRE(evaluation.error() != nullptr);
    CHECK(evaluation.disposition() == caveat::Disposition::kIncomplete);
    CHECK_FALSE(evaluation.complete());
    CHECK(evaluation.advisories().empty());
    CHECK_FALSE(evaluation.to_json().empty());
    CHECK_FALSE(evaluation.to_text().empty());
    CHECK_FALSE(evaluation.to_markdown().empty());
    return evaluation.error()->diagnostics.front().code;
  };
  CHECK(code({.at = {"2026-11-22"}, .pack = "", .language = "en"}) == "bad-time");
  CHECK(code({.at = {kAt}, .pack = "tset", .language = "en"}) == "unknown-pack");
  CHECK(code({.at = {kAt}, .pack = "", .language = "xx"}) == "unknown-language");
  CHECK_FALSE(code({.at = {kAt}, .pack = "", .language = "en"}).empty());  // dated after the evaluation
}

TEST_CASE("evaluation.remarks: drafts, overdue reviews and missing languages are said") {
  const TempFolder folder;
  std::string header = kHeader;
  header.replace(header.find("\"active\""), 8, "\"draft\"");
  header.replace(header.find("defer_to"), 0, "review_by = 2026-01-01\n");
  const json::object result = as_json(evaluate(engine_of(folder, kTwoBars, header), "", kAt, "tr"));
  std::vector<std::string> codes;
  for (const json::value& diagnostic : result.at("diagnostics").as_array())
    codes.push_back(text(diagnostic.at("code")));
  for (const char* code : {"draft-pack", "review-overdue", "language-fallback"}) {
    INFO(code);
    CHECK(std::count(codes.begin(), codes.end(), code) == 1);
  }
  CHECK(text(result.at("summary")).find("yanıt") != std::string::npos);
}

TEST_CASE("evaluation.text: fits the page, and says who decides") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  for (const caveat::Explain explain : {caveat::Explain::kNone, caveat::Explain::kBrief, caveat::Explain::kFull}) {
    const std::string out =
        evaluate(engine, "[facts]\na = true").to_text({.explain = explain, .pretty = false, .width = 80});
    CHECK(out.find("A professional decides.") != std::string::npos);
    CHECK(out.find("Title of one") != std::string::npos);
    std::size_t column = 0;
    for (const char c : out) {
      if (c == '\n')
        column = 0;
      else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
        ++column;
      CHECK(column <= 80);
    }
  }
}

TEST_CASE("evaluation.markdown: what a pack or a profile says is text, never markup") {
  const TempFolder folder;
  const caveat::Engine engine = engine_of(folder, kTwoBars);
  const std::string out = evaluate(engine, "[facts]\na = { value = true, source = \"<b>*form*</b>\" }").to_markdown();
  CHECK(out.find("\\<b\\>\\*form\\*\\</b\\>") != std::string::npos);
  CHECK(out.find("<b>") == std::string::npos);
}
