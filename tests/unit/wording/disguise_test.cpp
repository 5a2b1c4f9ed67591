#include "unit/wording/wording_support.hpp"

#include "wording/fold.hpp"

#include <functional>

using namespace caveat;
using namespace caveat::wording_test;

namespace {

bool ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Every ASCII letter of a text by what `change` makes of it.
std::string each_letter(std::string_view text, const std::function<std::string(char)>& change) {
  std::string result;
  for (const char c : text) result += ascii_letter(c) ? change(c) : std::string(1, c);
  return result;
}

bool starts_letter(char c) { return ascii_letter(c) || c == '\'' || static_cast<unsigned char>(c) >= 0xC0; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// `between` between every two letters; all that is not ASCII counts as a letter.
std::string between_letters(std::string_view text, std::string_view between) {
  std::string result;
  bool letter = false;
  for (const char c : text) {
    if (letter && starts_letter(c)) result += between;
    if (!continues(c)) letter = starts_letter(c);
    result += c;
  }
  return result;
}

std::string utf8(char32_t c) {
  std::string s;
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  }
  return {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
          static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
}

std::string shifted(char c, char32_t lower, char32_t upper) {
  return utf8(c >= 'a' ? lower + static_cast<char32_t>(c - 'a') : upper + static_cast<char32_t>(c - 'A'));
}

std::string cyrillic(char c) {
  static const std::string from = "aceiopsxyABCEHIKMOPTX";
  static const std::u32string to = U"асеіорѕхуАВСЕНІКМОРТХ";
  const std::size_t at = from.find(c);
  return at == std::string::npos ? std::string(1, c) : utf8(to[at]);
}

std::string turkish_upper(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'i') {
      result += "İ";
    } else if (text.substr(i).starts_with("ı")) {
      result += "I";
      ++i;
    } else {
      result += text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
    }
  }
  return result;
}

std::string replaced(std::string_view text, char from, std::string_view to) {
  std::string result;
  for (const char c : text) result += c == from ? std::string(to) : std::string(1, c);
  return result;
}

struct Disguise {
  std::string name;
  std::function<std::string(std::string_view)> apply;
};

std::vector<Disguise> disguises() {
  return {
      {"upper case",
       [](auto t) { return each_letter(t, [](char c) { return std::string(1, static_cast<char>(c & ~0x20)); }); }},
      {"Turkish upper case", turkish_upper},
      {"zero-width spaces", [](auto t) { return between_letters(t, "\u200B"); }},
      {"zero-width joiners", [](auto t) { return between_letters(t, "\u200D"); }},
      {"soft hyphens", [](auto t) { return between_letters(t, "\u00AD"); }},
      {"word joiners", [](auto t) { return between_letters(t, "\u2060"); }},
      {"combining accents", [](auto t) { return each_letter(t, [](char c) { return std::string(1, c) + "\u0301"; }); }},
      {"strike-through", [](auto t) { return each_letter(t, [](char c) { return std::string(1, c) + "\u0336"; }); }},
      {"full width", [](auto t) { return each_letter(t, [](char c) { return shifted(c, U'ａ', U'Ａ'); }); }},
      {"mathematical bold", [](auto t) { return each_letter(t, [](char c) { return shifted(c, 0x1D41A, 0x1D400); }); }},
      {"mathematical sans", [](auto t) { return each_letter(t, [](char c) { return shifted(c, 0x1D5BA, 0x1D5A0); }); }},
      {"circled letters", [](auto t) { return each_letter(t, [](char c) { return shifted(c, 0x24D0, 0x24B6); }); }},
      {"Cyrillic look-alikes", [](auto t) { return each_letter(t, cyrillic); }},
      {"emphasis", [](auto t) { return between_letters(t, "**"); }},
      {"back-ticks", [](auto t) { return between_letters(t, "`"); }},
      {"tags", [](auto t) { return between_letters(t, "<b></b>"); }},
      {"soft-hyphen entities", [](auto t) { return between_letters(t, "&shy;"); }},
      {"numeric entities",
       [](auto t) { return each_letter(t, [](char c) { return "&#" + std::to_string(int{c}) + ";"; }); }},
      {"hyphens", [](auto t) { return between_letters(t, "-"); }},
      {"dots", [](auto t) { return between_letters(t, "."); }},
      {"underscores", [](auto t) { return between_letters(t, "_"); }},
      {"slashes", [](auto t) { return between_letters(t, "/"); }},
      {"middle dots", [](auto t) { return between_letters(t, "·"); }},
      {"pictures", [](auto t) { return between_letters(t, "✨"); }},
      {"spaces, words wide apart", [](auto t) { return between_letters(replaced(t, ' ', "   "), " "); }},
      {"line breaks", [](auto t) { return replaced(t, ' ', "\n"); }},
      {"no-break spaces", [](auto t) { return replaced(t, ' ', "\u00A0"); }},
      {"space entities", [](auto t) { return replaced(t, ' ', "&nbsp;"); }},
      {"typographic apostrophes", [](auto t) { return replaced(t, '\'', "’"); }},
  };
}

