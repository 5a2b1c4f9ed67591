#include "evaluation/snapshot.hpp"
#include "http/http_kit.hpp"
#include "vocabulary/vocabulary.hpp"

using namespace caveat;
using http_kit::as_object;
using http_kit::get;
using http_kit::post;
using http_kit::problem;

namespace {

constexpr const char* kPath = "/v1/evaluations?at=2026-11-22T10:00:00Z";

Evaluation evaluated(const std::string& language = "en") {
  const Engine engine = kit::load(http_kit::shipped());
  const auto profile = Profile::from_json(http_kit::kPregnant, engine.vocabulary());
  return engine.evaluate(*profile, {.at = {kit::kAt}, .pack = "microneedling", .language = language});
}

}  // namespace

TEST_CASE("http.evaluations: are the engine's own, byte for byte, in each form") {
  const auto service = http_kit::open();
  const Evaluation evaluation = evaluated();
  const auto as = [&](const char* accept) {
    return post(*service, kPath, http_kit::kPregnant, {{"content-type", "application/json"}, {"accept", accept}});
  };
  const auto json = as("application/json");
  CHECK(json.status == 200);
  CHECK(json.type == "application/json");
  CHECK(json.body == evaluation.to_json());
  CHECK(as("application/fhir+json").body == evaluation.to_fhir());
  CHECK(as("application/fhir+json").type == "application/fhir+json");
  CHECK(as("text/html").body == evaluation.to_html());
  CHECK(as("text/markdown").body == evaluation.to_markdown());
  CHECK(as("text/plain").body == evaluation.to_text());
  CHECK(as("text/plain").type == "text/plain; charset=utf-8");
}

TEST_CASE("http.evaluations: the query chooses pack, time, language and how much is explained") {
  const auto service = http_kit::open();
  const auto ask = [&](const std::string& more) { return post(*service, kPath + more, http_kit::kPregnant); };
  CHECK(ask("&pack=microneedling").body == evaluated().to_json());
  CHECK(ask("&language=tr").body == evaluated("tr").to_json());
  CHECK(ask("&explain=brief").body == evaluated().to_json({.explain = Explain::kBrief}));
  CHECK(ask("&explain=none").body == evaluated().to_json({.explain = Explain::kNone}));
  CHECK(post(*service, "/v1/evaluations", http_kit::kPregnant).body == evaluated().to_json());  // now, by its clock
  CHECK(problem(ask("&explain=some")) == "400 bad-query bad-parameter");
  CHECK(problem(ask("&pack=none")) == "400 bad-query bad-parameter");
  CHECK(problem(ask("&language=xx")) == "400 bad-query bad-parameter");
  CHECK(problem(post(*service, "/v1/evaluations?at=today", http_kit::kPregnant)) == "400 bad-query bad-parameter");
}

TEST_CASE("http.evaluations: TOML, JSON and FHIR are taken, told apart by type or by content") {
  const auto service = http_kit::open();
  const auto with = [&](const char* type, const std::string& body) {
    return as_object(post(*service, kPath, body, {{"content-type", type}})).at("disposition").as_string() == "refer";
  };
  const std::string record =
      R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"recordedDate":"2026-11-01",)"
      R"("code":{"coding":[{"system":"http://snomed.info/sct","code":"77386006"}]}})";
  CHECK(with("application/json", http_kit::kPregnant));
  CHECK(with("", http_kit::kPregnant));
  CHECK(with("application/json", record));
  CHECK(with("application/fhir+json", record));
  CHECK(with("application/toml", "facts.pregnant = true\n"));
  CHECK(problem(post(*service, kPath, "facts.pregnant = true\n")).starts_with("400 bad-profile"));
  CHECK(problem(post(*service, kPath, "")).starts_with("400 bad-profile"));
}

TEST_CASE("http.evaluations: every mistake of a profile comes back with its place") {
  const auto service = http_kit::open();
  CHECK(problem(post(*service, kPath, "{\"facts\":{\"age\":212,\n\"pregnent\":true}}")) ==
        "400 bad-profile out-of-range@profile:1:17 unknown-fact@profile:2:1");
  CHECK(problem(post(*service, kPath, R"({"facts":{"pregnant":tru}})")).starts_with("400 bad-profile json-syntax@"));
  CHECK(problem(post(*service, kPath, R"({"facts":{"pregnant":{"value":true,"recorded":"2026-11-23"}}})"))
            .starts_with("400 not-evaluated future-date"));
}

