#include "base/toml.hpp"

#include "support/catch.hpp"

using caveat::ErrorKind;
using caveat::TomlDocument;
using caveat::TomlType;
using caveat::TomlValue;

namespace {

TomlDocument parse(std::string text) {
  auto document = TomlDocument::parse(std::move(text), "f.toml", ErrorKind::kLoad);
  if (!document) FAIL(caveat::to_string(document.error().diagnostics.front()));
  return *std::move(document);
}

std::string at(const caveat::Place& place) { return std::to_string(place.line) + ":" + std::to_string(place.column); }

std::string keys(const TomlValue& table) {
  std::string out;
  for (const auto& entry : table.entries()) out += std::string(entry.key) + "@" + at(entry.key_place) + " ";
  return out;
}

std::string problem(std::string text) {
  const auto document = TomlDocument::parse(std::move(text), "f.toml", ErrorKind::kLoad);
  if (document) return "";
  REQUIRE(document.error().diagnostics.size() == 1);
  CHECK(document.error().kind == ErrorKind::kLoad);
  const auto& found = document.error().diagnostics.front();
  CHECK(found.place.file == "f.toml");
  CHECK(found.message.find('\'') == std::string::npos);
  return found.code + "@" + at(found.place) + " " + found.message;
}

}  // namespace

TEST_CASE("base.toml: keys keep the order of the file") {
  const auto document = parse("zebra = 1\napple = 2\n[middle]\nb = 1\na.y = 2\na.x = 3\n[apex]\n");
  CHECK(keys(document.root()) == "zebra@1:1 apple@2:1 middle@3:2 apex@7:2 ");
  CHECK(keys(*document.root().find("middle")) == "b@4:1 a@5:1 ");
  CHECK(keys(*document.root().find("middle")->find("a")) == "y@5:3 x@6:3 ");
}

TEST_CASE("base.toml: types and values") {
  const auto document = parse(
      "s = \"text\"\ni = 1_000\nd = 1.50\nb = true\nday = 2026-11-01\nwhen = 2026-11-01 10:00:00Z\n"
      "then = 2026-11-01T10:00:00+02:00\nt = 10:30:00\nl = [1, 2]\nq = {a = 1}\n");
  const TomlValue& root = document.root();
  CHECK(root.find("s")->string() == "text");
  CHECK(root.find("i")->integer() == 1000);
  CHECK(root.find("i")->source_text() == "1_000");
  CHECK(root.find("d")->type() == TomlType::kDecimal);
  CHECK(root.find("d")->source_text() == "1.50");
  CHECK(root.find("b")->boolean() == true);
  CHECK(root.find("day")->type() == TomlType::kDate);
  CHECK(root.find("day")->source_text() == "2026-11-01");
  CHECK(root.find("when")->type() == TomlType::kDateTime);
  CHECK(root.find("when")->source_text() == "2026-11-01 10:00:00Z");
  CHECK(root.find("then")->source_text() == "2026-11-01T10:00:00+02:00");
  CHECK(root.find("t")->type() == TomlType::kTime);
  CHECK(root.find("l")->elements().size() == 2);
  CHECK(root.find("l")->elements()[1].source_text() == "2");
  CHECK(root.find("q")->find("a")->integer() == 1);
  CHECK(root.find("s")->integer() == std::nullopt);
  CHECK(root.find("i")->string() == std::nullopt);
  CHECK(root.find("s")->source_text() == "\"text\"");
  CHECK(root.find("l")->source_text().empty());
  CHECK(root.find("nothing") == nullptr);
  CHECK(root.elements().empty());
}

TEST_CASE("base.toml: a decimal's digits beyond a double's are kept") {
  const auto document = parse("d = 1234567890123456789.12345678 # exact\n");
  CHECK(document.root().find("d")->source_text() == "1234567890123456789.12345678");
}

TEST_CASE("base.toml: columns count code points") {
  const auto document = parse("\"schlüssel€\" = 1\nx = [\"ä𝄞\", 2]\n");
  CHECK(at(document.root().entries()[0].value.place()) == "1:16");
  CHECK(at(document.root().find("x")->elements()[1].place()) == "2:12");
  CHECK(document.root().find("x")->elements()[1].source_text() == "2");
}

TEST_CASE("base.toml: a byte order mark shifts no column") {
  const auto document = parse(
      "\xEF\xBB\xBF"
      "a = 1\n");
  CHECK(keys(document.root()) == "a@1:1 ");
}

TEST_CASE("base.toml: an empty text is an empty table") {
  CHECK(parse("").root().entries().empty());
  CHECK(parse("# only this\n").root().entries().empty());
}

