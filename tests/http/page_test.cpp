// The page for people: its form, and what comes of what was filled in.
#include "http/http_kit.hpp"
#include "server/web_form.hpp"

using namespace caveat;
using http_kit::get;
using http_kit::header;
using http_kit::problem;

namespace {

// A fact of each type.
const std::string kFacts = R"([fact.wound]
type = "boolean"
label = "Wound"
ask = "Is there a <wound>?"
[fact.age]
type = "integer"
label = "Age"
ask = "How old?"
min = 0
max = 120
[fact.heat]
type = "decimal"
label = "Heat"
ask = "How warm?"
[fact.dose]
type = "quantity"
unit = "mg"
label = "Dose"
ask = "How much?"
[fact.skin]
type = "choice"
values = ["dry", "oily"]
label = "Skin"
ask = "What skin?"
[fact.wishes]
type = "choices"
values = ["a", "b"]
label = "Wishes"
ask = "What is wished?"
[fact.since]
type = "date"
label = "Since"
ask = "Since when?"
)" + kit::rule("contraindication", "r", "wound");

server::Response fill_in(server::Service& service, const std::string& body, const std::string& target = "/") {
  return http_kit::post(service, target, body, {{"content-type", "application/x-www-form-urlencoded"}});
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

bool has(const server::Response& response, const std::string& part) {
  return response.body.find(part) != std::string::npos;
}

class Typed {
 public:
  Typed() {
    folder_.write("test/pack.toml", kit::kHeader + kFacts);
    service_ = http_kit::open(http_kit::serving(kit::options_for(folder_.path())));
  }
  server::Service& service() { return *service_; }
  std::string profile(const std::string& body) {
    const auto given = server::parse_form(body);
    REQUIRE(given);
    const auto loaded = service_->loaded();
    const Snapshot& snapshot = loaded->engine.snapshot();
    return server::profile_of_form(snapshot.vocabulary, snapshot.packs.front()->pack.facts, *given, "2026-11-22");
  }

 private:
  kit::TempFolder folder_;
  std::unique_ptr<server::Service> service_;
};

}  // namespace

TEST_CASE("http.page: asks what the pack asks, and needs nothing beside itself") {
  const auto service = http_kit::open();
  const auto page = get(*service, "/");
  REQUIRE(page.status == 200);
  CHECK(page.type == "text/html; charset=utf-8");
  CHECK(count(page.body, "<fieldset>") == 14);
  CHECK(has(page, "Do you have an open wound at the moment?"));
  for (const char* never : {"<script", "http://", "https://", "src=", "url("}) CHECK_FALSE(has(page, never));
  const std::string policy = header(page, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none';"));
  CHECK(policy.find("script-src") == std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(header(page, "Cache-Control") == "no-store");
  // Nothing is chosen beforehand but that it was not asked.
  CHECK(count(page.body, " checked") == count(page.body, " value=\"\" checked"));
}

TEST_CASE("http.page: what was filled in is evaluated as the same profile is") {
  const auto service = http_kit::open();
  const auto shown = fill_in(*service, "fact.pregnant=true&fact.age=34&fact.breastfeeding=?not-known&fact.concerns=-");
  REQUIRE(shown.status == 200);
  const Engine engine = kit::load(http_kit::shipped());
  const auto same = kit::evaluate(engine, R"({"recorded":"2026-11-22","facts":{"pregnant":true,"age":34,
      "breastfeeding":"unknown","concerns":[]}})");
  CHECK(shown.body == same.to_html());
  CHECK(header(shown, "Content-Security-Policy").starts_with("default-src 'none';"));
}

TEST_CASE("http.page: what is left open was not asked, and is never a no") {
  Typed typed;
  CHECK(typed.profile("") == R"({"recorded":"2026-11-22","facts":{}})");
  CHECK(typed.profile("fact.wound=&fact.age=&fact.dose=&unit.dose=mg") == R"({"recorded":"2026-11-22","facts":{}})");
  const auto shown = fill_in(typed.service(), "fact.wound=");
  const auto loaded = typed.service().loaded();
  CHECK(shown.body == kit::evaluate(loaded->engine, "").to_html());
}

