// Text to tokens. Source: CQL 1.5.2, section 19 (syntax).
#pragma once

#include "conditions/limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,        ///< an identifier or a word of the language
  kQuotedName,  ///< "…" or `…`: always an identifier
  kString,      ///< '…', escapes resolved
  kInteger,     ///< digits
  kLong,        ///< digits followed by L; `text` is without the L
  kDecimal,     ///< digits.digits
  kDateOrTime,  ///< after the @: `2012-04-30`, `2012T`, `T10:30`
  kSymbol,      ///< one of the operators and brackets
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  std::size_t begin = 0;  ///< byte offsets in the expression
  std::size_t end = 0;
};

struct SyntaxError {
  std::size_t offset = 0;
  std::string message;
  std::string help;
};

struct Tokens {
  std::vector<Token> tokens;  ///< always ends with kEnd, also after an error
  std::optional<SyntaxError> error;
};

/// White space and comments (`//…`, `/*…*/`) are dropped. Stops at the first mistake.
Tokens tokenize(std::string_view text);

}  // namespace caveat
