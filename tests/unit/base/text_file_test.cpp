#include "base/text_file.hpp"

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

using std::string_literals::operator""s;

namespace {

using caveat::ErrorKind;
using caveat::LineIndex;
using caveat::Notation;
using caveat::Place;
using caveat::TextLimits;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    std::string name = (std::filesystem::temp_directory_path() / "caveat_text_XXXXXX").string();
    const int handle = mkstemp(name.data());
    REQUIRE(handle >= 0);
    path_ = name;
    std::ofstream(path_, std::ios::binary) << content;
    static_cast<void>(handle);
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string at(const Place& place) { return std::to_string(place.line) + ":" + std::to_string(place.column); }

std::string problem(const caveat::Result<void>& result) {
  if (result) return "";
  REQUIRE(result.error().diagnostics.size() == 1);
  const auto& found = result.error().diagnostics.front();
  CHECK_FALSE(found.message.empty());
  CHECK_FALSE(found.help.empty());
  return found.code + "@" + at(found.place);
}

std::string bounds(const std::string& text, Notation notation, const TextLimits& limits = {}) {
  return problem(caveat::check_bounds(text, notation, "f", limits, ErrorKind::kInput));
}

std::string utf8(const std::string& text) { return problem(caveat::check_text(text, "f", ErrorKind::kInput)); }

}  // namespace

TEST_CASE("base.text_file: a file is read whole") {
  const TemporaryFile file("one\ntwo\n");
  const auto text = caveat::read_text(file.path(), {}, ErrorKind::kInput);
  REQUIRE(text);
  CHECK(*text == "one\ntwo\n");
}

TEST_CASE("base.text_file: what cannot be read says why") {
  const auto code = [](const std::filesystem::path& path) {
    const auto text = caveat::read_text(path, {}, ErrorKind::kLoad);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == ErrorKind::kLoad);
    CHECK(text.error().diagnostics.front().place.file == path.string());
    return text.error().diagnostics.front().message;
  };
  CHECK(code("/nowhere/at/all.toml") == "cannot be read: there is no such file");
  CHECK(code(std::filesystem::temp_directory_path()) == "cannot be read: it is a folder");
}

TEST_CASE("base.text_file: a file larger than the limit is refused, one of exactly the limit is not") {
  const TemporaryFile file("12345678");
  TextLimits limits;
  limits.bytes_max = 8;
  CHECK(caveat::read_text(file.path(), limits, ErrorKind::kInput).has_value());
  limits.bytes_max = 7;
  const auto text = caveat::read_text(file.path(), limits, ErrorKind::kInput);
  REQUIRE_FALSE(text);
  CHECK(text.error().diagnostics.front().code == "too-large");
}

TEST_CASE("base.text_file: an endless file is refused") {
  TextLimits limits;
  limits.bytes_max = 100'000;
  const auto text = caveat::read_text("/dev/zero", limits, ErrorKind::kInput);
  REQUIRE_FALSE(text);
  CHECK(text.error().diagnostics.front().code == "too-large");
}

TEST_CASE("base.text_file: UTF-8 and NUL are checked, with the place of the first offence") {
  CHECK(utf8("plain, ä, €, 𝄞, and much more of the same").empty());
  CHECK(utf8("").empty());
  CHECK(utf8("ab\nc\xFFz") == "not-utf8@2:2");
  CHECK(utf8("ää\xC3") == "not-utf8@1:3");
  CHECK(utf8("0123456789\n\xC0\x80") == "not-utf8@2:1");  // overlong
  CHECK(utf8("\xED\xA0\x80") == "not-utf8@1:1");          // a surrogate
  CHECK(utf8("\xF4\x90\x80\x80") == "not-utf8@1:1");      // past U+10FFFF
  CHECK(utf8("\xE0\x80\xAF") == "not-utf8@1:1");
  CHECK(utf8("\xF5\x80\x80\x80") == "not-utf8@1:1");
  CHECK(utf8("a\nbc\0d"s) == "nul-byte@2:3");
  CHECK(utf8("\xFF\xFE\0a"s) == "not-utf8@1:1");  // UTF-16
}

TEST_CASE("base.text_file: line index finds places in code points") {
  const std::string text = "aé𝄞b\n\nxyz";
  const LineIndex index(text);
  CHECK(at(index.place(0, "f")) == "1:1");
  CHECK(at(index.place(1, "f")) == "1:2");
  CHECK(at(index.place(2, "f")) == "1:2");  // inside é
  CHECK(at(index.place(3, "f")) == "1:3");
  CHECK(at(index.place(7, "f")) == "1:4");
  CHECK(at(index.place(8, "f")) == "1:5");
  CHECK(at(index.place(9, "f")) == "2:1");
  CHECK(at(index.place(10, "f")) == "3:1");
  CHECK(at(index.place(999, "f")) == "3:4");
  CHECK(index.offset(1, 4) == 7);
  CHECK(index.offset(1, 99) == 8);
  CHECK(index.offset(2, 1) == 9);
  CHECK(index.offset(3, 2) == 11);
  CHECK(index.offset(9, 9) == text.size());
}

