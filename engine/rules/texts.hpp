// Texts of packs and manifests: read, and put to the wording guard in every language before anyone can show them.
#pragma once

#include "vocabulary/vocabulary.hpp"
#include "wording/guard.hpp"

namespace caveat {

struct TextContext {
  std::string_view first_language;  ///< of a text written as a plain string
  std::string_view role;            ///< `bars`, `suggests`, `informs`
  std::string_view field;           ///< `title`, `says`, …
  const Guard& guard;
  bool proven = false;  ///< the file has been vetted as it is (Guard::proven)
};

/// Reads a text (a string, or a table by language). Reports what is no text, languages without a lexicon, and words
/// that must not be said, each at its own place inside the string.
Text read_vetted_text(const TomlValue& value, const TextContext& context, Diagnostics& diagnostics);

}  // namespace caveat
