// The vocabulary as JSON: `caveat.facts/1`. docs/formats/command.md.
#pragma once

#include "vocabulary/vocabulary.hpp"

#include <span>
#include <string>
#include <string_view>

namespace caveat::listings {

/// `facts` in this order; texts in `language`. One line, or indented.
std::string facts_json(const Vocabulary& vocabulary, std::span<const FactId> facts, std::string_view language,
                       bool indent);

/// The value that a binding stands for, as a pack writes it; empty when it stands for none.
std::string meaning_of(const FactDeclaration& fact, const FhirBinding& binding);

}  // namespace caveat::listings
