// The tests' own tool, tested: a harness that cannot see a failure would hide all others.
#include "support/catch.hpp"
#include "support/process.hpp"

using caveat::testing::Command;
using caveat::testing::run;

namespace {

Command shell(const std::string& script) { return {.arguments = {"/bin/sh", "-c", script}}; }

}  // namespace

TEST_CASE("support.process: exit code and both outputs are told apart") {
  const auto finished = run(shell("echo result; echo trouble >&2; exit 3"));
  CHECK(finished.exit_code == 3);
  CHECK(finished.signal == 0);
  CHECK(finished.out == "result\n");
  CHECK(finished.err == "trouble\n");
  CHECK_FALSE(finished.timed_out);
  CHECK(finished.peak_rss_kb > 0);
}

TEST_CASE("support.process: arguments arrive as they are") {
  const auto finished = run({.arguments = {"printf", "%s|", "a b", "$HOME", "'", ""}});
  CHECK(finished.out == "a b|$HOME|'||");
}

TEST_CASE("support.process: a large input and output do not block each other") {
  std::string input(3'000'000, 'x');
  auto command = shell("cat");
  command.input = input;
  CHECK(run(command).out == input);
}

TEST_CASE("support.process: a program that does not read its input ends as it wants") {
  auto command = shell("exit 5");
  command.input.assign(3'000'000, 'x');
  CHECK(run(command).exit_code == 5);
}

TEST_CASE("support.process: a signal is not an exit code") {
  const auto finished = run(shell("kill -SEGV $$"));
  CHECK(finished.signal == SIGSEGV);
  CHECK(finished.exit_code == 128 + SIGSEGV);
}

TEST_CASE("support.process: time is limited, also for what the program left behind") {
  auto command = shell("echo begun; sleep 30 & sleep 30");
  command.time_limit = std::chrono::milliseconds(300);
  const auto finished = run(command);
  CHECK(finished.timed_out);
  CHECK(finished.signal == SIGKILL);
  CHECK(finished.out == "begun\n");
}

TEST_CASE("support.process: time is limited when the outputs were closed early") {
  auto command = shell("exec >&- 2>&-; sleep 30");
  command.time_limit = std::chrono::milliseconds(300);
  CHECK(run(command).timed_out);
}

TEST_CASE("support.process: environment and directory") {
  auto command = shell("echo \"$ADDED ${HOME-none}\"; pwd");
  command.environment = {{"ADDED", "yes"}, {"HOME", "-unset-"}};
  command.directory = "/usr";
  CHECK(run(command).out == "yes none\n/usr\n");
}

TEST_CASE("support.process: a program that does not exist") {
  CHECK(run({.arguments = {"/no/such/program"}}).exit_code == 127);
}