bool refused(std::string_view text, std::string_view language) { return !guard().check(text, language).empty(); }

}  // namespace

TEST_CASE("wording.disguise: no disguise gets an entry's example through") {
  for (const Disguise& disguise : disguises()) {
    for (const std::string& language : guard().languages()) {
      for (const LexiconExample& example : guard().examples(language)) {
        const std::string text = disguise.apply(example.refused);
        INFO(disguise.name << ", " << language << " " << example.entry << ": " << text);
        CHECK(refused(text, language));
      }
    }
  }
}

TEST_CASE("wording.disguise: what a reader would not notice does not spoil honest texts") {
  for (const Disguise& disguise : disguises()) {
    if (disguise.name.find("space") != std::string::npos && disguise.name.find("wide") != std::string::npos) continue;
    for (const char* text : {"Results are not permanent.", "A result cannot be guaranteed."}) {
      const std::string disguised = disguise.apply(text);
      INFO(disguise.name << ": " << disguised);
      const bool alters = disguise.name == "hyphens" || disguise.name == "dots" || disguise.name == "underscores" ||
                          disguise.name == "slashes" || disguise.name == "middle dots" || disguise.name == "pictures";
      if (!alters) CHECK_FALSE(refused(disguised, "en"));
    }
  }
}

TEST_CASE("wording.disguise: digits and signs for letters") {
  for (const char* text :
       {"gu4r4nt33d", "gu@ranteed", "p3rman3nt r3sults", "guarant33d re5ults", "m1racle", "rejuven4tes",
        "perm4nent1y smooth skin", "guaranteeeeed", "permaaanent results", "cur3s acne", "ri5k-free"}) {
    INFO(text);
    CHECK(refused(text, "en"));
  }
  CHECK(refused("g4ranti", "tr"));
  CHECK(refused("kal1c1 sonuç", "tr"));
}

TEST_CASE("wording.disguise: words cut in two, letters spaced out, direction turned around") {
  CHECK(refused("guar anteed", "en"));
  CHECK(refused("perma nent", "en"));
  CHECK(refused("re juven ates", "en"));
  CHECK(refused("g u a r a n t e e d", "en"));
  CHECK(refused("p e r m a n e n t r e s u l t s", "en"));
  CHECK(refused("G A R A N T İ L İ", "tr"));
  CHECK(refused("\u202Edeetnaraug", "en"));
  CHECK_FALSE(refused("Skin types I, II, III, IV, V and VI.", "en"));
  CHECK_FALSE(refused("Vitamins A, B, C, D, E and K.", "en"));
}

TEST_CASE("wording.fold: the folded text is what a reader sees") {
  CHECK(fold("Guarantéed\n re\u00ADsults!").text.text() == "guaranteed results!");
  CHECK(fold("GARANTİLİ, KALICI").text.text() == "garantili, kalici");
  CHECK(fold("garantili, kalıcı").text.text() == "garantili, kalici");
  CHECK(fold("ğşçöüı ĞŞÇÖÜI").text.text() == "gscoui gscoui");
  CHECK(fold("doesn’t").text.text() == "doesnt");
  CHECK(fold("risk-free — now").text.text() == "risk free| now");
  CHECK(fold("2. hafta").text.text() == "2 hafta");
  CHECK(fold("In 2. Results").text.text() == "in 2. results");
  CHECK(fold("&lt;b&gt; &eacute; <br>x").text.text() == "b e x");
}

TEST_CASE("wording.fold: every folded character knows its bytes") {
  const std::string source = "Kalıcı &amp; \U0001D41Fine <b>x</b>";
  const Fold folded = fold(source);
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    CHECK(folded.text.source_begin(i) < folded.text.source_end(i + 1));
    CHECK(folded.text.source_end(i + 1) <= source.size());
  }
}
