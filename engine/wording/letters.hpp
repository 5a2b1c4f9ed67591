// Which plain letters a character looks like. The guard's patterns know only a–z and 0–9; this is the way there.
#pragma once

#include <string_view>

namespace caveat {

/// What a character stands for once case, accents, width and look-alikes are gone.
enum class Glyph {
  kLetters,  ///< `text` holds its letters or digits, lower case ASCII
  kNothing,  ///< leaves no trace: combining marks, zero-width characters, soft hyphens
  kSpace,    ///< white space, blanks and control characters
  kSymbol,   ///< punctuation and pictures: `text` holds the ASCII mark it stands for, or is empty
  kForeign,  ///< a letter that looks like none of ours
};

struct Folded {
  Glyph glyph = Glyph::kSymbol;
  char text[8] = {};  ///< NUL-terminated
  [[nodiscard]] std::string_view view() const { return text; }
};

/// Folds one character. Turkish ı, İ, ğ, ş, ç, ö, ü become i, i, g, s, c, o, u in every language.
Folded fold_character(char32_t character);

/// True for the characters that turn the reading direction around: what is read is then not what is stored.
bool overrides_direction(char32_t character);

}  // namespace caveat
