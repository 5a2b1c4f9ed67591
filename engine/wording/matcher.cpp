// How a claim is judged. The literal index says which patterns can match at all; most honest texts end there. For the
// rest, each match of an entry's pattern is a claim, and it stands unless
//   - the entry wants other words `near` it, in the same sentence, and there are none; or
//   - an excuse fits around it: a negation bound to this very claim, or the entry's own `unless`; and no veto (`not
//     only`) stands in its clause, and no second negation turns the first around.
// An excuse is never looked for by distance: its pattern ends where the claim begins, or begins where it ends.
#include "wording/matcher.hpp"

#include "wording/lazy_pattern.hpp"
#include "wording/literals.hpp"
#include "wording/negation.hpp"

#include <algorithm>
#include <deque>

namespace caveat {
namespace {

// Windows around a claim. They keep the work linear in the text, however long its sentences are.
constexpr std::size_t kNearWindow = 240;
constexpr std::size_t kExcuseWindow = 160;
constexpr std::string_view kClaim = "<>";

// Word bounds on both sides, unless the pattern begins or ends with something that is no word.
std::string bounded(std::string_view pattern) {
  const bool open = pattern.starts_with('^') || pattern.starts_with('\\') || pattern.starts_with("(?:^");
  const bool closed =
      pattern.ends_with('$') || pattern.ends_with('%') || pattern.ends_with("\\?") || pattern.ends_with(' ');
  return (open ? "" : "\\b") + ("(?:" + std::string(pattern) + ")") + (closed ? "" : "\\b");
}

constexpr bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?' || c == ';'; }
constexpr bool ends_clause(char c) { return ends_sentence(c) || c == ',' || c == ':' || c == '|'; }

bool sentence_end_at(std::string_view text, std::size_t i) {
  return ends_sentence(text[i]) && (i + 1 == text.size() || text[i + 1] == ' ');
}

// A claim in its text.
struct Claim {
  std::string_view text;
  TextSpan span;

  [[nodiscard]] std::size_t sentence_begin(std::size_t window) const {
    const std::size_t least = span.begin > window ? span.begin - window : 0;
    std::size_t i = span.begin;
    while (i > least && !sentence_end_at(text, i - 1)) --i;
    while (i < span.begin && text[i] == ' ') ++i;
    return i;
  }
  [[nodiscard]] std::size_t sentence_end(std::size_t window) const {
    const std::size_t most = std::min(text.size(), span.end + window);
    std::size_t i = span.end;
    while (i < most && !sentence_end_at(text, i)) ++i;
    return std::min(i + 1, text.size());
  }
  [[nodiscard]] TextSpan sentence() const { return {sentence_begin(kNearWindow), sentence_end(kNearWindow)}; }
  [[nodiscard]] std::string_view before() const {
    const std::size_t begin = sentence_begin(kExcuseWindow);
    return text.substr(begin, span.begin - begin);
  }
  [[nodiscard]] std::string_view after() const { return text.substr(span.end, kExcuseWindow); }
  [[nodiscard]] std::string_view clause() const {
    std::size_t begin = span.begin;
    std::size_t end = span.end;
    while (begin > 0 && span.begin - begin < kExcuseWindow && !ends_clause(text[begin - 1])) --begin;
    while (end < text.size() && end - span.end < kExcuseWindow && !ends_clause(text[end])) ++end;
    return text.substr(begin, end - begin);
  }
};

// An excuse: what stands before the claim, what after it, or (without `<>`) a stretch of text that holds it.
struct Excuse {
  std::unique_ptr<LazyPattern> before, after, covering;
  Place place;

  explicit Excuse(const LexiconPattern& pattern) : place(pattern.place) {
    const std::size_t at = pattern.text.find(kClaim);
    if (at == std::string::npos) {
      covering = std::make_unique<LazyPattern>(bounded(pattern.text));
      return;
    }
    const std::string left = pattern.text.substr(0, at);
    const std::string right = pattern.text.substr(at + kClaim.size());
    if (!left.empty()) before = std::make_unique<LazyPattern>((left.starts_with('^') ? "(?:" : "\\b(?:") + left + ")$");
    if (!right.empty()) {
      const bool closed = right.find('$') != std::string::npos || right.ends_with('?');
      after = std::make_unique<LazyPattern>("^(?:" + right + ")" + (closed ? "" : "\\b"));
    }
  }