TEST_CASE("base.toml: arrays of tables") {
  const auto document = parse("[[rule]]\nid = 1\n[[rule]]\nid = 2\n[rule.sub]\nx = 1\n");
  const TomlValue& rules = *document.root().find("rule");
  REQUIRE(rules.elements().size() == 2);
  CHECK(at(rules.elements()[0].place()) == "1:1");
  CHECK(at(rules.elements()[1].place()) == "3:1");
  CHECK(keys(rules.elements()[1]) == "id@4:1 sub@5:7 ");
}

TEST_CASE("base.toml: CRLF line ends") {
  const auto document = parse("a = 1\r\nb = 2.50\r\n[t]\r\nc = \"x\"\r\n");
  CHECK(keys(document.root()) == "a@1:1 b@2:1 t@3:2 ");
  CHECK(document.root().find("b")->source_text() == "2.50");
}

TEST_CASE("base.toml: syntax errors have a place and speak plainly") {
  CHECK(problem("a = 1\na = 2\n") == "duplicate-key@2:1 `a` is given a second time");
  CHECK(problem("x = 1\n  \"a b\" . c = 1\n  \"a b\" . c = 2\n") ==
        "duplicate-key@3:3 `\"a b\" . c` is given a second time");
  CHECK(problem("[a]\n[b]\n[a]\nx = 1\n") == "duplicate-key@3:1 `a` is given a second time");
  CHECK(problem("a = 1\n[a]\n") == "duplicate-key@2:1 `a` is given a second time");
  CHECK(problem("a = 1\n[a.b]\nx = 1\n") == "duplicate-key@2:1 `a.b` is given a second time");
  CHECK(problem("a = { b = 1 }\n[a.c]\nx = 1\n") == "duplicate-key@2:1 `a.c` is given a second time");
  CHECK(problem("a = { b = 1, b = 2 }\n") == "duplicate-key@1:14 `b` is given a second time");
  CHECK(problem("a.b = 1\na.b.c = 2\n").starts_with("duplicate-key@2:3"));
  CHECK(problem("a = \n") == "toml-syntax@1:5 a value is missing after `=`");
  CHECK(problem("a\n") == "toml-syntax@1:2 a key without `=` and a value");
  CHECK(problem("a = yes\n").starts_with("toml-syntax@1:5"));
  CHECK(problem("a = \"open").starts_with("toml-syntax@1:10 the text ends in the middle of a string"));
  CHECK(problem("a = [1, 2").starts_with("toml-syntax@1:10 the text ends in the middle of a"));
  CHECK(problem("a = { b = 1").starts_with("toml-syntax@1:12 the text ends in the middle of a"));
  CHECK(problem("[a").starts_with("toml-syntax@1:3 the text ends in the middle of a"));
  CHECK(problem("a = 2026-13-01\n").starts_with("toml-syntax@1:"));
  CHECK(problem("a = 2026-02-30\n").starts_with("toml-syntax@1:"));
  CHECK(problem("a = 1 b = 2\n") == "toml-syntax@1:7 more text after the end of a value");
  CHECK(problem("a = \"x\\q\"\n").find("an unknown escape in a string") != std::string::npos);
  CHECK(problem("= 1\n").starts_with("toml-syntax@1:1"));
  CHECK(problem("[&").starts_with("toml-syntax@1:2"));
  CHECK(problem("{ \"id\": 1 }").starts_with("toml-syntax@1:1"));
}

TEST_CASE("base.toml: text that is not text is refused") {
  CHECK(problem("a = \"\xFF\"\n") == "not-utf8@1:6 this is not UTF-8 text");
  CHECK(problem(std::string("a = 1\n\0", 7)) == "nul-byte@2:1 the text holds a NUL byte");
  CHECK(problem("a = " + std::string(1'000'000, '[')).starts_with("too-deep@1:37"));
}

TEST_CASE("base.toml: every prefix of a document is refused or read, never worse") {
  const std::string text =
      "id = \"p-1\" # c\n[facts]\nage = 34\npregnant = { value = false, recorded = 2026-11-01 }\n"
      "concerns = [\"dullness\", 'x', \"\"\"a\\\n b\"\"\"]\n[[x.y]]\nz.w = 1.5\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto document = TomlDocument::parse(text.substr(0, length), "f", ErrorKind::kInput);
    if (!document) CHECK_FALSE(document.error().diagnostics.front().message.empty());
  }
}

TEST_CASE("base.toml: unknown keys are refused with the nearest allowed one") {
  const auto document = parse("[t]\ntitel = 1\nqqqqq = 2\nwhen = 3\n");
  caveat::Diagnostics diagnostics;
  caveat::refuse_unknown_keys(*document.root().find("t"), {"title", "when"}, "the rule", diagnostics);
  REQUIRE(diagnostics.all().size() == 2);
  CHECK(caveat::to_string(diagnostics.all()[0]) ==
        "f.toml:2:1: error: the rule has no key `titel` [unknown-key]\n  help: did you mean `title`?");
  CHECK(diagnostics.all()[1].help == "allowed: `title`, `when`");
}

