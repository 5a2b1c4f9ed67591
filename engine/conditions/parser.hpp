// Tokens to a syntax tree: recursive descent, with the precedence of CQL 1.5.2's grammar (appendix I).
#pragma once

#include "conditions/ast.hpp"
#include "conditions/lexer.hpp"

namespace caveat {

struct Parsed {
  SyntaxPtr tree;  ///< null after an error
  std::optional<SyntaxError> error;
};

Parsed parse_expression(std::string_view text);

/// The precision that a word names, singular or plural: `day`, `days`.
std::optional<Precision> precision_word(std::string_view word);

}  // namespace caveat
