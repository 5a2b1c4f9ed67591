// Negations and the words they reach. A negation makes a claim honest only when every word between the two carries it.
#pragma once

#include "wording/lexicon.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class Negation {
 public:
  explicit Negation(const LexiconNegation& rules) : rules_(rules) {}

  /// Whether a negation in `before` (the sentence up to the claim) reaches the claim. `extra` carries besides.
  [[nodiscard]] bool reaches_forward(std::string_view before, const std::vector<std::string>& extra) const;
  /// Whether a word after the claim negates it, as verbs do at the end of a Turkish clause.
  [[nodiscard]] bool reaches_back(std::string_view after) const;
  /// Whether two negations share a clause of `text`, counting from the clause of `from`.
  [[nodiscard]] bool twice(std::string_view text, std::size_t from) const;
  /// Whether the last clause of `text` has a negation.
  [[nodiscard]] bool in_last_clause(std::string_view text) const;

 private:
  [[nodiscard]] std::optional<std::size_t> bound_head(std::string_view before,
                                                      const std::vector<std::string>& extra) const;
  [[nodiscard]] std::optional<std::size_t> reported(std::string_view before) const;
  [[nodiscard]] std::optional<std::size_t> coordinated(std::string_view before) const;

  const LexiconNegation& rules_;
};

}  // namespace caveat