TEST_CASE("base.toml: places inside strings") {
  const auto place = [](const std::string& text, std::size_t offset) {
    const auto document = parse(text);
    return at(document.root().find("s")->place_in_string(offset));
  };
  CHECK(place("s = \"abc\"", 0) == "1:6");
  CHECK(place("s = \"abc\"", 3) == "1:9");
  CHECK(place("s = 'a\\c'", 2) == "1:8");
  CHECK(place("s = \"a\\tb\"", 1) == "1:7");
  CHECK(place("s = \"a\\tb\"", 2) == "1:9");
  CHECK(place("s = \"\\u00e9b\"", 2) == "1:12");
  CHECK(place("s = \"éb\"", 2) == "1:7");
  CHECK(place("s = \"\"\"\nabc\n  def\"\"\"", 0) == "2:1");
  CHECK(place("s = \"\"\"\nabc\n  def\"\"\"", 6) == "3:3");
  CHECK(place("s = \"\"\"abc \\\n   def\"\"\"", 4) == "2:4");
  CHECK(place("s = '''\r\nab\r\ncd'''", 3) == "3:1");
  CHECK(place("s = \"\"\"a\"\"b\"\"\"\"\"", 2) == "1:10");
  CHECK(place("s = \"\"", 0) == "1:6");
}

namespace {

struct Piece {
  std::string written;
  std::string decoded;
  std::size_t lead = 0;  // bytes before the one that `decoded` comes from
};

// A string written piece by piece, so that it is known where each decoded byte came from.
void check_places(const std::string& open, const std::vector<Piece>& pieces, const std::string& close) {
  std::string text = "s = " + open;
  std::string decoded;
  std::vector<std::pair<std::size_t, std::size_t>> origins;  // decoded offset, byte in the text
  for (const Piece& piece : pieces) {
    if (!piece.decoded.empty()) origins.emplace_back(decoded.size(), text.size() + piece.lead);
    text += piece.written;
    decoded += piece.decoded;
  }
  origins.emplace_back(decoded.size(), text.size());
  text += close + "\n";
  INFO(text);
  const auto document = parse(text);
  REQUIRE(document.root().find("s")->string() == decoded);
  CHECK(document.root().find("s")->source_text() == text.substr(4, text.size() - 5));
  const caveat::LineIndex index(text);
  for (const auto& [offset, byte] : origins) {
    REQUIRE(at(document.root().find("s")->place_in_string(offset)) == at(index.place(byte, "")));
  }
}

}  // namespace

TEST_CASE("base.toml: places inside strings of every form, at random") {
  const std::vector<Piece> plain = {{"a", "a"}, {"é", "é"}, {"𝄞", "𝄞"}, {"\t", "\t"}, {"  ", "  "}, {"#", "#"}};
  const std::vector<Piece> escapes = {{"\\n", "\n"},        {"\\\\", "\\"},   {"\\\"", "\""}, {"\\u00e9", "é"},
                                      {"\\U0001D11E", "𝄞"}, {"\\u0041", "A"}, {"\\t", "\t"}};
  const std::vector<Piece> breaks = {{"\n", "\n"}, {"\r\n", "\n"}};
  const std::vector<Piece> swallowed = {{"\\\n  \n\t x", "x", 7}, {"\\  \r\n y", "y", 6}};
  const auto joined = [](std::vector<std::vector<Piece>> sets) {
    std::vector<Piece> out;
    for (auto& set : sets) out.insert(out.end(), set.begin(), set.end());
    return out;
  };
  struct Form {
    std::string open, close;
    std::vector<Piece> pieces;
  };
  const std::vector<Form> forms = {
      {"\"", "\"", joined({plain, escapes, {{"'", "'"}}})},
      {"'", "'", joined({plain, {{"\\n", "\\n"}, {"\"", "\""}}})},
      {"\"\"\"", "\"\"\"",
       joined({plain, escapes, breaks, swallowed, {{"\"x", "\"x"}, {"\"\"y", "\"\"y"}, {"'", "'"}}})},
      {"\"\"\"\n", "\"\"\"", joined({plain, escapes, breaks, swallowed})},
      {"'''\r\n", "'''", joined({plain, breaks, {{"\\", "\\"}, {"'z", "'z"}}})}};
  std::uint32_t state = 7;
  for (int round = 0; round < 400; ++round) {
    const Form& form = forms[static_cast<std::size_t>(round) % forms.size()];
    std::vector<Piece> pieces = {{"p", "p"}};
    for (int i = 0; i < 12; ++i) {
      state = state * 1664525U + 1013904223U;
      pieces.push_back(form.pieces[(state >> 16U) % form.pieces.size()]);
    }
    pieces.push_back({"q", "q"});
    check_places(form.open, pieces, form.close);
  }
}
