// Console: results on standard output, everything else on standard error, and the exit codes.
#pragma once

#include <caveat/result.hpp>

#include <string>
#include <string_view>

namespace caveat::cli {

/// docs/formats/command.md.
enum ExitCode : int {
  kDone = 0,
  kDoesNotHold = 1,  ///< ran, and what was checked does not hold
  kBadInput = 2,     ///< usage, profile, expression
  kNotLoaded = 3,    ///< rules or plugins could not be loaded
  kInternal = 4,
  kChosen = 10,  ///< a disposition that --exit-on names
};

int exit_code(ErrorKind kind);

/// An input error without a place.
Error usage_error(std::string message, std::string help = {});

class Console {
 public:
  Console();

  /// Appends to the results. They leave in large pieces and at flush().
  void out(std::string_view text);
  void out_line(std::string_view text);
  /// Writes a line to standard error, after the results so far, so that a terminal shows both in order.
  void err_line(std::string_view text);
  void report(const Diagnostic& diagnostic);
  /// Reports all that was wrong; the error's exit code.
  int report(const Error& error);

  /// False when results could not be written; the reason has then been said.
  bool flush();

  [[nodiscard]] bool out_is_terminal() const { return out_is_terminal_; }
  [[nodiscard]] bool out_has_colour() const { return out_has_colour_; }
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  std::string buffer_;
  bool out_is_terminal_ = false, out_has_colour_ = false, err_has_colour_ = false;
  bool reader_left_ = false;  ///< nobody reads the results any more: not a failure of ours
  bool failed_ = false;
  std::size_t width_ = 80;
};

/// What standard input is called in places.
inline constexpr const char* kStandardInput = "standard input";

/// Reads lines of standard input, each checked to be UTF-8 text of bounded length.
class LineReader {
 public:
  enum class State { kLine, kBad, kEnd };
  /// The next line, without its end, in text(). kBad: error() says what is wrong with it, and reading can go on.
  State next();
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] std::uint32_t number() const { return number_; }

 private:
  State check();
  State refuse(const char* code, const char* message);

  std::string text_;
  Error error_;
  std::uint32_t number_ = 0;
  bool ended_ = false;
};

/// "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view singular, std::string_view plural);

}  // namespace caveat::cli
