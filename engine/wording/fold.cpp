// Three forms of one text. The *folded* text is what a reader sees, in plain letters: `Guarantéed re­sults!` becomes
// `guaranteed results!`. The *unmasked* text undoes what a reader overlooks: `g.u.a.r.a.n.t.e.e.d`, `gu4ranteed`. The
// *squeezed* text has no spaces at all and finds words that were cut in two. Each character remembers the bytes it came
// from, so that a refusal points at the text as it was given.
#include "wording/fold.hpp"

#include "wording/letters.hpp"
#include "wording/markup.hpp"

#include <algorithm>
#include <array>

namespace caveat {

void FoldedText::reserve(std::size_t size) {
  text_.reserve(size);
  joints_.reserve(size);
  begins_.reserve(size);
  ends_.reserve(size);
}

void FoldedText::append(char c, Joint joint, std::size_t begin, std::size_t end) {
  text_.push_back(c);
  joints_.push_back(joint);
  begins_.push_back(static_cast<std::uint32_t>(begin));
  ends_.push_back(static_cast<std::uint32_t>(end));
}

void FoldedText::append_from(const FoldedText& other, std::size_t at, char c, Joint joint) {
  append(c, joint, other.begins_[at], other.ends_[at]);
}

void FoldedText::remove(std::size_t at) {
  const auto offset = static_cast<std::ptrdiff_t>(at);
  text_.erase(at, 1);
  joints_.erase(joints_.begin() + offset);
  begins_.erase(begins_.begin() + offset);
  ends_.erase(ends_.begin() + offset);
}

void FoldedText::change_last(char c, Joint joint) {
  text_.back() = c;
  joints_.back() = joint;
}

namespace {

using Joint = FoldedText::Joint;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool lower_case(char32_t c) {
  if (c < 0x80) return c >= U'a' && c <= U'z';
  return c == U'ı' || c == U'ö' || c == U'ü' || c == U'ç' || c == U'ş' || c == U'ğ';
}

// Builds the folded text, one character after the other.
class Folder {
 public:
  explicit Folder(std::string_view source) : source_(source) { result_.text.reserve(source.size() + 1); }

  Fold run() {
    MarkupReader reader(source_);
    for (MarkupUnit unit; reader.next(unit);) fold_unit(unit);
    while (!text().text().empty() && text().text().back() == ' ') text().remove(text().size() - 1);
    return std::move(result_);
  }

 private:
  FoldedText& text() { return result_.text; }
  char last() const { return result_.text.text().empty() ? '\0' : result_.text.text().back(); }

  void fold_unit(const MarkupUnit& unit) {
    if (overrides_direction(unit.character) && !result_.overrides_direction) {
      result_.overrides_direction = true;
      result_.override_at = unit.begin;
    }
    const Folded folded = fold_character(unit.character);
    switch (folded.glyph) {
      case Glyph::kLetters: return letters(folded.view(), unit);
      case Glyph::kForeign: return text().append('_', Joint::kPlain, unit.begin, unit.end);
      case Glyph::kSpace: return space(unit);
      case Glyph::kSymbol: return symbol(folded.text[0], unit);
      case Glyph::kNothing: return;
    }
  }

  void letters(std::string_view letters, const MarkupUnit& unit) {
    drop_ordinal_dot(unit);
    for (const char c : letters) text().append(c, Joint::kPlain, unit.begin, unit.end);
  }

  // `2. hafta` is one phrase: the dot makes an ordinal, no sentence.
  void drop_ordinal_dot(const MarkupUnit& unit) {
    const std::string_view so_far = text().text();
    const std::size_t size = so_far.size();
    if (size < 3 || so_far[size - 1] != ' ' || so_far[size - 2] != '.' || !is_digit(so_far[size - 3])) return;
    if (lower_case(unit.character)) text().remove(size - 2);
  }

  void space(const MarkupUnit& unit) {
    if (last() == '\0') return;
    if (last() != ' ') {
      text().append(' ', Joint::kSpace, unit.begin, unit.end);
    } else if (!dropped_) {
      text().change_last(' ', Joint::kWide);
    }
    dropped_ = false;
  }

