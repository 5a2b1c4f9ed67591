#include "unit/wording/wording_support.hpp"

#include "base/toml.hpp"

#include <algorithm>
#include <thread>

using namespace caveat;
using namespace caveat::wording_test;

namespace {

void check_list(std::string_view file, std::string_view language) {
  const auto texts = read_list(file);
  REQUIRE(texts.size() > 150);
  for (const ListedText& listed : texts) {
    const auto refusals = guard().check(listed.text, language);
    INFO(describe(listed.text, refusals));
    CHECK(refusals.empty() != listed.refused);
  }
}

std::string place_of(std::string_view text, std::string_view category) {
  for (const Refusal& refusal : guard().check(text, "en")) {
    if (refusal.category == category) return std::string(text.substr(refusal.begin, refusal.end - refusal.begin));
  }
  return {};
}

// Every text of a pack: strings under a language's key, wherever they stand.
void check_texts(const TomlValue& value, const std::vector<std::string>& languages, std::size_t& count) {
  for (const TomlValue& element : value.elements()) check_texts(element, languages, count);
  for (const TomlEntry& entry : value.entries()) {
    const bool text = std::find(languages.begin(), languages.end(), entry.key) != languages.end();
    if (!text || !entry.value.string()) {
      check_texts(entry.value, languages, count);
      continue;
    }
    ++count;
    const auto refusals = guard().check(*entry.value.string(), entry.key);
    INFO(to_string(entry.key_place) << " " << describe(*entry.value.string(), refusals));
    CHECK(refusals.empty());
  }
}

}  // namespace

TEST_CASE("wording.guard: English texts that the lexicon was not written from") { check_list("held_out_en.txt", "en"); }

TEST_CASE("wording.guard: Turkish texts that the lexicon was not written from") { check_list("held_out_tr.txt", "tr"); }

TEST_CASE("wording.guard: a language without a lexicon refuses everything") {
  const auto refusals = guard().check("Guten Tag", "de");
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].category == "no-lexicon");
  CHECK(refusals[0].end == 9);
  CHECK(guard().knows("tr"));
  CHECK_FALSE(guard().knows("de"));
  CHECK(guard().examples("de").empty());
}

TEST_CASE("wording.guard: what is not UTF-8 is no text") {
  for (const std::string text : {"\xff", "ok \xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf"}) {
    const auto refusals = guard().check(text, "en");
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0].category == "not-text");
  }
}

TEST_CASE("wording.guard: empty and odd texts are harmless") {
  for (const std::string text :
       {"", " ", "...", "&", "&;", "<", "<>", "&#x110000;", "&#;", "-", "|", "a", "1", "\n\n"}) {
    CHECK(guard().check(text, "en").empty());
    CHECK(guard().check(text, "tr").empty());
  }
}

TEST_CASE("wording.guard: a refusal points at the bytes as given") {
  CHECK(place_of("The effect is permanent.", "permanence") == "permanent");
  CHECK(place_of("The effect is perma\u00ADnent.", "permanence") == "perma\u00ADnent");
  CHECK(place_of("Результат: the result is g\u0443aranteed", "promise") == "");
  CHECK(place_of("It is ｇｕａｒａｎｔｅｅｄ!", "promise") == "ｇｕａｒａｎｔｅｅｄ");
  CHECK(place_of("It is g.u.a.r.a.n.t.e.e.d.", "promise") == "g.u.a.r.a.n.t.e.e.d");
  CHECK(place_of("It is gu<b>arant</b>eed.", "promise") == "gu<b>arant</b>eed");
}

TEST_CASE("wording.guard: refusals come in the order of their places, once each") {
  const auto refusals = guard().check("Guaranteed results. The best method. It cures acne.", "en");
  REQUIRE(refusals.size() >= 3);
  CHECK(
      std::is_sorted(refusals.begin(), refusals.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; }));
  for (const Refusal& refusal : refusals) CHECK_FALSE(refusal.reason.empty());
  CHECK(guard().check("Guaranteed.", "en").size() == 1);
}

TEST_CASE("wording.guard: a negation elsewhere excuses nothing") {
  for (const char* text : {"Results are not only permanent but guaranteed.", "Not permanent. Guaranteed!",
                           "This is no joke: permanent results.", "It is not true that results are not permanent.",
                           "It does not hurt, and results are permanent.", "No pain, permanent results."}) {
    INFO(text);
    CHECK_FALSE(guard().check(text, "en").empty());
  }
}

TEST_CASE("wording.guard: long texts take linear time and memory") {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "not permanent results aaaaaaaaaa g u a r ";
  CHECK_FALSE(guard().check(text, "en").empty());
  CHECK(guard().check(std::string(200'000, 'a'), "en").empty());
  CHECK(guard().check(std::string(200'000, '<'), "en").empty());
}

TEST_CASE("wording.guard: many threads may ask at once") {
  const auto fresh = Guard::load(lexicons());
  REQUIRE(fresh);
  std::vector<std::size_t> counts(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    threads.emplace_back([&, i] {
      for (const ListedText& listed : read_list("held_out_en.txt")) counts[i] += fresh->check(listed.text, "en").size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(counts[0] > 100);
  for (const std::size_t count : counts) CHECK(count == counts[0]);
}

TEST_CASE("wording.guard: every text of the packs may be said") {
  const std::filesystem::path folder = std::filesystem::path(CAVEAT_SOURCE_DIR) / "rules" / "microneedling";
  if (!std::filesystem::exists(folder)) return;
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".toml") continue;
    const auto document = TomlDocument::read(file.path(), ErrorKind::kLoad);
    REQUIRE(document);
    check_texts(document->root(), guard().languages(), count);
  }
  CHECK(count > 0);
}