  [[nodiscard]] bool fits(const Claim& claim) const {
    if (covering) return covers(claim);
    return (!before || before->matches(claim.before())) && (!after || after->matches(claim.after()));
  }

  [[nodiscard]] bool covers(const Claim& claim) const {
    const TextSpan sentence = claim.sentence();
    const std::string_view text = claim.text.substr(0, sentence.end);
    const std::string_view part = text.substr(sentence.begin);
    const TextSpan relative{claim.span.begin - sentence.begin, claim.span.end - sentence.begin};
    for (auto span = covering->first(part); span; span = covering->first(part, span->end)) {
      if (span->covers(relative)) return true;
    }
    return false;
  }
};

bool includes(const std::vector<std::string>& list, std::string_view wanted) {
  return list.empty() || wanted.empty() || std::find(list.begin(), list.end(), wanted) != list.end();
}

bool governs(const LexiconEntry& entry, TextUse use) {
  return includes(entry.roles, use.role) && includes(entry.fields, use.field);
}

}  // namespace

struct Matcher::Impl {
  struct Pattern {
    Pattern(std::string pattern, std::size_t owner, Place at)
        : claim(std::move(pattern)), entry(owner), place(std::move(at)) {}
    LazyPattern claim;
    std::size_t entry;
    Place place;
  };
  struct Entry {
    std::deque<LazyPattern> near;
    std::vector<Excuse> unless;
  };

  explicit Impl(Lexicon read);

  [[nodiscard]] bool stands(std::size_t entry, const Claim& claim) const;
  [[nodiscard]] bool negated(const LexiconEntry& entry, const Claim& claim) const;
  [[nodiscard]] Refusal refusal(std::size_t entry, const FoldedText& text, TextSpan span) const;

  Lexicon lexicon;
  Negation negation{lexicon.negation};
  std::deque<Pattern> patterns;
  std::deque<Entry> entries;
  std::vector<Excuse> excuses;
  std::deque<LazyPattern> veto;
  LiteralIndex index, split_index;
  std::vector<std::pair<std::string_view, std::size_t>> split;  // words and their entries
};

Matcher::Impl::Impl(Lexicon read) : lexicon(std::move(read)) {
  for (std::size_t i = 0; i < lexicon.entries.size(); ++i) {
    const LexiconEntry& source = lexicon.entries[i];
    for (const LexiconPattern& pattern : source.patterns) {
      index.add(patterns.size(), required_words(pattern.text));
      patterns.emplace_back(bounded(pattern.text), i, pattern.place);
    }
    Entry& entry = entries.emplace_back();
    for (const LexiconPattern& pattern : source.near) entry.near.emplace_back(bounded(pattern.text));
    for (const LexiconPattern& pattern : source.unless) entry.unless.emplace_back(pattern);
    for (const std::string& word : source.split) {
      split_index.add(split.size(), {{word}});
      split.emplace_back(word, i);
    }
  }
  for (const LexiconPattern& pattern : lexicon.negation.excuse) excuses.emplace_back(pattern);
  for (const LexiconPattern& pattern : lexicon.negation.veto) veto.emplace_back(bounded(pattern.text));
}

Matcher::Matcher(Lexicon lexicon) : impl_(std::make_unique<Impl>(std::move(lexicon))) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;

const Lexicon& Matcher::lexicon() const { return impl_->lexicon; }

namespace {

void report(const LazyPattern* expression, const Place& place, Diagnostics& diagnostics) {
  if (expression == nullptr) return;
  const std::string error = expression->error();
  if (error.empty()) return;
  diagnostics.error("bad-pattern", place, "the pattern is wrong: " + error,
                    "docs/formats/wording-lexicon.md says what a pattern may hold");
}

void report(const std::vector<Excuse>& excuses, Diagnostics& diagnostics) {
  for (const Excuse& excuse : excuses) {
    for (const auto* part : {&excuse.before, &excuse.after, &excuse.covering})
      report(part->get(), excuse.place, diagnostics);
  }
}

void report(const std::deque<LazyPattern>& expressions, const std::vector<LexiconPattern>& sources,
            Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < expressions.size(); ++i) report(&expressions[i], sources[i].place, diagnostics);
}

}  // namespace

