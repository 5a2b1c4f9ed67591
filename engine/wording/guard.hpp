// The wording guard: what an advisory must not say. Text in, verdict out. docs/formats/wording-lexicon.md.
#pragma once

#include "base/diagnostics.hpp"
#include "base/source_file.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// What a text is for: entries of a lexicon may govern only some roles and fields.
struct TextUse {
  std::string_view role;   ///< `bars`, `suggests`, `informs`; empty: any role (the strictest reading)
  std::string_view field;  ///< `title`, `says`, `why`, …; empty: any field (the strictest reading)
};

/// One thing found in a text that must not be said.
struct Refusal {
  std::string category;            ///< `promise`, `permanence`, `fixed-timeline`, …
  std::string entry;               ///< the lexicon entry's id
  std::string reason;              ///< the entry's reason, in the lexicon's language
  std::size_t begin = 0, end = 0;  ///< byte range in the text as given
};

/// One lexicon entry's own proof: a text that must be refused and one that must pass.
struct LexiconExample {
  std::string entry;
  std::string category;
  std::string refused;
  std::string passes;
  Place place;
};

/// Immutable; checking is const and thread-safe. A lexicon that is proven as it is gets read when it is first asked.
class Guard {
 public:
  /// Loads every `<language>.toml` of a folder. Errors are kLoad, all at once. Entries' own examples are run at load:
  /// a lexicon that fails its own examples does not load.
  static Result<Guard> load(const std::filesystem::path& folder);

  [[nodiscard]] bool knows(std::string_view language) const;
  [[nodiscard]] std::vector<std::string> languages() const;  ///< sorted
  /// All refusals, by place. Empty: it may be said. A language without a lexicon refuses everything (category
  /// `no-lexicon`); text that is not UTF-8 is refused (category `not-text`).
  [[nodiscard]] std::vector<Refusal> check(std::string_view text, std::string_view language, TextUse use = {}) const;
  [[nodiscard]] std::vector<LexiconExample> examples(std::string_view language) const;
  /// Whether the lexicons' folder lists `file_text`, byte for byte, among the files whose texts these very lexicons let
  /// pass (`proven.sha256`). Its texts need not be put to the guard again.
  [[nodiscard]] bool proven(std::string_view file_text) const;
  /// The lexicons as they were read, and the list of what is proven: by name.
  [[nodiscard]] const std::vector<SourceFile>& files() const;

  Guard(Guard&&) noexcept;
  Guard& operator=(Guard&&) noexcept;
  ~Guard();

 private:
  struct Impl;
  explicit Guard(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
