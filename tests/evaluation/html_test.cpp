// The page: whole, balanced, self-contained; what comes from outside is text.
#include "evaluation/kit.hpp"

#include <array>
#include <set>

namespace {

const caveat::Engine& engine() {
  static const caveat::Engine loaded = kit::load(kit::options_for(kit::kSource / "rules"));
  return loaded;
}

// The names of open tags that nothing closes, or `</x>` where another is open; empty when all is balanced.
std::string imbalance(const std::string& html) {
  static const std::set<std::string> alone = {"!DOCTYPE", "meta"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find_first_of(" >", at + 1);
    const std::string name = html.substr(at + 1, end - at - 1);
    if (alone.count(name) > 0) continue;
    if (name.front() != '/') {
      open.push_back(name);
    } else if (open.empty() || open.back() != name.substr(1)) {
      return "<" + name + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("evaluation.html: a whole page that needs nothing beside it") {
  for (const char* facts : {"", "facts = { pregnant = true }", "facts = { keloid_tendency = false, age = 30 }"}) {
    const std::string html = kit::evaluate(engine(), facts).to_html();
    CHECK(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    CHECK(html.ends_with("</html>\n"));
    CHECK(imbalance(html).empty());
    for (const char* outside : {"<script", "<link", "<img", "src=", "href=", "url(", "@import"}) {
      INFO(outside);
      CHECK_FALSE(has(html, outside));
    }
    CHECK(has(html, "Content-Security-Policy"));
    CHECK(has(html, "name=\"viewport\""));
    CHECK(has(html, "@media print"));
  }
}

TEST_CASE("evaluation.html: says what the advisories say, in their order") {
  const auto evaluation = kit::evaluate(engine(), "facts = { pregnant = true }");
  const std::string html = evaluation.to_html();
  CHECK(has(html, std::string(evaluation.summary())));
  CHECK(has(html, std::string(evaluation.deferral())));
  std::size_t at = 0;
  for (const caveat::AdvisoryView& advisory : evaluation.advisories()) {
    INFO(advisory.title);
    at = html.find("<h3>" + std::string(advisory.title), at);
    REQUIRE(at != std::string::npos);
    const std::string start(advisory.statement.substr(0, advisory.statement.find('"')));  // quotes are escaped
    CHECK(html.find("<p>" + start, at) != std::string::npos);
  }
  for (const char* part :
       {"<h2>Contraindications", "<ol><li>", "pregnant or breastfeeding: true", "Withheld", "not asked"})
    CHECK(has(html, part));
  CHECK_FALSE(has(evaluation.to_html({.explain = caveat::Explain::kBrief}), "pregnant or breastfeeding: true"));
}

TEST_CASE("evaluation.html: what comes from outside is text") {
  const std::string html =
      kit::evaluate(engine(), R"({"facts": {"pregnant": {"value": true, "source": "<b onclick=\"x\">&\u0007"}}})")
          .to_html();
  CHECK(has(html, "&lt;b onclick=&quot;x&quot;&gt;&amp;"));
  CHECK_FALSE(has(html, "<b onclick"));
  CHECK_FALSE(has(html, "\x07"));
  CHECK(imbalance(html).empty());
}

TEST_CASE("evaluation.html: several evaluations are one page, an error among them") {
  const auto one = kit::evaluate(engine(), "facts = { pregnant = true }", kit::kAt, "tr");
  const auto error = kit::evaluate(engine(), "recorded = 2026-11-01", "2020-01-01T00:00:00Z");
  REQUIRE(error.error() != nullptr);
  const std::string html = caveat::to_html({one, error});
  CHECK(html.starts_with("<!DOCTYPE html>\n<html lang=\"tr\">"));
  CHECK(imbalance(html).empty());
  std::size_t articles = 0;
  for (std::size_t at = html.find("class=\"evaluation\""); at != std::string::npos;
       at = html.find("class=\"evaluation\"", at + 1))
    ++articles;
  CHECK(articles == 2);
}
