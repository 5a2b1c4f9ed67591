#include "base/json_writer.hpp"

#include "support/catch.hpp"

#include <boost/json.hpp>

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  caveat::append_json_string(out, text);
  return out;
}

void write_sample(caveat::JsonWriter& json) {
  json.begin_object();
  json.member("a", std::int64_t{1});
  json.key("empty");
  json.begin_array();
  json.end_array();
  json.key("list");
  json.begin_array();
  json.value(true);
  json.null();
  json.begin_object();
  json.end_object();
  json.value("x");
  json.end_array();
  json.end_object();
}

}  // namespace

TEST_CASE("base.json_writer: escapes what JSON demands and nothing else") {
  CHECK(escaped("plain ğ 漢") == "\"plain ğ 漢\"");
  CHECK(escaped("\"\\\b\f\n\r\t") == R"("\"\\\b\f\n\r\t")");
  CHECK(escaped(std::string_view("\x01\x1f\x7f", 3)) == "\"\\u0001\\u001f\x7f\"");
}

TEST_CASE("base.json_writer: a character to escape is found wherever it stands") {
  for (const char c : {'"', '\\', '\n', '\x01'}) {
    for (std::size_t size = 1; size <= 40; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < size; ++i) text[i] = i % 3 == 0 ? '!' : '#';
        text[at] = c;
        CHECK(boost::json::parse(escaped(text)).as_string() == text);
      }
    }
  }
}

TEST_CASE("base.json_writer: one line, or indented, and both mean the same") {
  std::string line, page;
  caveat::JsonWriter one(line), two(page, true);
  write_sample(one);
  write_sample(two);
  CHECK(line == R"({"a":1,"empty":[],"list":[true,null,{},"x"]})");
  CHECK(page == "{\n  \"a\": 1,\n  \"empty\": [],\n  \"list\": [\n    true,\n    null,\n    {},\n    \"x\"\n  ]\n}");
  CHECK(boost::json::parse(line) == boost::json::parse(page));
}

TEST_CASE("base.json_writer: what stands before stays, and the text is whole when its outermost value ends") {
  const std::string long_text(10'000, '\n');
  std::string out = "before ";
  {
    caveat::JsonWriter json(out);
    json.begin_object();
    json.member("text", std::string_view(long_text));
    json.member(std::string("number"), std::int64_t{-9'223'372'036'854'775'807 - 1});
    json.end_object();
    CHECK(out.starts_with(R"(before {"text":"\n\n)"));
    CHECK(out.ends_with(R"(\n","number":-9223372036854775808})"));
    CHECK(out.size() == 7 + 9 + 2 * long_text.size() + 32);
  }
  caveat::JsonWriter(out).value(true);
  CHECK(out.ends_with("}true"));
}