TEST_CASE("base.text_file: line index agrees with a plain count on long texts") {
  std::string text;
  for (int i = 0; i < 700; ++i) text += i % 7 == 0 ? "\n" : i % 3 == 0 ? "é" : i % 5 == 0 ? "𝄞" : "x";
  const LineIndex index(text);
  std::uint32_t line = 1, column = 1;
  for (std::size_t offset = 0; offset < text.size(); ++offset) {
    if ((static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) continue;
    const Place place = index.place(offset, "f");
    REQUIRE(at(place) == std::to_string(line) + ":" + std::to_string(column));
    REQUIRE(index.offset(line, column) == offset);
    column = text[offset] == '\n' ? 1 : column + 1;
    line += text[offset] == '\n' ? 1U : 0U;
  }
}

TEST_CASE("base.text_file: bounds on nesting") {
  const auto json = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(bounds(json(32), Notation::kJson).empty());
  CHECK(bounds(json(33), Notation::kJson) == "too-deep@1:33");
  CHECK(bounds("a = " + json(32), Notation::kToml).empty());
  CHECK(bounds("a = " + json(33), Notation::kToml) == "too-deep@1:37");
  CHECK(bounds("[t]\na = " + json(32), Notation::kToml) == "too-deep@2:36");
  CHECK(bounds(std::string(1000, '['), Notation::kToml) == "too-deep@1:33");
}

TEST_CASE("base.text_file: dotted keys nest too") {
  std::string key = "a";
  for (int i = 0; i < 33; ++i) key += ".a";
  CHECK(bounds(key + " = 1", Notation::kToml) == "too-deep@1:66");
  CHECK_FALSE(bounds("[" + key + "]", Notation::kToml).empty());
  CHECK_FALSE(bounds("x = { " + key + " = 1 }", Notation::kToml).empty());
  CHECK_FALSE(bounds("x = [{ b = 1, " + key + " = 1 }]", Notation::kToml).empty());
  CHECK(bounds("a.b.c = { d.e = [ 1, 2 ] }\nf = 1.5\n", Notation::kToml).empty());
}

TEST_CASE("base.text_file: brackets in strings and comments do not nest") {
  const std::string brackets(100, '[');
  CHECK(bounds("[\"" + brackets + "\\\"" + brackets + "\"]", Notation::kJson).empty());
  CHECK(bounds("a = \"" + brackets + "\\\"" + brackets + "\" # " + brackets, Notation::kToml).empty());
  CHECK(bounds("a = '" + brackets + "\\'\n", Notation::kToml).empty());
  CHECK(bounds("a = \"\"\"" + brackets + "\n\"\\\"\"\"" + brackets + "\"\"\"\"\"\nb = 1", Notation::kToml).empty());
  CHECK(bounds("a = '''" + brackets + "\n'" + brackets + "''''\nb = 1", Notation::kToml).empty());
  CHECK(bounds("# " + brackets + "\n\"" + brackets + "\" = 1", Notation::kToml).empty());
}

TEST_CASE("base.text_file: bounds on keys and elements") {
  TextLimits limits;
  limits.entries_max = 4;
  CHECK(bounds(R"({"a":1,"b":2,"c":3,"d":4})", Notation::kJson, limits).empty());
  CHECK(bounds(R"({"a":1,"b":2,"c":3,"d":4,"e":5})", Notation::kJson, limits) == "too-many-entries@1:25");
  CHECK(bounds("a=1\nb=2\nc=3\nd=4\n", Notation::kToml, limits).empty());
  CHECK(bounds("a=1\nb=2\nc=3\nd=4\ne=5", Notation::kToml, limits) == "too-many-entries@5:1");
  CHECK_FALSE(bounds("a=[1,2,3,4,5]", Notation::kToml, limits).empty());
  CHECK_FALSE(bounds("a={b=1,c=2,d=3,e=4}", Notation::kToml, limits).empty());
  CHECK_FALSE(bounds("[a.b.c]\n[d.e]\n", Notation::kToml, limits).empty());
}

TEST_CASE("base.text_file: tokens without separators do not slip through") {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "1 ";
  CHECK_FALSE(bounds(text, Notation::kJson).empty());
  text.clear();
  for (int i = 0; i < 1'000'000; ++i) text += "\"\"";
  CHECK_FALSE(bounds(text, Notation::kJson).empty());
}

TEST_CASE("base.text_file: bounds on strings and words") {
  TextLimits limits;
  limits.string_max = 10;
  CHECK(bounds(R"({"12345678":1})", Notation::kJson, limits).empty());
  CHECK(bounds(R"({"12345678901":1})", Notation::kJson, limits) == "string-too-long@1:2");
  CHECK(bounds("{12345678901", Notation::kJson, limits) == "string-too-long@1:2");
  CHECK(bounds("a = '12345678901'", Notation::kToml, limits) == "string-too-long@1:5");
  CHECK(bounds("a12345678901 = 1", Notation::kToml, limits) == "string-too-long@1:1");
  CHECK(bounds("a = \"\"\"12345678901", Notation::kToml, limits) == "string-too-long@1:5");
}

TEST_CASE("base.text_file: bounds end on any text") {
  const std::string alphabet = "[]{}=,.\"'\\\n #a1\r";
  std::uint32_t state = 1;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      state = state * 1664525U + 1013904223U;
      text += alphabet[(state >> 16U) % alphabet.size()];
    }
    for (const Notation notation : {Notation::kJson, Notation::kToml}) {
      CHECK_NOTHROW(caveat::check_bounds(text, notation, "f", {}, ErrorKind::kInput));
    }
  }
}