  void symbol(char mark, const MarkupUnit& unit) {
    switch (mark) {
      case '*':
      case '`':
      case '~':
      case '\\':
      case '"':
      case '\'': dropped_ = true; return;  // emphasis, quotes and apostrophes: a reader reads across them
      case '.': return dot(unit);
      case '!':
      case '?':
      case ';':
      case ':':
      case ',':
      case '|': return punctuation(mark, unit);
      case '%':
      case '$':
      case '@':
      case '&':
      case '+':
      case '#': return text().append(mark, Joint::kGlue, unit.begin, unit.end);  // they carry meaning: prices, shares
      case '-': return dash(unit);
      default: return separator(unit);
    }
  }

  void dot(const MarkupUnit& unit) {
    if (last() == '|') return;
    if (last() == '.') return text().change_last('|', Joint::kGlue);  // dots that trail off end no sentence
    punctuation('.', unit);
  }

  void punctuation(char mark, const MarkupUnit& unit) {
    if (last() == ' ') text().remove(text().size() - 1);
    if (last() != '\0') text().append(mark, Joint::kGlue, unit.begin, unit.end);
  }

  void dash(const MarkupUnit& unit) {
    if (is_word(last())) return separator(unit);
    punctuation('|', unit);
  }

  void separator(const MarkupUnit& unit) {
    if (last() == '\0' || last() == ' ') return;
    text().append(' ', Joint::kGlue, unit.begin, unit.end);
  }

  std::string_view source_;
  Fold result_;
  bool dropped_ = false;  // a mark left out since the last space
};

char letter_for(char c, char ones) {
  switch (c) {
    case '0': return 'o';
    case '1':
    case '|': return ones;
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    case '5':
    case '$': return 's';
    case '7': return 't';
    case '8': return 'b';
    case '9': return 'g';
    case '!': return 'i';
    default: return '\0';
  }
}

// Takes the disguises of one text apart, in three passes that each append to a new text.
class Unmasker {
 public:
  Unmasker(const FoldedText& text, const UnmaskOptions& options) : source_(text), options_(options) {}

  Unmasked run() {
    for (std::size_t i = 0; i < source_.size();) i = step(i);
    shorten_repeats();
    return std::move(result_);
  }

 private:
  static constexpr std::size_t kRunMin = 2;
  static constexpr std::size_t kHiddenMin = 8;

  [[nodiscard]] char at(std::size_t i) const { return i < source_.size() ? source_.text()[i] : '\0'; }
  [[nodiscard]] bool letter(std::size_t i) const { return is_word(at(i)); }
  void copy(std::size_t i, Joint joint) { result_.text.append_from(source_, i, at(i), joint); }

  std::size_t step(std::size_t i) {
    if (i == 0 || !letter(i - 1)) {
      if (const std::size_t end = spaced_run(i); end > i) return join_run(i, end);
    }
    if (letter(i)) return word(i);
    if (const std::size_t next = glue(i); next > i) return next;
    copy(i, source_.joint(i));
    return i + 1;
  }

  // A word with digits or signs among its letters: `gu4r@nteed`. A number with its unit (`2weeks`) is left alone.
  std::size_t word(std::size_t i) {
    std::size_t end = i;
    std::size_t letters = 0;
    while (letter(end) || (end > i && letter_for(at(end), 'i') != '\0' && letter(end + 1))) {
      if (is_letter(at(end))) ++letters;
      ++end;
    }
    const bool number_first = is_digit(at(i)) && !is_letter(at(i + 1));
    for (std::size_t k = i; k < end; ++k) {
      const char plain = letters >= 2 && !number_first ? letter_for(at(k), options_.ones) : '\0';
      const Joint joint = joined_ && k == i ? Joint::kJoined : source_.joint(k);
      result_.changed |= plain != '\0';
      result_.ambiguous |= plain != '\0' && (at(k) == '1' || at(k) == '|');
      result_.text.append_from(source_, k, plain != '\0' ? plain : at(k), joint);
    }
    joined_ = false;
    return end;
  }

  // Symbols between two letters, without a space: gone.
  std::size_t glue(std::size_t i) {
    std::size_t end = i;
    while (end < source_.size() && !letter(end) && source_.joint(end) == Joint::kGlue) ++end;
    if (end == i || i == 0 || !is_letter(at(i - 1)) || !is_letter(at(end))) return i;
    result_.changed = true;
    joined_ = true;
    return end;
  }

  // The end of a run of single letters with something between each two; `i` when there is none.
  [[nodiscard]] std::size_t spaced_run(std::size_t i) const {
    std::size_t count = 0;
    std::size_t end = i;
    for (std::size_t k = i; letter(k) && !letter(k + 1);) {
      ++count;
      end = k + 1;
      k = end;
      while (k < source_.size() && !letter(k)) ++k;
    }
    return count >= kRunMin ? end : i;
  }

