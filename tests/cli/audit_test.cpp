#include "cli.hpp"

using namespace caveat::testing;

namespace {

const std::string kClear = "examples/profiles/clear.toml";
const std::string kPregnant = "examples/profiles/pregnant.json";

}  // namespace

TEST_CASE("cli.audit: what is evaluated is recorded, shown as ever, and verified") {
  const Folder folder;
  const std::string log = folder / "audit.db";
  const auto plain = run_caveat({"evaluate", kClear, kPregnant, "--at", kAt, "--format", "json"});
  const auto recorded = run_caveat({"evaluate", kClear, kPregnant, "--at", kAt, "--format", "json", "--audit", log});
  CHECK(recorded.exit_code == 0);
  CHECK(recorded.out == plain.out);
  CHECK(recorded.err == plain.err);
  // A profile that cannot be evaluated at that time was asked for all the same.
  CHECK(run_caveat({"evaluate", kPregnant, "--at", "1990-01-01T00:00:00Z", "--audit", log}).exit_code == 2);

  const auto verified = run_caveat({"audit", "verify", "--audit", log});
  CHECK(verified.exit_code == 0);
  CHECK(lines_of(verified.out).front() == "holds: 4 records, 3 evaluations");
  CHECK(contains(lines_of(verified.out).at(1), "head: sha256:"));
  const auto json = run_caveat({"audit", "verify", "--audit", log, "--format", "json"});
  CHECK(contains(json.out, R"("holds":true,"records":4,"evaluations":3)"));
}

TEST_CASE("cli.audit: a log that does not hold ends with 1, one that cannot be read with 2") {
  const Folder folder;
  const std::string log = folder / "audit.db", later = folder / "later.anchor";
  REQUIRE(run_caveat({"evaluate", kClear, kClear, "--audit", log}).exit_code == 0);
  std::filesystem::copy_file(log, folder / "older.db");
  std::filesystem::copy_file(log + ".key", folder / "older.db.key");
  REQUIRE(run_caveat({"evaluate", kClear, "--audit", log}).exit_code == 0);
  std::filesystem::copy_file(log + ".anchor", later);

  const auto cut = run_caveat({"audit", "verify", "--audit", folder / "older.db", "--anchor", later});
  CHECK(cut.exit_code == 1);
  CHECK(contains(cut.out, "the end was cut off [audit-cut]"));
  CHECK(contains(cut.out, "does not hold: 3 records"));
  CHECK(cut.err.empty());

  const auto nothing = run_caveat({"audit", "verify", "--audit", folder / "nothing.db"});
  CHECK(nothing.exit_code == 2);
  CHECK(nothing.out.empty());
  CHECK(contains(nothing.err, "nothing.db: error: the audit log cannot be opened"));
  CHECK_FALSE(std::filesystem::exists(folder / "nothing.db"));
  CHECK(run_caveat({"audit", "verify", "--audit", kClear}).exit_code == 2);
  CHECK(run_caveat({"audit", "verify"}).exit_code == 2);
}

TEST_CASE("cli.audit: what cannot be recorded is not shown") {
  const Folder folder;
  const std::string log = folder / "audit.db";
  REQUIRE(run_caveat({"evaluate", kClear, "--audit", log}).exit_code == 0);
  const auto refused = [&](const Arguments& more) {
    Arguments arguments = {"evaluate", kClear, kPregnant};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_caveat(arguments);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "error: "));
    return result.exit_code;
  };
  CHECK(refused({"--audit", folder / "no/such/audit.db"}) == 2);
  CHECK(refused({"--audit", folder.write("text", std::string(2000, 'x'))}) == 2);
  CHECK(refused({"--audit", log, "--audit-key", folder / "nowhere"}) == 2);
  std::filesystem::remove(log);
  CHECK(refused({"--audit", log}) == 4);  // the anchor beside it speaks of records
}
