#include "signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace caveat::cli {

namespace {

constexpr std::array<int, 3> kHeard = {SIGTERM, SIGINT, SIGHUP};

std::atomic<int> told{-1};  // where a handler writes; a handler can be given nothing else

void tell(int signal) {
  const int before = errno;
  const auto byte = static_cast<unsigned char>(signal);
  if (::write(told, &byte, 1) < 0) {
    // the pipe is full of signals: one more would change nothing
  }
  errno = before;
}

void handle_by(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  for (const int signal : kHeard) ::sigaction(signal, &action, nullptr);
}

}  // namespace

Signals::Signals() {
  if (::pipe2(pipe_.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
  ::fcntl(pipe_[1], F_SETFL, O_NONBLOCK);
  told = pipe_[1];
  handle_by(tell);
}

Signals::~Signals() {
  handle_by(SIG_DFL);
  told = -1;
  for (const int end : pipe_) ::close(end);
}

int Signals::next() {
  unsigned char byte = 0;
  while (::read(pipe_[0], &byte, 1) != 1) {}
  return byte;
}

}  // namespace caveat::cli
