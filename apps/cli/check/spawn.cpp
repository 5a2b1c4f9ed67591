#include "check/spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace caveat::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReportMax = std::size_t{1} << 20;
constexpr std::size_t kOutputMax = 4096;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

  /// Takes what is there; keeps no more than `most` in all. Closed at the end.
  void drain(std::string& into, std::size_t most) {
    std::array<char, 16384> buffer{};
    const ssize_t got = ::read(reader(), buffer.data(), buffer.size());
    if (got > 0 && into.size() < most)
      into.append(buffer.data(), std::min(static_cast<std::size_t>(got), most - into.size()));
    if (got == 0 || (got < 0 && errno != EINTR)) close_reader();
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

/// Starts it in a process group of its own. 0 when that cannot be done.
pid_t start(const std::vector<std::string>& arguments, const Pipe& report, const Pipe& output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output.writer(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output.writer(), STDERR_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, report.writer(), kReportDescriptor);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  std::string program = "caveat";
  std::vector<char*> words = {program.data()};
  for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawn(&child, "/proc/self/exe", &files, &attributes, words.data(), environ) != 0) child = 0;
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  return child;
}

int milliseconds_until(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left) + 1;
}

/// Reads until both are closed. False: the time was over.
bool listen(Pipe& report, Pipe& output, Clock::time_point end, Spawned& spawned) {
  while (report.reader() >= 0 || output.reader() >= 0) {
    std::array<pollfd, 2> waits{{{report.reader(), POLLIN, 0}, {output.reader(), POLLIN, 0}}};
    const int ready = ::poll(waits.data(), waits.size(), milliseconds_until(end));
    if (ready == 0) return false;
    if (waits[0].revents != 0) report.drain(spawned.report, kReportMax);
    if (waits[1].revents != 0) output.drain(spawned.output, kOutputMax);
  }
  return true;
}

/// Waits for its end; false when it has closed everything and lives on past the time.
bool ends_in_time(pid_t child, Clock::time_point end, int& status) {
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= end) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

}  // namespace

Spawned spawn_self(const std::vector<std::string>& arguments, std::chrono::milliseconds time_limit) {
  Spawned spawned;
  Pipe report, output;
  const pid_t child = start(arguments, report, output);
  report.close_writer();
  output.close_writer();
  if (child == 0) return spawned;
  spawned.started = true;
  const Clock::time_point end = Clock::now() + time_limit;
  const bool in_time = listen(report, output, end, spawned) && ends_in_time(child, end, spawned.status);
  ::kill(-child, SIGKILL);  // it, or what it left behind
  if (in_time) return spawned;
  spawned.timed_out = true;
  ::waitpid(child, &spawned.status, 0);
  return spawned;
}

}  // namespace caveat::cli
