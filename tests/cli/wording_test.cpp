#include "cli.hpp"

using caveat::testing::contains;
using caveat::testing::lines_of;
using caveat::testing::run_caveat;

TEST_CASE("cli.wording: what may be said, and what may not") {
  const auto fine = run_caveat({"wording", "Results are not permanent."});
  CHECK(fine.exit_code == 0);
  CHECK(fine.out == "ok\n");
  const auto refused = run_caveat({"wording", "Results are visible in two weeks."});
  CHECK(refused.exit_code == 1);
  CHECK(refused.out.starts_with("refused: "));
  CHECK(contains(refused.out, "column"));
  CHECK(run_caveat({"wording", "Results are not permanent.", "Guaranteed results."}).exit_code == 1);
}

TEST_CASE("cli.wording: one verdict a line from standard input") {
  const auto result = run_caveat(
      {"wording", "-"}, "Mild redness may be felt.\nThis is a guaranteed permanent cure.\n\nIt is not a cure.\n");
  CHECK(result.exit_code == 1);
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "ok");
  CHECK(lines[1].starts_with("refused: "));
  CHECK(lines[2] == "ok");
  CHECK(run_caveat({"wording", "-"}, "").exit_code == 0);
}

TEST_CASE("cli.wording: languages") {
  CHECK(run_caveat({"wording", "--lang", "tr", "Sonuçlar kalıcı değildir."}).exit_code == 0);
  CHECK(run_caveat({"wording", "--lang", "tr", "Sonuçlar kalıcıdır."}).exit_code == 1);
  CHECK(run_caveat({"wording", "--lang", "xx", "Text."}).exit_code == 2);
}

TEST_CASE("cli.wording: what is wrong with the question") {
  CHECK(run_caveat({"wording"}).exit_code == 2);
  CHECK(run_caveat({"wording", "--role", "rules", "Text."}).exit_code == 2);
  CHECK(run_caveat({"wording", "--wording", "/nowhere", "Text."}).exit_code == 3);
  CHECK(run_caveat({"wording", "not UTF-8: \xff"}).exit_code == 1);
  const auto lines = run_caveat({"wording", "-"}, "not UTF-8: \xff\nFine.\n");
  CHECK(lines.exit_code == 2);
  CHECK(lines_of(lines.out).size() == 2);
}
