// A plugin that attacks whoever runs it, in whole evaluations. Each attack is tried alone and while a contraindication
// is met: the evaluation goes on, what other plugins say is as it would be without the attacked one, and the host
// speaks for that one's rules.
#include "evaluation/kit.hpp"
#include "support/patience.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using kit::rule, kit::text;
using kit::TempFolder, kit::advisory, kit::as_json, kit::booleans, kit::evaluate, kit::outcomes;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr const char* kMet = "[facts]\npregnant = true\nwound = true";
constexpr const char* kAlone = "[facts]\npregnant = true\nwound = false\nother = false";

const std::string kBody = booleans({"pregnant", "wound", "other"}) + rule("contraindication", "open-wound", "wound") +
                          rule("contraindication", "counted", "sign_count > 0");

/// An engine over the standard plugins and the attacking one, which attacks as `behaviour` says.
caveat::Engine attacked(const TempFolder& folder, const std::string& behaviour, const std::string& plugin = "attacks") {
  const auto does_not_return = [&](const char* what) { return (behaviour + plugin).find(what) != std::string::npos; };
  constexpr const char* kEndless[] = {"endless-loop", "sleep", "stop", "false-", "fill-"};
  std::string header = kit::kHeader;
  header.replace(header.find("defer_to"), 0, "requires = { plugins = [\"org.example.attacks\"] }\n");
  folder.write("test/pack.toml", header + kBody +
                                     rule("warning_sign", "sign", "pregnant", "behaviour = \"" + behaviour + "\"\n") +
                                     rule("warning_sign", "second", "other"));
  caveat::EngineOptions options = kit::options_for(folder.path());
  options.plugins = std::vector{kit::kPlugins, kit::kBuild / "tests/plugins" / plugin};
  // Long enough for a busy machine; short where it will be waited for.
  const bool endless = std::any_of(std::begin(kEndless), std::end(kEndless), does_not_return);
  options.isolation.deadline_ms = (endless ? 200 : 5000) * caveat::test::kPatience;
  options.isolation.memory_mib = 128;
  return kit::load(options);
}

/// Processes whose parent is this one.
std::vector<std::string> children() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::string line;
    if (!std::getline(stat, line)) continue;
    const std::size_t name_end = line.rfind(')');
    std::istringstream rest(line.substr(name_end + 2));
    std::string state;
    long parent = 0;
    rest >> state >> parent;
    if (parent == getpid()) out.push_back(line);
  }
  return out;
}

std::string failure_note(const json::object& advisory) {
  const auto* notes = advisory.if_contains("notes");
  if (notes == nullptr) return {};
  for (const json::value& note : notes->as_array()) {
    if (text(note).starts_with("plugin-failed: ")) return text(note);
  }
  return {};
}

std::string plugin_status(const json::object& result, const std::string& id) {
  for (const json::value& entry : result.at("plugins").as_array()) {
    if (text(entry.at("id")) == id) return text(entry.at("status"));
  }
  return {};
}

/// What must hold of every evaluation in which the plugin was attacked from within and is lost.
void check_survived(const json::object& result, const std::string& reason) {
  CHECK_FALSE(result.at("complete").as_bool());
  CHECK(text(result.at("disposition")) == "refer");
  CHECK(plugin_status(result, "org.example.attacks") == "failed");
  CHECK(plugin_status(result, "caveat.contraindications") == "ok");
  CHECK(outcomes(result).at("test/sign") == "met");
  CHECK(outcomes(result).at("org.example.attacks/sign") == "failed");
  const json::object* sign = advisory(result, "test/sign");
  REQUIRE(sign != nullptr);
  CHECK(text(sign->at("title")) == "Title of sign");
  CHECK(text(sign->at("statement")) == "Says sign.");
  CHECK(json::serialize(sign->at("because")) == R"([{"fact":"pregnant","value":true}])");
  CHECK_FALSE(sign->at("sources").as_array().empty());
  CHECK_THAT(failure_note(*sign), Catch::Contains(reason));
}

/// The advisory of the other plugin's met rule, which no attack may change.
std::string wound_advisory(const json::object& result) {
  const json::object* wound = advisory(result, "test/open-wound");
  return wound == nullptr ? "none" : json::serialize(*wound);
}

