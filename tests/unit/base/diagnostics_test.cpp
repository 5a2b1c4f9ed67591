#include "base/diagnostics.hpp"

#include "support/catch.hpp"

TEST_CASE("base.diagnostics: a diagnostic is one line and its help") {
  caveat::Diagnostics diagnostics;
  diagnostics.error("unknown-fact", {"p.toml", 3, 7}, "no fact is called `agee`", "did you mean `age`?");
  diagnostics.warning("undated", {}, "one fact has no date");
  CHECK(diagnostics.errors() == 1);
  CHECK(caveat::to_string(diagnostics.all()[0]) ==
        "p.toml:3:7: error: no fact is called `agee` [unknown-fact]\n  help: did you mean `age`?");
  CHECK(caveat::to_string(diagnostics.all()[1]) == "warning: one fact has no date [undated]");
  CHECK(diagnostics.take().size() == 2);
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("base.diagnostics: the nearest name is a likely slip or nothing") {
  const std::vector<std::string> names = {"pregnant", "breastfeeding", "age"};
  CHECK(caveat::nearest("pergnant", names) == "pregnant");
  CHECK(caveat::nearest("breast_feeding", names) == "breastfeeding");
  CHECK(caveat::nearest("agee", names) == "age");
  CHECK(caveat::nearest("diabetes", names).empty());
  CHECK(caveat::nearest(std::string(10'000, 'a'), names).empty());
  CHECK(caveat::did_you_mean("agee", names) == "did you mean `age`?");
  CHECK(caveat::did_you_mean("xyz", names).empty());
}
