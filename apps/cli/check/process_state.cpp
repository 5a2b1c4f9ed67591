#include "check/process_state.hpp"

#include "base/quote.hpp"

#include <cfenv>
#include <clocale>
#include <filesystem>
#include <langinfo.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

extern char** environ;

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

std::set<std::string> names_in(const char* folder) {
  std::set<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    out.insert(at->path().filename().string());
  }
  return out;
}

/// Open files, by number and what they are; the folder being listed is one of them, under a number that changes.
std::set<std::string> open_files() {
  std::set<std::string> out;
  for (const std::string& number : names_in("/proc/self/fd")) {
    std::error_code error;
    const fs::path what = fs::read_symlink("/proc/self/fd/" + number, error);
    if (!error) out.insert(number + " " + what.string());
  }
  return out;
}

/// How floating-point numbers are rounded, and whether small ones are flushed to zero (-ffast-math does that).
unsigned rounding_state() {
#if defined(__SSE__)
  constexpr unsigned kSettings = 0xffc0;  // all but the flags of what has happened
  return _mm_getcsr() & kSettings;
#else
  return static_cast<unsigned>(std::fegetround());
#endif
}

bool has_child() { return ::waitpid(-1, nullptr, WNOHANG) >= 0; }

/// What a locale changes for everybody.
std::string locale_state() {
  return std::string(::localeconv()->decimal_point) + " " + ::nl_langinfo(CODESET) + " " + ::nl_langinfo(DAY_1);
}

}  // namespace

ProcessState::ProcessState() {
  captured_ = ::memfd_create("output", MFD_CLOEXEC);
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    outputs_[static_cast<std::size_t>(descriptor - 1)] = ::dup(descriptor);
    ::dup2(captured_, descriptor);
  }
  before_ = look();
}

ProcessState::~ProcessState() {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    ::dup2(outputs_[static_cast<std::size_t>(descriptor - 1)], descriptor);
    ::close(outputs_[static_cast<std::size_t>(descriptor - 1)]);
  }
  ::close(captured_);
}

ProcessState::Look ProcessState::look() {
  Look out;
  out.descriptors = open_files();
  out.threads = names_in("/proc/self/task");
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) out.environment.insert(*each);
  std::error_code unused;
  out.folder = fs::current_path(unused).string();
  out.locale = locale_state();
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action{};
    ::sigaction(number, nullptr, &action);
    out.handlers[static_cast<std::size_t>(number)] = reinterpret_cast<void*>(action.sa_handler);
  }
  out.mask = ::umask(0);
  ::umask(out.mask);
  out.rounding = rounding_state();
  return out;
}

std::string ProcessState::output() const {
  struct stat status{};
  if (::fstat(captured_, &status) != 0 || status.st_size == 0) return {};
  std::string out(static_cast<std::size_t>(std::min<off_t>(status.st_size, 200)), '\0');
  const ssize_t got = ::pread(captured_, out.data(), out.size(), 0);
  out.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return out;
}

std::string ProcessState::difference_to_now() const {
  const Look now = look();
  if (const std::string words = output(); !words.empty()) return "prints " + in_backticks(words);
  if (now.descriptors != before_.descriptors) return "opens or closes a file";
  if (now.threads != before_.threads) return "starts a thread";
  if (has_child()) return "starts a process";
  if (now.environment != before_.environment) return "changes the environment";
  if (now.folder != before_.folder) return "changes the working folder";
  if (now.locale != before_.locale) return "changes the locale";
  if (now.handlers != before_.handlers) return "handles a signal";
  if (now.mask != before_.mask) return "changes the mask of new files' permissions";
  if (now.rounding != before_.rounding) return "changes how floating-point numbers are computed (-ffast-math does)";
  return {};
}

std::chrono::microseconds processor_time(const rusage& used) {
  const auto duration = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return duration(used.ru_utime) + duration(used.ru_stime);
}

}  // namespace caveat::cli