/// The host must not have got any of these.
volatile std::sig_atomic_t signals_seen = 0;

struct Attack {
  const char* what;
  const char* reason;
};

const Attack kAttacks[] = {
    {"segv", "it crashed: it used memory that it does not have"},
    {"abort", "it ended itself (abort)"},
    {"exit", "it ended its process"},
    {"exit-in-order", "it ended its process"},
    {"throw", "it raised an exception"},
    {"stack-overflow", "it crashed: it used memory that it does not have"},
    {"endless-loop", "it did not answer in time"},
    {"sleep", "it did not answer in time"},
    {"stop", "it did not answer in time"},
#ifndef CAVEAT_UNDER_SANITIZER  // sanitizers take the address space that a limit on memory would be one on
    {"allocate", "it raised an exception"},
#endif
    {"fork", "the system call `clone`"},
    {"raw-fork", "the system call `clone`"},
    {"thread", "a system call"},  // the C library holds back the signal that would name it
    {"read-file", "the system call `openat`"},
    {"write-file", "the system call `openat`"},
    {"make-folder", "the system call `mkdir`"},
    {"stat-file", "the system call `newfstatat`"},
    {"library", "the system call `openat`"},
    {"socket", "the system call `socket`"},
    {"unix-socket", "the system call `socket`"},
    {"exec", "the system call `execve`"},
    {"spawn", "a system call"},
    {"writable-code", "the system call `mmap`"},
    {"later-code", "the system call `mprotect`"},
    {"signal-host", "the system call `kill`"},
    {"signal-all", "the system call `kill`"},
    {"signal-group", "the system call `kill`"},
    {"trace-host", "the system call `ptrace`"},
    {"read-host", "the system call `process_vm_readv`"},
    {"resize", "the system call `ftruncate`"},
    {"raise-limits", "the system call `prlimit64`"},
    {"own-trap", "the system call `rt_sigaction`"},
    {"own-trap-by-high-bits", "the system call `rt_sigaction`"},
    {"close-lifeline", "the system call `close`"},
    {"close-lifeline-by-high-bits", "the system call `close`"},
    {"copy-descriptor", "the system call `dup`"},
    {"keyring", "the system call `add_key`"},
    {"io-uring", "the system call `io_uring_setup`"},
    {"namespace", "the system call `unshare`"},
    {"garbage", "garbled"},
    {"false-header", "garbled"},
    {"false-sequence", "garbled"},
    {"false-size", "garbled"},
    {"false-counts", "garbled"},
    {"false-end", "garbled"},
    {"write-request", "it crashed: it used memory that it does not have"},
};

}  // namespace

