// Runs a command and tells all about its end: exit code, signal, both outputs, time-out, peak memory. For tests of
// programs (Linux). No shell is involved: arguments arrive as they are.
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace caveat::testing {

struct Command {
  std::vector<std::string> arguments;  ///< the program first; looked up in PATH when it has no slash
  std::string input{};                 ///< standard input, then its end
  /// Added to the caller's environment; a name with the value "-unset-" is taken out of it.
  std::vector<std::pair<std::string, std::string>> environment{};
  std::filesystem::path directory{};             ///< where to run; empty: here
  std::chrono::milliseconds time_limit{60'000};  ///< then the whole process group is killed
};

struct Finished {
  int exit_code = -1;  ///< 128 + the signal when one ended it; 127 when the program could not be started
  int signal = 0;
  bool timed_out = false;
  std::string out, err;
  /// Peak resident memory in KiB, by wait4. The kernel counts from fork, so it is never less than the caller's own
  /// peak: keep a test that measures memory small, and give large input as a file.
  long peak_rss_kb = 0;
};

namespace detail {

/// A pipe whose ends close themselves.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { close_end(0), close_end(1); }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
  }
};

/// A program that stops reading must not end the test.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  IgnoreBrokenPipe(const IgnoreBrokenPipe&) = delete;
  IgnoreBrokenPipe& operator=(const IgnoreBrokenPipe&) = delete;
  ~IgnoreBrokenPipe() { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

inline void set_environment(const Command& command) {
  for (const auto& [name, value] : command.environment) {
    if (value == "-unset-") {
      ::unsetenv(name.c_str());
    } else {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
}

[[noreturn]] inline void become(const Command& command, const Pipe& in, const Pipe& out, const Pipe& err) {
  std::signal(SIGPIPE, SIG_DFL);
  ::setpgid(0, 0);
  ::dup2(in.ends[0], STDIN_FILENO);
  ::dup2(out.ends[1], STDOUT_FILENO);
  ::dup2(err.ends[1], STDERR_FILENO);
  if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0) ::_exit(127);
  set_environment(command);
  std::vector<char*> arguments;
  for (const auto& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

/// Reads what is there; closes the end when the other side has.
inline void drain(Pipe& pipe, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(pipe.ends[0], buffer.data(), buffer.size());
  if (got > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || errno != EINTR) {
    pipe.close_end(0);
  }
}

/// Writes what fits; closes the end when all is written or nobody reads.
inline void feed(Pipe& pipe, std::string_view& rest) {
  const ssize_t put = ::write(pipe.ends[1], rest.data(), rest.size());
  if (put >= 0) rest.remove_prefix(static_cast<std::size_t>(put));
  const bool again = put < 0 && (errno == EAGAIN || errno == EINTR);
  if (rest.empty() || (put < 0 && !again)) pipe.close_end(1);
}

/// Moves bytes until both outputs are closed or the time is over. False: the time was over.
inline bool converse(const Command& command, Pipe& in, Pipe& out, Pipe& err, Finished& finished) {
  const auto end = std::chrono::steady_clock::now() + command.time_limit;
  std::string_view rest = command.input;
  if (rest.empty()) in.close_end(1);
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    // poll passes over negative descriptors
    std::array<pollfd, 3> waits{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(left.count()) + 1) <= 0) continue;
    if (waits[0].revents != 0) drain(out, finished.out);
    if (waits[1].revents != 0) drain(err, finished.err);
    if (waits[2].revents != 0) feed(in, rest);
  }
  return true;
}

/// Waits for the end, at most until the time limit when the outputs were closed early.
inline void reap(pid_t child, bool in_time, const Command& command, Finished& finished) {
  const auto end = std::chrono::steady_clock::now() + command.time_limit;
  int status = 0;
  rusage usage{};
  finished.timed_out = !in_time;
  if (!in_time) ::kill(-child, SIGKILL);
  while (::wait4(child, &status, finished.timed_out ? 0 : WNOHANG, &usage) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      finished.timed_out = true;
      ::kill(-child, SIGKILL);
    }
    ::usleep(500);
  }
  finished.peak_rss_kb = usage.ru_maxrss;
  finished.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + finished.signal;
}

}  // namespace detail

inline Finished run(const Command& command) {
  if (command.arguments.empty()) throw std::invalid_argument("a command needs a program");
  const detail::IgnoreBrokenPipe guard;
  detail::Pipe in, out, err;
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  if (child == 0) detail::become(command, in, out, err);
  ::setpgid(child, child);  // on both sides: whoever comes first
  in.close_end(0), out.close_end(1), err.close_end(1);
  ::fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
  Finished finished;
  const bool in_time = detail::converse(command, in, out, err, finished);
  detail::reap(child, in_time, command, finished);
  return finished;
}

}  // namespace caveat::testing
