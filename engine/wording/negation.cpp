// All of this walks over words. A pattern could say the same, but only by repeating the list of carrying words eight
// times, and would take longer to compile than a whole evaluation may take.
#include "wording/negation.hpp"

#include "wording/fold.hpp"

#include <algorithm>

namespace caveat {
namespace {

constexpr std::size_t kReachMax = 9;         // words between a negation and its claim
constexpr std::size_t kReportedMax = 7;      // words between `mean that` and the claim
constexpr std::size_t kCoordinatedMax = 13;  // words between a negation and an `or` before the claim

bool holds(const std::vector<std::string>& sorted, std::string_view word) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), word);
  return found != sorted.end() && *found == word;
}

bool ends_clause(char c) { return c == '.' || c == '!' || c == '?' || c == ';' || c == ',' || c == ':' || c == '|'; }

// Steps back over one space and one word. Empty at the start, and at punctuation unless `commas` may be crossed.
std::string_view word_before(std::string_view text, std::size_t& at, bool commas = false) {
  if (at > 0 && text[at - 1] == ' ') --at;
  if (commas && at > 0 && text[at - 1] == ',') --at;
  const std::size_t end = at;
  while (at > 0 && is_word(text[at - 1])) --at;
  return text.substr(at, end - at);
}

std::string_view word_after(std::string_view text, std::size_t& at) {
  if (at < text.size() && text[at] == ' ') ++at;
  const std::size_t begin = at;
  while (at < text.size() && is_word(text[at])) ++at;
  return text.substr(begin, at - begin);
}

bool is_tail(const LexiconNegation& rules, std::string_view word) {
  if (holds(rules.tails, word)) return true;
  return std::any_of(rules.tail_endings.begin(), rules.tail_endings.end(), [&](const std::string& ending) {
    return word.ends_with(ending) && holds(rules.tail_stems, word.substr(0, word.size() - ending.size()));
  });
}

}  // namespace

// `not (to be regarded as a) <claim>`: the head's place.
std::optional<std::size_t> Negation::bound_head(std::string_view before, const std::vector<std::string>& extra) const {
  std::size_t at = before.size();
  for (std::size_t i = 0; i < kReachMax + (extra.empty() ? 0 : 4); ++i) {
    const std::string_view word = word_before(before, at);
    if (word.empty()) return std::nullopt;
    if (holds(rules_.heads, word)) return at;
    if (!holds(rules_.carry, word) && !holds(extra, word)) return std::nullopt;
  }
  return std::nullopt;
}

// `does not mean that (any words) <claim>`.
std::optional<std::size_t> Negation::reported(std::string_view before) const {
  std::size_t at = before.size();
  for (std::size_t i = 0; i < kReportedMax; ++i) {
    const std::string_view word = word_before(before, at);
    if (word.empty() || holds(rules_.breaks, word)) return std::nullopt;
    if (!holds(rules_.reporting, word)) continue;
    if (const auto head = bound_head(before.substr(0, at), {})) return head;
  }
  return std::nullopt;
}

// `not (any words, and commas) or a <claim>`. `or` itself is the lexicon's: a break that is also a head or carries.
std::optional<std::size_t> Negation::coordinated(std::string_view before) const {
  std::size_t at = before.size();
  std::string_view word = word_before(before, at);
  for (int i = 0; i < 2 && !word.empty() && !holds(rules_.breaks, word) && holds(rules_.carry, word); ++i) {
    word = word_before(before, at);
  }
  if (!holds(rules_.breaks, word) || !holds(rules_.carry, word)) return std::nullopt;
  for (std::size_t i = 0; i < kCoordinatedMax; ++i) {
    word = word_before(before, at, true);
    if (word.empty()) return std::nullopt;
    if (holds(rules_.heads, word)) return at;
  }
  return std::nullopt;
}

bool Negation::reaches_forward(std::string_view before, const std::vector<std::string>& extra) const {
  for (const auto head : {bound_head(before, extra), reported(before), coordinated(before)}) {
    if (head && !twice(before, *head)) return true;
  }
  return false;
}

bool Negation::reaches_back(std::string_view after) const {
  if (rules_.tails.empty()) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i <= kReachMax; ++i) {
    const std::string_view word = word_after(after, at);
    if (word.empty()) return false;
    if (is_tail(rules_, word)) return true;
    if (!holds(rules_.carry_after, word)) return false;
  }
  return false;
}

bool Negation::twice(std::string_view text, std::size_t from) const {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      if (ends_clause(text[at])) count = 0;
      ++at;
      continue;
    }
    const std::string_view word = word_after(text, at);
    if (holds(rules_.breaks, word)) count = 0;
    if (holds(rules_.negators, word)) ++count;
    if (count > 1 && at > from) return true;
  }
  return false;
}

bool Negation::in_last_clause(std::string_view text) const {
  bool found = false;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      if (ends_clause(text[at])) found = false;
      ++at;
      continue;
    }
    const std::string_view word = word_after(text, at);
    if (holds(rules_.breaks, word)) found = false;
    found |= holds(rules_.negators, word);
  }
  return found;
}

}  // namespace caveat