TEST_CASE("evaluation.isolation: no attack silences or weakens anything, while a contraindication is met") {
#ifdef CAVEAT_UNDER_SANITIZER
  WARN("a plugin that takes all memory was not tried: under sanitizers the limit on memory is not set");
#endif
  std::signal(SIGUSR1, [](int) { signals_seen = signals_seen + 1; });
  std::string untouched;
  {
    const TempFolder folder;
    const json::object result = as_json(evaluate(attacked(folder, "nothing"), kMet));
    CHECK(result.at("complete").as_bool());
    CHECK(failure_note(*advisory(result, "test/sign")).empty());
    untouched = wound_advisory(result);
  }
  for (const Attack& attack : kAttacks) {
    INFO(attack.what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, std::string("advise:") + attack.what);
    const json::object result = as_json(evaluate(engine, kMet));
    // advise() is attacked: the check in code is a call of its own, and has failed with the plugin.
    check_survived(result, attack.reason);
    CHECK(wound_advisory(result) == untouched);
  }
  CHECK(children().empty());
  CHECK_FALSE(fs::exists("/tmp/caveat-attack-left-this"));
  CHECK(signals_seen == 0);
  std::signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("evaluation.isolation: no attack silences or weakens anything, alone") {
  for (const Attack& attack : kAttacks) {
    INFO(attack.what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, std::string("advise:") + attack.what);
    check_survived(as_json(evaluate(engine, kAlone)), attack.reason);
    // The next profile is as if nothing had been: the plugin has a new process.
    const json::object again = as_json(evaluate(engine, kAlone));
    CHECK_THAT(failure_note(*advisory(again, "test/sign")), Catch::Contains(attack.reason));
  }
  CHECK(children().empty());
}

TEST_CASE("evaluation.isolation: an attack in a check fails the check, never none found") {
  for (const Attack& attack : kAttacks) {
    INFO(attack.what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, std::string("check:") + attack.what);
    const json::object result = as_json(evaluate(engine, "[facts]\npregnant = false\nwound = false\nother = false"));
    CHECK(outcomes(result).at("org.example.attacks/sign") == "failed");
    CHECK(text(result.at("disposition")) == "incomplete");
    CHECK_FALSE(result.at("complete").as_bool());
  }
  CHECK(children().empty());
}

TEST_CASE("evaluation.isolation: an attack in a derivation leaves the fact unknown and the rules on it failed") {
  for (const Attack& attack : kAttacks) {
    INFO(attack.what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, std::string("derive:") + attack.what);
    const json::object result = as_json(evaluate(engine, kMet));
    CHECK(outcomes(result).at("test/counted") == "failed");
    CHECK(text(result.at("disposition")) == "refer");
    CHECK_FALSE(result.at("complete").as_bool());
    CHECK(advisory(result, "test/open-wound") != nullptr);
  }
  CHECK(children().empty());
}

TEST_CASE("evaluation.isolation: an attack while it is bound or loaded costs the plugin, not the engine") {
  for (const char* what : {"segv", "endless-loop", "fork", "exit", "signal-host", "write-file"}) {
    INFO(what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, std::string("bind:") + what);
    check_survived(as_json(evaluate(engine, kMet)), "it ");
  }
  for (const char* what : {"segv", "endless-loop", "fork", "exit", "read-file", "signal-host", "writable-code",
                           "socket", "thread", "close-lifeline"}) {
    INFO(what);
    const TempFolder folder;
    const caveat::Engine engine = attacked(folder, "nothing", std::string("attacks_when_loaded_") + what);
    check_survived(as_json(evaluate(engine, kMet)), "it ");
  }
  CHECK(children().empty());
}

TEST_CASE("evaluation.isolation: a plugin cannot make the host wait by filling what they signal with") {
  const TempFolder folder;
  {
    const caveat::Engine engine = attacked(folder, "advise:fill-events");
    // Its answer is well-formed and leaves the rule out; afterwards it stands still.
    for (int i = 0; i < 3; ++i) check_survived(as_json(evaluate(engine, kMet)), "garbled");
  }
  CHECK(children().empty());
}

TEST_CASE("evaluation.isolation: what a plugin says when it no longer takes its rules is not shown to anyone") {
  const auto monotonic = [] {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  const TempFolder folder;
  const auto until = monotonic() + 2 + 2 * caveat::test::kPatience;
  const caveat::Engine engine = attacked(folder, "bind:refuse-after-" + std::to_string(until));
  json::object result = as_json(evaluate(engine, kMet));
  check_survived(result, "it ended itself (abort)");
  while (monotonic() < until) usleep(10'000);
  evaluate(engine, kMet);  // the last process that took the rules is lost
  result = as_json(evaluate(engine, kMet));
  check_survived(result, "it no longer takes the rules of its pack");
  CHECK(json::serialize(result).find("lasts for ever") == std::string::npos);
}

TEST_CASE("evaluation.isolation: many evaluations at once share a plugin's process") {
  constexpr int kThreads = 12, kTurns = 20;
  const TempFolder folder;
  const caveat::Engine engine = attacked(folder, "nothing");
  std::atomic<int> whole = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < kTurns; ++turn) {
        if (as_json(evaluate(engine, kMet)).at("complete").as_bool()) ++whole;
      }
    });
  }
  threads.clear();
  CHECK(whole == kThreads * kTurns);
}

