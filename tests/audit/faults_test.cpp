// What happens to a log when the process, the disk or the file fails: real kills, real full disks.
#include "audit/audit_kit.hpp"

#include "support/process.hpp"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <random>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace caveat::audit_kit;
using caveat::AuditLog;

namespace {

/// Runs `body` in a process of its own; its exit code, or 128 and the signal that ended it.
template <class Body>
int in_child(Body body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Records from several threads and writes each receipt's number to `out`, as an answer that left.
int record_and_answer(const LogFolder& folder, int out, int count) {
  constexpr int kThreads = 4;
  auto log = AuditLog::open(folder.options());
  if (!log) return 2;
  const caveat::Evaluation spoken = evaluation();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < count / kThreads; ++i) {
        const auto receipt = log->record(spoken);
        if (!receipt) ::_exit(3);
        if (::write(out, &receipt->sequence, sizeof receipt->sequence) != sizeof receipt->sequence) ::_exit(4);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

/// The numbers that were answered before the process was killed at its `answers_max`th answer, or ended.
std::vector<std::uint64_t> answered_until_killed(const LogFolder& folder, int count, std::size_t answers_max) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    ::_exit(record_and_answer(folder, ends[1], count));
  }
  ::close(ends[1]);
  std::vector<std::uint64_t> answered;
  std::uint64_t sequence = 0;
  while (::read(ends[0], &sequence, sizeof sequence) == sizeof sequence) {
    answered.push_back(sequence);
    if (answered.size() == answers_max) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
  return answered;
}

/// Records until that fails; the error's code, or nothing after `count`.
std::string record_until_refused(const AuditLog& log, int count) {
  const caveat::Evaluation spoken = evaluation();
  for (int i = 0; i < count; ++i) {
    const auto receipt = log.record(spoken);
    if (!receipt) return first(receipt.error()).code;
  }
  return {};
}

/// A small disk of its own at `folder`, seen by this process alone; false where that needs rights that it has not.
bool mount_small_disk(const fs::path& folder) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
}

constexpr int kNoRights = 77;

}  // namespace

TEST_CASE("audit.faults: killed at random points, nothing that was answered is lost and the chain holds") {
  constexpr std::uint32_t kSeed = 20'261'122;
  constexpr int kCount = 1'000;
  INFO("seed " << kSeed);
  std::mt19937 generator(kSeed);
  engine();  // loaded before the processes part
  const LogFolder folder;
  std::size_t answered_in_all = 0, kills = 0;
  while (answered_in_all < kCount) {
    const std::size_t killed_at = 1 + generator() % 200;
    const auto answered = answered_until_killed(folder, kCount, killed_at);
    ++kills;
    answered_in_all += answered.size();
    const auto found = folder.verify();
    INFO("after kill " << kills << ": " << kit::all_of(found.findings));
    REQUIRE(found.holds());
    for (const std::uint64_t sequence : answered) CHECK(sequence <= found.records);
  }
  CHECK(kills >= 5);
  CHECK(folder.verify().evaluations >= answered_in_all);
  folder.record(1);  // and it is taken up again
  CHECK(folder.verify().holds());
}

TEST_CASE("audit.faults: a full disk refuses, loses nothing, and recording goes on when there is room again") {
  engine();
  const LogFolder folder;
  const int code = in_child([&] {
    if (!mount_small_disk(folder.path())) return kNoRights;
    const fs::path filler = folder.path() / "filler";
    const auto log = AuditLog::open(folder.options());
    if (!log) return 1;
    std::ofstream(filler) << std::string(400'000, 'x');
    if (record_until_refused(*log, 20'000) != "audit-full") return 2;
    if (record_until_refused(*log, 1) != "audit-full") return 3;
    const auto full = caveat::verify_audit({folder.file(), {}, {}});
    if (!full || !full->holds()) return 4;
    fs::remove(filler);
    if (!record_until_refused(*log, 10).empty()) return 5;
    const auto after = caveat::verify_audit({folder.file(), {}, {}});
    return after && after->holds() && after->evaluations == full->evaluations + 10 ? 0 : 6;
  });
  if (code == kNoRights)
    WARN("a small disk could not be mounted here: a full one was not tried");
  else
    CHECK(code == 0);
}

TEST_CASE("audit.faults: a file that may not grow refuses until the log is opened anew, and loses nothing") {
  engine();
  const LogFolder folder;
  folder.record(3);
  const int code = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto log = AuditLog::open(folder.options());
    if (!log) return 1;
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 200'000;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const std::string why = record_until_refused(*log, 20'000);
    if (why != "audit-failed" && why != "audit-full") return 3;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return record_until_refused(*log, 1) == why || why == "audit-full" ? 0 : 4;
  });
  CHECK(code == 0);
  const auto found = folder.verify();
  CHECK(found.holds());
  folder.record(2);
  CHECK(folder.verify().evaluations == found.evaluations + 2);
}

TEST_CASE("audit.faults: a log on a disk that became read-only refuses, and can still be read") {
  engine();
  const LogFolder folder;
  const int code = in_child([&] {
    if (!mount_small_disk(folder.path())) return kNoRights;
    {
      const auto log = AuditLog::open(folder.options());
      if (!log || !log->record(evaluation())) return 1;
    }
    if (::mount(nullptr, folder.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return 2;
    const auto log = AuditLog::open(folder.options());
    if (log || log.error().kind != caveat::ErrorKind::kInput) return 3;
    const auto found = caveat::verify_audit({folder.file(), {}, {}});
    return found && found->holds() && found->records == 2 ? 0 : 4;
  });
  if (code == kNoRights)
    WARN("a small disk could not be mounted here: a read-only one was not tried");
  else
    CHECK(code == 0);
}

TEST_CASE("audit.faults: a log of another owner is refused, and nothing is shown") {
  if (::geteuid() != 0) {
    WARN("needs root, to become another");
    return;
  }
  const LogFolder folder;
  folder.record(1);
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(folder.key(), fs::perms::owner_read);
  const int code = in_child([&] {
    if (::setgid(65'534) != 0 || ::setuid(65'534) != 0) return 1;
    const auto log = AuditLog::open(folder.options());
    return !log && log.error().kind == caveat::ErrorKind::kInput ? 0 : 2;
  });
  CHECK(code == 0);
}

TEST_CASE("audit.faults: a damaged database never answers, and never holds") {
  const LogFolder folder;
  folder.record(60);
  const std::string whole = read_file(folder.file());
  for (const std::size_t page : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
    std::string bytes = whole;
    REQUIRE(bytes.size() > (page + 1) * 4096);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page * 4096), 4096, '\x5a');
    std::ofstream(folder.file(), std::ios::binary) << bytes;
    const auto found = caveat::verify_audit({folder.file(), {}, {}});
    INFO("page " << page);
    if (found) CHECK_FALSE(found->holds());
    auto log = AuditLog::open(folder.options());
    if (log) {
      // Only what does not stand in the way of appending may be damaged; then what is appended is there.
      const auto receipt = log->record(evaluation());
      if (receipt) CHECK(receipt->sequence >= 62);
    } else {
      CHECK(first(log.error()).code.starts_with("audit-"));
    }
  }
}
