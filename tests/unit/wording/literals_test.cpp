#include "support/catch.hpp"
#include "wording/literals.hpp"

using namespace caveat;

TEST_CASE("wording.literals: what every match of a pattern holds") {
  CHECK(required_words("permanent(?:ly)?") == RequiredWords{{"permanent"}});
  CHECK(required_words("(?:guarante|garante)\\w*") == RequiredWords{{"guarante", "garante"}});
  CHECK(required_words("lasts? (?:forever|for ever)") == RequiredWords{{"last"}, {"forever", "for ever"}});
  CHECK(required_words("a|bc") == RequiredWords{{"a", "bc"}});
  CHECK(required_words("risk ?free") == RequiredWords{{"risk"}, {"free"}});
  CHECK(required_words("x{0,2}yes") == RequiredWords{{"yes"}});
}

TEST_CASE("wording.literals: nothing is claimed of what can match anything") {
  CHECK(required_words("[0-9]+").empty());
  CHECK(required_words("(?:yes)?").empty());
  CHECK(required_words("yes|[a-z]").empty());
  CHECK(required_words("\\w*").empty());
}

TEST_CASE("wording.literals: a pattern is a candidate when all its lists are met") {
  LiteralIndex index;
  index.add(0, {{"in", "within"}, {"week"}});
  index.add(1, {});
  index.add(2, {{"never"}});
  CHECK(index.candidates("within two weeks") == std::vector<std::size_t>{0, 1});
  CHECK(index.candidates("two weeks") == std::vector<std::size_t>{1});
  CHECK(index.candidates("never in a week") == std::vector<std::size_t>{0, 1, 2});
  CHECK(index.candidates("") == std::vector<std::size_t>{1});
}
