#include "server/http.hpp"

#include "http/http_kit.hpp"
#include "server/http_date.hpp"

using namespace caveat;
using namespace caveat::server;

namespace {

std::string shown(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return "refused";
  std::string out;
  for (const std::string& segment : target->path) out += "[" + segment + "]";
  for (const Field& field : target->query) out += " " + field.name + "=" + field.value;
  return out;
}

}  // namespace

TEST_CASE("http.target: is taken apart and decoded") {
  CHECK(shown("/") == "[]");
  CHECK(shown("/v1/facts") == "[v1][facts]");
  CHECK(shown("/v1/facts/") == "[v1][facts][]");
  CHECK(shown("/v1/facts?pack=a&language=tr") == "[v1][facts] pack=a language=tr");
  CHECK(shown("/a?x=1+2%2B3&y&&z=") == "[a] x=1 2+3 y= z=");
  CHECK(shown("/a%2Fb/c?d=%C3%A9") == "[a/b][c] d=é");
  CHECK(shown("/a#b") == "[a]");
}

TEST_CASE("http.target: what is not well formed is refused") {
  for (const char* bad : {"", "a", "*", "http://host/a", "/%", "/%4", "/%zz", "/%00", "/%ff", "/a?b=%0a", "/a?%c3=1",
                          "/a\x01", "/%c0%ae"}) {
    INFO(bad);
    CHECK(shown(bad) == "refused");
  }
}

TEST_CASE("http.media: the type without its parameters, and a parameter") {
  CHECK(media_type(" Application/JSON ; charset=UTF-8") == "application/json");
  CHECK(media_type("") == "");
  CHECK(media_parameter("a/b; charset=\"UTF-8\"; q=0.5", "charset") == "utf-8");
  CHECK(media_parameter("a/b; q=0.5", "charset") == "");
  CHECK(media_parameter("charset=x", "charset") == "");
}

TEST_CASE("http.media: an Accept header chooses among what is offered") {
  const std::vector<std::string_view> offered = {"application/json", "application/fhir+json", "text/html"};
  const auto chosen = [&](std::string_view accept) -> std::string {
    const auto index = choose_media(accept, offered);
    return index ? std::string(offered[*index]) : "none";
  };
  CHECK(chosen("") == "application/json");
  CHECK(chosen("*/*") == "application/json");
  CHECK(chosen("text/html") == "text/html");
  CHECK(chosen("text/*") == "text/html");
  CHECK(chosen("application/fhir+json, application/json;q=0.9") == "application/fhir+json");
  CHECK(chosen("application/json;q=0.1, text/html;q=0.2") == "text/html");
  CHECK(chosen("*/*;q=0.1, application/json;q=0") == "application/fhir+json");
  CHECK(chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == "text/html");
  CHECK(chosen("image/png") == "none");
  CHECK(chosen("application/json;q=0") == "none");
  CHECK(chosen("application/json;q=much") == "none");
}

TEST_CASE("http.media: an Accept-Language header chooses a language that is there") {
  const std::vector<std::string> offered = {"en", "tr"};
  CHECK(choose_language("", offered, "en") == "en");
  CHECK(choose_language("tr-TR,tr;q=0.9,en;q=0.8", offered, "en") == "tr");
  CHECK(choose_language("de, tr;q=0.2", offered, "en") == "tr");
  CHECK(choose_language("de", offered, "en") == "en");
  CHECK(choose_language("*", offered, "tr") == "tr");
}

TEST_CASE("http.date: is written as RFC 9110 has it") {
  CHECK(http_date(*parse_rfc3339("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(*parse_rfc3339("2024-02-29T23:59:59Z")) == "Thu, 29 Feb 2024 23:59:59 GMT");
}