  // The most frequent gap of a run parts its letters; a wider one parts its words and stays.
  std::size_t join_run(std::size_t i, std::size_t end) {
    const Joint usual = usual_gap(i, end);
    Stretch stretch{result_.text.size()};
    bool kept = true;
    for (std::size_t k = i; k < end;) {
      if (letter(k)) {
        const std::size_t next = gap_end(k + 1);
        const bool before = !kept && is_letter(result_.text.text().back());
        const bool after = next < end && is_letter(at(next)) && !wider(gap(k + 1, next), usual);
        const char plain = before || after ? letter_for(at(k), options_.ones) : '\0';
        result_.ambiguous |= plain != '\0' && at(k) == '1';
        result_.text.append_from(source_, k, plain != '\0' ? plain : at(k), kept ? Joint::kPlain : Joint::kJoined);
        ++k;
        continue;
      }
      const std::size_t next = gap_end(k);
      kept = wider(gap(k, next), usual);
      if (kept) close(stretch);
      for (; k < next; ++k) {
        stretch.comma |= at(k) == ',';
        if (kept) copy(k, source_.joint(k));
      }
      if (kept) stretch = Stretch{result_.text.size()};
    }
    close(stretch);
    result_.changed = true;
    return end;
  }

  struct Stretch {
    std::size_t begin = 0;
    bool comma = false;  // a list: `A, B, C`
  };

  void close(const Stretch& stretch) {
    const std::size_t end = result_.text.size();
    if (!stretch.comma && end - stretch.begin >= kHiddenMin) result_.runs.push_back({stretch.begin, end});
  }

  [[nodiscard]] std::size_t gap_end(std::size_t i) const {
    while (i < source_.size() && !letter(i)) ++i;
    return i;
  }

  // How wide the gap between two letters is: by a symbol, by one space, by several.
  [[nodiscard]] Joint gap(std::size_t i, std::size_t end) const {
    bool space = false;
    for (; i < end; ++i) {
      if (source_.joint(i) == Joint::kWide) return Joint::kWide;
      space |= source_.joint(i) == Joint::kSpace;
    }
    return space ? Joint::kSpace : Joint::kGlue;
  }

  static bool wider(Joint a, Joint b) { return width(a) > width(b); }
  static std::size_t width(Joint gap) { return gap == Joint::kGlue ? 0 : gap == Joint::kSpace ? 1 : 2; }

  [[nodiscard]] Joint usual_gap(std::size_t i, std::size_t end) const {
    constexpr std::array kGaps = {Joint::kGlue, Joint::kSpace, Joint::kWide};
    std::array<std::size_t, 3> counts{};
    for (; i < end; ++i) {
      if (!letter(i) && letter(i - 1)) ++counts[width(gap(i, gap_end(i)))];
    }
    return kGaps[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
  }

  // `guaranteeeed`: letters that repeat more often than any word has them.
  void shorten_repeats() {
    const std::string_view text = result_.text.text();
    bool found = false;
    for (std::size_t i = 2; i < text.size() && !found; ++i) {
      found = is_letter(text[i]) && text[i] == text[i - 1] && text[i] == text[i - 2];
    }
    if (!found) return;
    FoldedText shorter;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] == text[i]) ++end;
      const std::size_t kept = end - i > 2 && is_letter(text[i]) ? options_.repeats_max : end - i;
      for (std::size_t k = i; k < i + kept; ++k) shorter.append_from(result_.text, k, text[k], result_.text.joint(k));
      i = end;
    }
    result_.text = std::move(shorter);
    result_.runs.clear();
    result_.changed = true;
    result_.ambiguous = true;
  }

  const FoldedText& source_;
  UnmaskOptions options_;
  Unmasked result_;
  bool joined_ = false;
};

}  // namespace

Fold fold(std::string_view source) { return Folder(source).run(); }

Unmasked unmask(const FoldedText& text, const UnmaskOptions& options) { return Unmasker(text, options).run(); }

FoldedText squeeze(const FoldedText& text) {
  FoldedText squeezed;
  squeezed.reserve(text.size());
  bool joined = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text.text()[i];
    if (is_word(c)) {
      const bool starts = joined || text.joint(i) == Joint::kJoined;
      squeezed.append_from(text, i, c, starts ? Joint::kJoined : Joint::kPlain);
    }
    joined = !is_word(c);
  }
  return squeezed;
}

}  // namespace caveat