void Matcher::compile_all(Diagnostics& diagnostics) const {
  for (const Impl::Pattern& pattern : impl_->patterns) report(&pattern.claim, pattern.place, diagnostics);
  for (std::size_t i = 0; i < impl_->entries.size(); ++i) {
    report(impl_->entries[i].near, impl_->lexicon.entries[i].near, diagnostics);
    report(impl_->entries[i].unless, diagnostics);
  }
  report(impl_->excuses, diagnostics);
  report(impl_->veto, impl_->lexicon.negation.veto, diagnostics);
}

bool Matcher::Impl::negated(const LexiconEntry& entry, const Claim& claim) const {
  const std::string_view before = claim.before();
  if (negation.reaches_forward(before, entry.carry)) return true;
  const bool negated_before = negation.in_last_clause(before);
  if (!negated_before && negation.reaches_back(claim.after())) return true;
  return std::any_of(excuses.begin(), excuses.end(), [&](const Excuse& excuse) {
    const bool only_after = excuse.after && !excuse.before;  // a negation before it would turn it around
    return !(only_after && negated_before) && excuse.fits(claim);
  });
}

bool Matcher::Impl::stands(std::size_t index_of_entry, const Claim& claim) const {
  const Entry& entry = entries[index_of_entry];
  const LexiconEntry& source = lexicon.entries[index_of_entry];
  if (!entry.near.empty()) {
    const TextSpan sentence = claim.sentence();
    const std::string_view text = claim.text.substr(sentence.begin, sentence.end - sentence.begin);
    const auto here = [&](const LazyPattern& near) { return near.matches(text); };
    if (std::none_of(entry.near.begin(), entry.near.end(), here)) return false;
  }
  const auto fits = [&](const Excuse& excuse) { return excuse.fits(claim); };
  if (std::any_of(entry.unless.begin(), entry.unless.end(), fits)) return false;
  if (!source.negatable || !negated(source, claim)) return true;
  const std::string_view clause = claim.clause();
  return std::any_of(veto.begin(), veto.end(), [&](const LazyPattern& word) { return word.matches(clause); });
}

Refusal Matcher::Impl::refusal(std::size_t entry, const FoldedText& text, TextSpan span) const {
  const LexiconEntry& source = lexicon.entries[entry];
  return {source.category, source.id, source.reason, text.source_begin(span.begin), text.source_end(span.end)};
}

void Matcher::find(const FoldedText& text, TextUse use, std::vector<Refusal>& refusals) const {
  const std::string_view plain = text.text();
  for (const std::size_t candidate : impl_->index.candidates(plain)) {
    const Impl::Pattern& pattern = impl_->patterns[candidate];
    if (!governs(impl_->lexicon.entries[pattern.entry], use)) continue;
    for (auto span = pattern.claim.first(plain); span; span = pattern.claim.first(plain, span->end)) {
      if (impl_->stands(pattern.entry, {plain, *span})) refusals.push_back(impl_->refusal(pattern.entry, text, *span));
    }
  }
}

void Matcher::find_split(const FoldedText& squeezed, TextUse use, std::vector<Refusal>& refusals) const {
  const std::string_view plain = squeezed.text();
  for (const std::size_t candidate : impl_->split_index.candidates(plain)) {
    const auto [word, entry] = impl_->split[candidate];
    if (!governs(impl_->lexicon.entries[entry], use)) continue;
    for (std::size_t at = plain.find(word); at != std::string_view::npos; at = plain.find(word, at + 1)) {
      bool cut = false;
      for (std::size_t i = at + 1; i < at + word.size(); ++i) cut |= squeezed.joint(i) == FoldedText::Joint::kJoined;
      if (!cut || squeezed.joint(at) != FoldedText::Joint::kJoined) continue;
      refusals.push_back(impl_->refusal(entry, squeezed, {at, at + word.size()}));
    }
  }
}

}  // namespace caveat
