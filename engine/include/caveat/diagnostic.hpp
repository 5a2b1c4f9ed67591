// Diagnostics: what the engine says about bad input or a bad pack.
#pragma once

#include <caveat/export.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace caveat {

/// A place in a text the user gave. Lines and columns count from 1, columns in Unicode code points; 0 means "no place".
struct Place {
  std::string file;  ///< as the user named it; empty for text that has no file
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

enum class DiagnosticLevel : std::uint8_t { kError, kWarning, kNote };

/// One finding. `message` is lower case, quotes the user's text in backticks and never holds a fact's value
/// unless it comes from a file that the user is checking; `help` says what to do and may be empty.
struct Diagnostic {
  DiagnosticLevel level = DiagnosticLevel::kError;
  std::string code;  ///< stable, kebab-case: `unknown-fact`, `undated`
  Place place;
  std::string message;
  std::string help;
};

/// `file:line:column: error: message [code]`, then `  help: …` on a line of its own.
CAVEAT_API std::string to_string(const Diagnostic& diagnostic);

/// `file:line:column`, without the parts that are absent.
CAVEAT_API std::string to_string(const Place& place);

/// Who has to act. Decides the command's exit code (docs/formats/command.md).
enum class ErrorKind : std::uint8_t {
  kInput,     ///< the caller's input is wrong: profile, expression, option
  kLoad,      ///< rules or plugins could not be loaded
  kInternal,  ///< a defect in Caveat or an exhausted machine
};

/// A failure with everything that was wrong, in the order of the text. Never empty.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::vector<Diagnostic> diagnostics;
};

}  // namespace caveat
