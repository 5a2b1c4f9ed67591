// The forms of a text in which the guard looks for what must not be said. docs/formats/wording-lexicon.md, "Folding".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A text in the folded alphabet (a–z, 0–9, `_` for a letter of another script, single spaces, some marks), and where
/// each of its characters stood.
class FoldedText {
 public:
  /// How a character came to stand after the one before it.
  enum class Joint : std::uint8_t {
    kPlain,   ///< a letter or a mark, nothing between
    kSpace,   ///< a space, from one white-space character
    kWide,    ///< a space, from several
    kGlue,    ///< a space or mark that stands for a symbol inside a word: `risk-free`
    kJoined,  ///< a letter before which a separator has been taken away
  };

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] Joint joint(std::size_t at) const { return joints_[at]; }
  /// The bytes of the source between two offsets of this text; `end` is past the last.
  [[nodiscard]] std::size_t source_begin(std::size_t at) const { return begins_[at]; }
  [[nodiscard]] std::size_t source_end(std::size_t end) const { return ends_[end - 1]; }

  void reserve(std::size_t size);
  void append(char c, Joint joint, std::size_t begin, std::size_t end);
  void append_from(const FoldedText& other, std::size_t at, char c, Joint joint);
  void remove(std::size_t at);
  void change_last(char c, Joint joint);

 private:
  std::string text_;
  std::vector<Joint> joints_;
  std::vector<std::uint32_t> begins_, ends_;
};

/// What a fold found besides the text.
struct Fold {
  FoldedText text;
  bool overrides_direction = false;
  std::size_t override_at = 0;
};

/// The text as read. `source` is UTF-8 and shorter than 4 GiB.
Fold fold(std::string_view source);

/// Runs of letters spaced out far enough that no reader takes them for words.
struct SpacedRun {
  std::size_t begin = 0, end = 0;  ///< in the joined text
};

/// The text with disguises taken apart: symbols inside words and spaces between single letters gone, digits and signs
/// inside words read as letters. `ones` says what 1 and | stand for, `repeats_max` how many equal letters may follow
/// each other. Equal to `text` (and `changed` false) when there is nothing to undo.
struct Unmasked {
  FoldedText text;
  bool changed = false;
  bool ambiguous = false;  ///< other options could read it otherwise
  std::vector<SpacedRun> runs;
};
struct UnmaskOptions {
  char ones = 'i';
  std::size_t repeats_max = 2;
};
Unmasked unmask(const FoldedText& text, const UnmaskOptions& options);

/// Letters and digits alone. A letter that followed a separator is kJoined.
FoldedText squeeze(const FoldedText& text);

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace caveat
