#include "base/page.hpp"

#include "support/catch.hpp"

namespace {

std::string set(std::size_t width, std::size_t indent, std::string_view text, std::size_t hanging = 0) {
  caveat::Page page(width);
  page.paragraph(indent, text, hanging);
  return page.take();
}

}  // namespace

TEST_CASE("base.page: no line is longer than the page, and none is lost") {
  const std::string out = set(40, 2, "one two three four five six seven eight nine ten eleven twelve");
  CHECK(out == "  one two three four five six seven\n  eight nine ten eleven twelve\n");
}

TEST_CASE("base.page: width counts letters, not bytes") {
  CHECK(set(40, 0, "ğğğğğğğğğğ ğğğğğğğğğğ ğğğğğğğğğğ ğğğğğğğ").find('\n') ==
        std::string("ğğğğğğğğğğ ğğğğğğğğğğ ğğğğğğğğğğ ğğğğğğğ").size());
}

TEST_CASE("base.page: a hanging indent, and a word longer than the page") {
  CHECK(set(40, 0, "1. aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", 3) ==
        "1.\n   aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n   b\n");
}

TEST_CASE("base.page: a text cannot steer the terminal") {
  const std::string out = set(40, 0, "a\x1b[31mb\x07 c\xC2\x9B d\te\nf");
  CHECK(out == "a\xEF\xBF\xBD[31mb\xEF\xBF\xBD c\xEF\xBF\xBD d e f\n");
}
