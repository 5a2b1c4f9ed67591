#include "password.hpp"

#include "console.hpp"

#include "base/descriptor.hpp"
#include "base/quote.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace caveat::cli {

namespace {

constexpr char kInterrupt = '\x03';

/// While it lives, what is typed is not shown, and Ctrl-C is a character, so that the terminal is always put back.
class Hidden {
 public:
  explicit Hidden(int terminal) : terminal_(terminal), valid_(::tcgetattr(terminal, &before_) == 0) {
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    quiet.c_lflag |= ECHONL;
    if (valid_) ::tcsetattr(terminal, TCSAFLUSH, &quiet);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() {
    if (valid_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

 private:
  int terminal_;
  termios before_{};
  bool valid_;
};

/// Reads a line, without its end, a byte at a time, so that no buffer keeps a copy. False: too long, or given up.
bool read_line(int descriptor, Password& into) {
  char byte = 0;
  while (true) {
    const ssize_t got = ::read(descriptor, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || byte == kInterrupt) return false;
    if (got == 0 || byte == '\n') return true;
    if (byte != '\r' && !into.append({&byte, 1})) return false;
  }
}

Failure refuse(std::string message, std::string help) {
  return Failure(usage_error(std::move(message), std::move(help)));
}

Result<Password> check(Password password, const std::string& source) {
  if (password.text().empty()) return refuse("the password from " + source + " is empty", "it protects nothing");
  return password;
}

Result<Password> from_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  Password password;
  if (!file.is_open() || !read_line(file.get(), password)) {
    return refuse("no password can be read from " + in_backticks(path),
                  "its first line is the password, of 1024 bytes at most");
  }
  return check(std::move(password), in_backticks(path));
}

bool ask(int terminal, std::string_view prompt, Password& into) {
  if (::write(terminal, prompt.data(), prompt.size()) < 0) return false;
  const Hidden hidden(terminal);
  return read_line(terminal, into);
}

Result<Password> from_terminal(bool twice) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.is_open() || ::isatty(STDIN_FILENO) == 0) {
    return refuse("the secret key's password is needed, and there is no terminal to ask for it",
                  "give it with --password-file FILE or in CAVEAT_KEY_PASSWORD");
  }
  Password password, again;
  if (!ask(terminal.get(), "password of the secret key: ", password)) return refuse("no password was given", "");
  if (twice && (!ask(terminal.get(), "once more: ", again) || again.text() != password.text())) {
    return refuse("the two passwords differ", "nothing was written");
  }
  return check(std::move(password), "the terminal");
}

}  // namespace

Password::Password() : bytes_(allocate_guarded<std::array<char, kBytesMax>>()) {}

bool Password::append(std::string_view part) {
  if (part.size() > kBytesMax - size_) return false;
  part.copy(bytes_->data() + size_, part.size());
  size_ += part.size();
  return true;
}

Result<Password> find_password(const Arguments& arguments, bool twice) {
  if (!arguments.password_file.empty()) return from_file(arguments.password_file);
  if (const char* environment = std::getenv("CAVEAT_KEY_PASSWORD")) {
    Password password;
    if (!password.append(environment)) return refuse("CAVEAT_KEY_PASSWORD is longer than 1024 bytes", "");
    return check(std::move(password), "CAVEAT_KEY_PASSWORD");
  }
  return from_terminal(twice);
}

}  // namespace caveat::cli