TEST_CASE("evaluation.isolation: those who wait while a plugin hangs do not lose it its process") {
  constexpr int kThreads = 8;
  const TempFolder folder;
  const caveat::Engine engine = attacked(folder, "advise-when-met:sleep");
  std::atomic<int> survivors = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const json::object result = as_json(evaluate(engine, i == 0 ? kMet : "[facts]\npregnant = false\nwound = true"));
      if (text(result.at("disposition")) == "refer" && advisory(result, "test/open-wound") != nullptr) ++survivors;
    });
  }
  threads.clear();
  CHECK(survivors == kThreads);
  // It was lost once, to the one who met it: nobody holds it back now.
  const json::object after = as_json(evaluate(engine, "[facts]\npregnant = false\nwound = true\nother = false"));
  CHECK(after.at("complete").as_bool());
}

TEST_CASE("evaluation.isolation: a plugin that does not want to end is ended") {
  for (const char* what : {"endless-loop", "stop", "segv", "sleep"}) {
    INFO(what);
    const TempFolder folder;
    {
      const caveat::Engine engine = attacked(folder, std::string("unbind:") + what);
      CHECK(as_json(evaluate(engine, kMet)).at("complete").as_bool());
    }
    CHECK(children().empty());
  }
}

namespace {

/// Runs `body` in a fork of this process; what it returns is the exit code.
template <class Body>
int in_fork(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// 0 when the attacked plugin is lost and everything else is there.
int survived(const caveat::Engine& engine) {
  const json::object result = as_json(evaluate(engine, kMet));
  const json::object* sign = advisory(result, "test/sign");
  const bool whole = advisory(result, "test/open-wound") != nullptr && text(result.at("disposition")) == "refer";
  if (!whole || sign == nullptr || result.at("complete").as_bool()) return 1;
  return failure_note(*sign).find("the system call `socket`") == std::string::npos ? 2 : 0;
}

}  // namespace

TEST_CASE("evaluation.isolation: it holds for an ordinary user as for root") {
  const TempFolder folder;
  attacked(folder, "advise:socket");  // writes the pack
  fs::permissions(folder.path(), fs::perms(0755));
  const int code = in_fork([&] {
    constexpr uid_t kSomebody = 65533;
    if (geteuid() == 0 &&
        (setresgid(kSomebody, kSomebody, kSomebody) != 0 || setresuid(kSomebody, kSomebody, kSomebody) != 0)) {
      return 3;
    }
    return survived(attacked(folder, "advise:socket"));
  });
  CHECK(code == 0);
}

TEST_CASE("evaluation.isolation: a host that is killed leaves no process behind") {
  const TempFolder folder;
  for (const char* what : {"nothing", "unbind:endless-loop", "advise:close-lifeline-by-high-bits"}) {
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    const int code = in_fork([&] {
      const caveat::Engine engine = attacked(folder, what);
      as_json(evaluate(engine, kMet));
      for (const std::string& child : children()) {
        const pid_t pid = std::stoi(child);
        if (write(pipe_ends[1], &pid, sizeof pid) != sizeof pid) return 1;
      }
      raise(SIGKILL);
      return 2;
    });
    CHECK(code == 128 + SIGKILL);
    close(pipe_ends[1]);
    std::vector<pid_t> workers;
    for (pid_t pid = 0; read(pipe_ends[0], &pid, sizeof pid) == sizeof pid;) workers.push_back(pid);
    close(pipe_ends[0]);
    CHECK_FALSE(workers.empty());
    for (const pid_t pid : workers) {
      bool gone = false;
      for (int i = 0; i < 1000 && !gone; ++i) {
        std::ifstream name("/proc/" + std::to_string(pid) + "/comm");
        std::string line;
        gone = !std::getline(name, line) || line.find("caveat-plugin") == std::string::npos;
        if (!gone) usleep(10'000);
      }
      CHECK(gone);
    }
  }
}

TEST_CASE("evaluation.isolation: a host that forks keeps its plugin, and the fork gets one of its own") {
  const TempFolder folder;
  const caveat::Engine engine = attacked(folder, "nothing");
  CHECK(as_json(evaluate(engine, kMet)).at("complete").as_bool());
  CHECK(in_fork([&] { return as_json(evaluate(engine, kMet)).at("complete").as_bool() ? 0 : 1; }) == 0);
  CHECK(as_json(evaluate(engine, kMet)).at("complete").as_bool());
}
