#include "console.hpp"

#include "base/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>

namespace caveat::cli {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return ::isatty(descriptor) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

// 0, or the error that kept the rest from being written.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::size_t terminal_width() {
  constexpr std::size_t kUsual = 80, kLeast = 40, kMost = 120;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return std::min(std::max<std::size_t>(size.ws_col, kLeast), kMost);
}

std::string_view colour_of(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kError: return "\x1b[1;31m";
    case DiagnosticLevel::kWarning: return "\x1b[1;33m";
    case DiagnosticLevel::kNote: break;
  }
  return "\x1b[1;36m";
}

std::string_view level_word(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kError: return "error:";
    case DiagnosticLevel::kWarning: return "warning:";
    case DiagnosticLevel::kNote: break;
  }
  return "note:";
}

// Text from outside must not steer the terminal that shows it.
std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
    out += control ? '?' : c;
  }
  return out;
}

}  // namespace

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput: return kBadInput;
    case ErrorKind::kLoad: return kNotLoaded;
    case ErrorKind::kInternal: break;
  }
  return kInternal;
}

Error usage_error(std::string message, std::string help) {
  return {ErrorKind::kInput, {{DiagnosticLevel::kError, "usage", {}, std::move(message), std::move(help)}}};
}

Console::Console()
    : out_is_terminal_(::isatty(STDOUT_FILENO) == 1),
      out_has_colour_(wants_colour(STDOUT_FILENO)),
      err_has_colour_(wants_colour(STDERR_FILENO)) {
  if (out_is_terminal_) width_ = terminal_width();
}

void Console::out(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kPiece) flush();
}

void Console::out_line(std::string_view text) {
  out(text);
  out("\n");
}

bool Console::flush() {
  if (buffer_.empty() || reader_left_ || failed_) return !failed_;
  const int error = write_all(STDOUT_FILENO, buffer_);
  buffer_.clear();
  if (error == EPIPE) {
    reader_left_ = true;
  } else if (error != 0) {
    failed_ = true;
    err_line(std::string("error: the results could not be written: ") + std::strerror(error) + " [write-failed]");
  }
  return !failed_;
}

void Console::err_line(std::string_view text) {
  flush();
  std::string line = without_controls(text);
  line += '\n';
  write_all(STDERR_FILENO, line);  // where else could a failure be said?
}

void Console::report(const Diagnostic& diagnostic) {
  std::string text = to_string(diagnostic);
  if (!err_has_colour_) return err_line(text);
  flush();
  text = without_controls(text);
  const std::string_view word = level_word(diagnostic.level);
  if (const auto at = text.find(word); at != std::string::npos) {
    text.insert(at + word.size(), "\x1b[0m");
    text.insert(at, colour_of(diagnostic.level));
  }
  text += '\n';
  write_all(STDERR_FILENO, text);
}

int Console::report(const Error& error) {
  for (const Diagnostic& diagnostic : error.diagnostics) report(diagnostic);
  return exit_code(error.kind);
}

LineReader::State LineReader::next() {
  constexpr std::size_t kBytesMax = std::size_t{1} << 20;
  text_.clear();
  if (ended_) return State::kEnd;
  bool any = false, too_long = false;
  int c = std::getchar();
  for (; c != EOF && c != '\n'; c = std::getchar()) {
    any = true;
    too_long = text_.size() >= kBytesMax;
    if (!too_long) text_ += static_cast<char>(c);
  }
  ended_ = c == EOF;
  ++number_;
  if (std::ferror(stdin) != 0) return refuse("unreadable", "cannot be read");
  if (ended_ && !any) return State::kEnd;
  if (too_long) return refuse("too-large", "the line holds more than 1 MiB");
  return check();
}

LineReader::State LineReader::check() {
  if (text_.ends_with('\r')) text_.pop_back();
  auto checked = check_text(text_, kStandardInput, ErrorKind::kInput);
  if (checked) return State::kLine;
  error_ = std::move(checked.error());
  for (Diagnostic& diagnostic : error_.diagnostics) diagnostic.place.line = number_;
  return State::kBad;
}

LineReader::State LineReader::refuse(const char* code, const char* message) {
  error_ = Error{ErrorKind::kInput, {{DiagnosticLevel::kError, code, {kStandardInput, number_, 0}, message, ""}}};
  return State::kBad;
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? singular : plural);
}

}  // namespace caveat::cli
