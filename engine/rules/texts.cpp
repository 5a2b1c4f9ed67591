#include "rules/texts.hpp"

namespace caveat {

namespace {

void vet(const TomlValue& words, std::string_view language, const TextContext& context, Diagnostics& diagnostics) {
  const std::string_view text = words.string().value_or("");
  if (!context.guard.knows(language)) {
    diagnostics.error("no-lexicon", words.place(),
                      "no wording lexicon for the language `" + std::string(language) + "`",
                      "text that cannot be guarded is not shown; a lexicon is the file `" + std::string(language) +
                          ".toml` beside the others");
    return;
  }
  if (context.proven) return;
  for (const Refusal& refusal : context.guard.check(text, language, {context.role, context.field})) {
    diagnostics.error("wording-refused", words.place_in_string(refusal.begin),
                      "`" + std::string(text.substr(refusal.begin, refusal.end - refusal.begin)) +
                          "` must not be said (" + refusal.category + ")",
                      refusal.reason);
  }
}

}  // namespace

Text read_vetted_text(const TomlValue& value, const TextContext& context, Diagnostics& diagnostics) {
  Text out = read_text_table(value, context.first_language, diagnostics);
  if (value.string()) vet(value, context.first_language, context, diagnostics);
  for (const TomlEntry& entry : value.entries()) {
    if (entry.value.string()) vet(entry.value, entry.key, context, diagnostics);
  }
  return out;
}

}  // namespace caveat
