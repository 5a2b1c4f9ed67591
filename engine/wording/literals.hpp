// Says which patterns can match a text at all, from the literal words in them, without compiling a single one. Most
// honest texts hold none of those words, so that loading a lexicon costs its reading alone, and checking a scan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// What every match of a pattern holds: of each list, at least one word. No lists: nothing is known.
using RequiredWords = std::vector<std::vector<std::string>>;
RequiredWords required_words(std::string_view pattern);

/// Finds the patterns whose words occur in a text. Filled once, then only read.
class LiteralIndex {
 public:
  LiteralIndex();
  /// `pattern` counts from 0, without gaps.
  void add(std::size_t pattern, const RequiredWords& words);
  /// The patterns that may match, ascending.
  [[nodiscard]] std::vector<std::size_t> candidates(std::string_view text) const;

 private:
  struct Word {
    std::string text;
    std::size_t pattern;
    std::uint8_t list;  ///< a bit for the list it stands in
    std::int32_t next;
  };
  static constexpr std::size_t kBuckets = 4096;

  std::array<std::vector<std::int32_t>, 3> buckets_;  // by the word's first one, two and three characters
  std::vector<Word> words_;
  std::vector<std::uint8_t> wanted_;  // a pattern's lists, a bit each; 0: it may match anything
};

}  // namespace caveat
