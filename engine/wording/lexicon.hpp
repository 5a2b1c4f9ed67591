// A lexicon as written: entries with their patterns, fragments put in. docs/formats/wording-lexicon.md.
#pragma once

#include "base/diagnostics.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace caveat {

/// A pattern with the place to complain about.
struct LexiconPattern {
  std::string text;  ///< fragments put in
  Place place;
};

/// A text that an entry must refuse, or let pass.
struct LexiconText {
  std::string text;
  Place place;
};

struct LexiconEntry {
  std::string id;
  std::string category;
  std::string reason;
  std::vector<LexiconPattern> patterns;    ///< the claim
  std::vector<LexiconPattern> near;        ///< when not empty, one of these stands in the claim's sentence
  std::vector<LexiconPattern> unless;      ///< what makes the claim honest, besides negation
  bool negatable = true;                   ///< whether the lexicon's negations make it honest
  std::vector<std::string> carry;          ///< words that carry a negation to this claim, besides the lexicon's
  std::vector<std::string> split;          ///< words of the claim that are found even when cut by spaces
  std::vector<std::string> roles, fields;  ///< empty: all
  std::vector<LexiconText> refuse, pass;
  Place place;
};

/// What makes a claim honest in this language, and what undoes that. Words are in the folded alphabet.
struct LexiconNegation {
  std::vector<std::string> heads;        ///< `not`, `nobody`, `whether`: reach the claim over words that carry
  std::vector<std::string> carry;        ///< words that may stand between a head and its claim
  std::vector<std::string> carry_after;  ///< words that may stand between a claim and a tail
  std::vector<std::string> tails;        ///< words after the claim that negate it: `degildir`
  std::vector<std::string> tail_stems;   ///< verbs that negate a claim with one of `tail_endings`: `edile` + `mez`
  std::vector<std::string> tail_endings;
  std::vector<std::string> reporting;  ///< `mean`, `promise`: carry a negation over any words to the claim
  std::vector<std::string> negators;   ///< two in a clause undo each other: nothing is excused
  std::vector<std::string> breaks;     ///< words that end a clause, besides punctuation
  std::vector<LexiconPattern> excuse;  ///< with `<>` for the claim
  std::vector<LexiconPattern> veto;    ///< in the claim's clause: nothing excuses (`not only`)
};

struct Lexicon {
  std::string language;
  std::string disguise_reason;
  LexiconNegation negation;
  std::vector<LexiconEntry> entries;
};

/// Reads one lexicon from the text of its file, `<language>.toml`. Errors are kLoad, all at once.
Result<Lexicon> read_lexicon(std::string text, const std::filesystem::path& path);

}  // namespace caveat