TEST_CASE("http.page: each type of fact is written as its values are") {
  Typed typed;
  const auto facts = [&](const std::string& body) {
    const std::string all = typed.profile(body);
    constexpr std::string_view kHead = R"({"recorded":"2026-11-22","facts":)";
    return all.substr(kHead.size(), all.size() - kHead.size() - 1);
  };
  CHECK(facts("fact.wound=false") == R"({"wound":{"value":false}})");
  CHECK(facts("fact.age=34") == R"({"age":{"value":34}})");
  CHECK(facts("fact.heat=-36.60") == R"({"heat":{"value":-36.60}})");
  CHECK(facts("fact.dose=5&unit.dose=mg") == R"({"dose":{"value":5,"unit":"mg"}})");
  CHECK(facts("fact.skin=oily") == R"({"skin":{"value":"oily"}})");
  CHECK(facts("fact.wishes=a&fact.wishes=b") == R"({"wishes":{"value":["a","b"]}})");
  CHECK(facts("fact.wishes=-") == R"({"wishes":{"value":[]}})");
  CHECK(facts("fact.since=2026-01-02") == R"({"since":{"value":"2026-01-02"}})");
  CHECK(facts("fact.skin=%3Fdeclined") == R"({"skin":{"unknown":"declined"}})");
}

TEST_CASE("http.page: a mistake is said, and what was filled in stays") {
  Typed typed;
  for (const char* wrong :
       {"fact.age=abc", "fact.age=121", "fact.age=34.0", "fact.heat=36,6", "fact.heat=1e3", "fact.heat=007",
        "fact.dose=5&unit.dose=m", "fact.dose=5&unit.dose=", "fact.skin=Dry", "fact.skin=dry&fact.skin=oily",
        "fact.wishes=-&fact.wishes=a", "fact.since=2026", "fact.wound=yes", "fact.wound=true&fact.wound=false",
        "fact.age=34&fact.age=?declined", "fact.age=?declined&fact.age=?not-known", "fact.age=?maybe"}) {
    INFO(wrong);
    const auto page = fill_in(typed.service(), wrong);
    CHECK(page.status == 400);
    CHECK(page.type.starts_with("text/html"));
    CHECK(has(page, "role=\"alert\""));
    CHECK(count(page.body, "<fieldset>") == 7);
  }
  const auto page = fill_in(typed.service(), "fact.age=abc&fact.skin=oily&fact.wishes=b&fact.dose=3&unit.dose=g");
  CHECK(has(page, "name=\"fact.age\" value=\"abc\""));
  CHECK(has(page, "value=\"oily\" checked"));
  CHECK(has(page, "value=\"b\" checked"));
  CHECK(has(page, "name=\"unit.dose\" value=\"g\""));
  CHECK(problem(fill_in(typed.service(), "fact.age=%zz")) == "400 bad-form");
  CHECK(problem(http_kit::post(typed.service(), "/", "{}")) == "415 media-type");
}

TEST_CASE("http.page: texts are shown as texts, whoever wrote them") {
  Typed typed;
  CHECK(has(get(typed.service(), "/"), "Is there a &lt;wound&gt;?"));
  const auto page = fill_in(typed.service(), "fact.age=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
  CHECK(page.status == 400);
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "value=\"&quot;&gt;&lt;script&gt;"));
}

TEST_CASE("http.page: speaks the language that is asked for") {
  const auto service = http_kit::open();
  CHECK(has(get(*service, "/", {{"accept-language", "tr-TR,tr;q=0.9,en;q=0.5"}}), "<html lang=\"tr\">"));
  CHECK(has(get(*service, "/?language=tr"), "açık bir yaranız var mı"));
  CHECK(has(fill_in(*service, "", "/?language=tr"), "<html lang=\"tr\">"));
  CHECK(problem(get(*service, "/?language=xx")) == "400 bad-query bad-parameter");
}

TEST_CASE("http.page: of several packs one is chosen first") {
  const kit::TempFolder folder;
  for (const char* id : {"one", "two"}) {
    std::string head = kit::kHeader;
    head.replace(head.find("\"test\""), 6, '"' + std::string(id) + '"');
    folder.write(std::string(id) + "/pack.toml", head + kit::booleans({"a"}) + kit::rule("contraindication", "r", "a"));
  }
  const auto service = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  const auto choice = get(*service, "/");
  CHECK(has(choice, "href=\"/?pack=one\""));
  CHECK(has(choice, "href=\"/?pack=two\""));
  CHECK(has(get(*service, "/?pack=two"), "action=\"/?pack=two&amp;language=en\""));
  CHECK(problem(fill_in(*service, "fact.a=true")) == "400 bad-query no-pack-chosen");
  CHECK(has(fill_in(*service, "fact.a=true", "/?pack=two"), "Says r."));
}