TEST_CASE("http.evaluations: with several packs the subject is named") {
  const kit::TempFolder folder;
  for (const char* id : {"one", "two"}) {
    std::string header = kit::kHeader;
    header.replace(header.find("\"test\""), 6, '"' + std::string(id) + '"');
    folder.write(std::string(id) + "/pack.toml",
                 header + kit::booleans({"a"}) + kit::rule("contraindication", "r", "a"));
  }
  const auto service = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  CHECK(problem(post(*service, "/v1/evaluations", R"({"facts":{"a":true}})")) == "400 bad-query no-pack-chosen");
  CHECK(as_object(post(*service, "/v1/evaluations?pack=two", R"({"facts":{"a":true}})")).at("disposition") == "refer");
}

TEST_CASE("http.packs: are listed with what they say of themselves") {
  const auto service = http_kit::open();
  const auto packs = as_object(get(*service, "/v1/packs?language=tr")).at("packs").as_array();
  REQUIRE(packs.size() == 1);
  CHECK(packs[0].at("id") == "microneedling");
  CHECK(packs[0].at("status") == "active");
  CHECK(kit::strings(packs[0].at("languages")) == std::vector<std::string>{"en", "tr"});
  CHECK(kit::text(packs[0].at("title")).starts_with("Mikroiğneleme"));
  CHECK(packs[0].at("rules").as_array().size() == 23);
}

TEST_CASE("http.plugins: are listed with what they add and where they run, and not where they lie") {
  const auto service = http_kit::open();
  const auto listed = get(*service, "/v1/plugins");
  CHECK(listed.body.find(kit::kPlugins.string()) == std::string::npos);
  const auto all = as_object(listed);
  CHECK(all.at("schema") == "caveat.plugins/1");
  const Engine engine = kit::load(http_kit::shipped());
  const auto& plugins = all.at("plugins").as_array();
  REQUIRE(plugins.size() == engine.snapshot().host.plugins().size());
  REQUIRE_FALSE(plugins.empty());
  for (const auto& plugin : plugins) {
    CHECK(kit::text(plugin.at("id")).starts_with("caveat."));
    CHECK(plugin.at("state") == "in process");
    CHECK(plugin.at("reason") == "builtin");
    CHECK_FALSE(plugin.as_object().contains("path"));
  }
}

TEST_CASE("http.facts: are those of the vocabulary, or of one pack") {
  const auto service = http_kit::open();
  const auto all = as_object(get(*service, "/v1/facts"));
  CHECK(all.at("schema") == "caveat.facts/1");
  const auto own = as_object(get(*service, "/v1/facts?pack=microneedling"));
  CHECK(own.at("facts").as_array().size() == 14);
  const Engine engine = kit::load(http_kit::shipped());
  CHECK(all.at("facts").as_array().size() == engine.vocabulary().size());
}

TEST_CASE("http.drafts: are served only with leave, and retired packs not at all") {
  const kit::TempFolder folder;
  const auto with_status = [&](const std::string& status) {
    std::string header = kit::kHeader;
    header.replace(header.find("\"active\""), 8, '"' + status + '"');
    folder.write("test/pack.toml", header + kit::booleans({"a"}) + kit::rule("contraindication", "r", "a"));
    return http_kit::serving(kit::options_for(folder.path()));
  };
  const auto code_of = [](server::ServiceOptions options) -> std::string {
    const auto service = server::Service::open(std::move(options), std::nullopt);
    if (service) return "served";
    CHECK(service.error().kind == ErrorKind::kLoad);
    return service.error().diagnostics.front().code;
  };
  CHECK(code_of(with_status("active")) == "served");
  CHECK(code_of(with_status("draft")) == "draft-pack");
  CHECK(code_of(with_status("retired")) == "no-pack");
  server::ServiceOptions allowed = with_status("draft");
  allowed.drafts = true;
  CHECK(code_of(allowed) == "served");
}

TEST_CASE("http.reload: puts the new in the place of the old, or leaves it whole") {
  const kit::TempFolder folder;
  const auto write = [&](const std::string& body) { folder.write("test/pack.toml", kit::kHeader + body); };
  write(kit::booleans({"a"}) + kit::rule("contraindication", "r", "a"));
  const auto service = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  const auto before = service->loaded();
  write(kit::booleans({"a"}) + kit::rule("contraindication", "r", "b"));
  CHECK_FALSE(service->reload());
  CHECK(service->loaded() == before);
  write(kit::booleans({"a", "b"}) + kit::rule("contraindication", "r", "b"));
  REQUIRE(service->reload());
  CHECK(service->loaded() != before);
  CHECK(as_object(post(*service, "/v1/evaluations", R"({"facts":{"b":true}})")).at("disposition") == "refer");
  service->begin_to_end();
  CHECK(problem(get(*service, "/readyz")) == "503 not-ready");
  CHECK(get(*service, "/healthz").status == 200);
}
