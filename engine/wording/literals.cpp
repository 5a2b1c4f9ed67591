#include "wording/literals.hpp"

#include <algorithm>

namespace caveat {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kListsMax = 8;

std::size_t shortest(const Words& words) {
  std::size_t least = words.empty() ? 0 : words.front().size();
  for (const std::string& word : words) least = std::min(least, word.size());
  return least;
}

// Of two requirements that both hold, the one that rules out more texts.
void keep_better(Words& best, Words candidate) {
  constexpr std::size_t kLongEnough = 6;
  if (candidate.empty() || shortest(candidate) == 0) return;
  const std::size_t a = std::min(shortest(best), kLongEnough);
  const std::size_t b = std::min(shortest(candidate), kLongEnough);
  if (best.empty() || b > a || (a == b && candidate.size() < best.size())) best = std::move(candidate);
}

// Walks through a pattern. Knows the syntax that lexicons use; of anything else it claims nothing.
class Walker {
 public:
  explicit Walker(std::string_view pattern) : pattern_(pattern) {}

  // What the whole pattern requires: of a sequence, all that its parts require; of alternatives, what they share.
  RequiredWords requirements() {
    RequiredWords parts;
    const Words best = sequence(&parts);
    if (done()) return parts;
    at_ = 0;
    Words shared = alternatives();
    return shared.empty() ? RequiredWords{} : RequiredWords{std::move(shared)};
  }

 private:
  // One of the branches matches: each must require something, and any of those words may be the one.
  Words alternatives() {
    Words all;
    bool open = false;
    for (;;) {
      Words branch = sequence();
      open |= branch.empty();
      all.insert(all.end(), branch.begin(), branch.end());
      if (done() || peek() != '|') break;
      ++at_;
    }
    return open ? Words{} : all;
  }

  [[nodiscard]] bool done() const { return at_ >= pattern_.size(); }
  [[nodiscard]] char peek() const { return pattern_[at_]; }

  // All parts match: the best requirement of any of them. `parts` gets them all.
  Words sequence(RequiredWords* parts = nullptr) {
    Words best;
    std::string run;
    const auto require = [&](Words words) {
      if (parts != nullptr && !words.empty() && parts->size() < kListsMax) parts->push_back(words);
      keep_better(best, std::move(words));
    };
    const auto flush = [&] {
      if (run.find_first_not_of(' ') != std::string::npos) require({run});
      run.clear();
    };
    while (!done() && peek() != '|' && peek() != ')') {
      Words group;
      const char literal = part(group);
      const bool once = quantifier();
      if (literal != '\0' && once) {
        run.push_back(literal);
        if (!repeated_) continue;
      }
      flush();
      if (once) require(std::move(group));
    }
    flush();
    return best;
  }

  // A single character, NUL when it can be several; `group` gets what a group requires.
  char part(Words& group) {
    const char c = pattern_[at_++];
    if (c == '(') {
      if (pattern_.substr(at_).starts_with("?:")) at_ += 2;
      group = alternatives();
      if (!done()) ++at_;
      return '\0';
    }
    if (c == '[') {
      while (!done() && peek() != ']') ++at_;
      if (!done()) ++at_;
      return '\0';
    }
    if (c == '\\') return escaped();
    return c == '.' || c == '^' || c == '$' ? '\0' : c;
  }

  char escaped() {
    if (done()) return '\0';
    const char c = pattern_[at_++];
    const bool plain = !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    return plain ? c : '\0';
  }

  // Whether what stands before occurs at least once.
  bool quantifier() {
    repeated_ = false;
    if (done()) return true;
    const char c = peek();
    if (c == '?' || c == '*' || c == '+') {
      ++at_;
      if (!done() && peek() == '?') ++at_;
      repeated_ = true;
      return c == '+';
    }
    if (c != '{') return true;
    repeated_ = true;
    const bool from_zero = at_ + 1 < pattern_.size() && pattern_[at_ + 1] == '0';
    while (!done() && peek() != '}') ++at_;
    if (!done()) ++at_;
    return !from_zero;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool repeated_ = false;
};

std::size_t bucket(std::string_view text) {
  std::size_t hash = 0;
  for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
  return hash;
}

}  // namespace

RequiredWords required_words(std::string_view pattern) { return Walker(pattern).requirements(); }

LiteralIndex::LiteralIndex() {
  for (auto& table : buckets_) table.assign(kBuckets, -1);
}

void LiteralIndex::add(std::size_t pattern, const RequiredWords& words) {
  wanted_.resize(std::max(wanted_.size(), pattern + 1), 0);
  std::uint8_t list = 1;
  for (const Words& alternatives : words) {
    for (const std::string& word : alternatives) {
      const std::size_t key = std::min<std::size_t>(word.size(), 3);
      std::int32_t& head = buckets_[key - 1][bucket(std::string_view(word).substr(0, key)) % kBuckets];
      words_.push_back({word, pattern, list, head});
      head = static_cast<std::int32_t>(words_.size() - 1);
    }
    wanted_[pattern] = static_cast<std::uint8_t>(wanted_[pattern] | list);
    list = static_cast<std::uint8_t>(list << 1);
  }
}

std::vector<std::size_t> LiteralIndex::candidates(std::string_view text) const {
  std::vector<std::uint8_t> held(wanted_.size(), 0);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    std::size_t hash = 0;
    for (std::size_t key = 1; key <= 3 && key <= rest.size(); ++key) {
      hash = hash * 31 + static_cast<unsigned char>(rest[key - 1]);
      for (std::int32_t k = buckets_[key - 1][hash % kBuckets]; k >= 0; k = words_[static_cast<std::size_t>(k)].next) {
        const Word& word = words_[static_cast<std::size_t>(k)];
        if (rest.starts_with(word.text)) held[word.pattern] = static_cast<std::uint8_t>(held[word.pattern] | word.list);
      }
    }
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < held.size(); ++i) {
    if (held[i] == wanted_[i]) found.push_back(i);
  }
  return found;
}

}  // namespace caveat
