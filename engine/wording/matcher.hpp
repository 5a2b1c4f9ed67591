// A lexicon at work: finds the claims of one language in a folded text and judges whether they stand.
#pragma once

#include "wording/fold.hpp"
#include "wording/guard.hpp"
#include "wording/lexicon.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace caveat {

/// Finding is const and thread-safe. Patterns are compiled when a text first calls for them.
class Matcher {
 public:
  explicit Matcher(Lexicon lexicon);
  ~Matcher();
  Matcher(Matcher&&) noexcept;

  [[nodiscard]] const Lexicon& lexicon() const;
  /// Compiles every pattern and reports each that is wrong, with its place.
  void compile_all(Diagnostics& diagnostics) const;
  /// Appends the claims of `text` that nothing makes honest.
  void find(const FoldedText& text, TextUse use, std::vector<Refusal>& refusals) const;
  /// Appends the words of claims that are cut by spaces in `squeezed`.
  void find_split(const FoldedText& squeezed, TextUse use, std::vector<Refusal>& refusals) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
