// A pattern that is compiled when it is first needed.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace caveat {

struct TextSpan {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] bool covers(TextSpan other) const { return begin <= other.begin && other.end <= end; }
};

/// Matching is const and thread-safe.
class LazyPattern {
 public:
  explicit LazyPattern(std::string pattern);
  ~LazyPattern();
  LazyPattern(const LazyPattern&) = delete;
  LazyPattern& operator=(const LazyPattern&) = delete;

  /// Why the pattern does not compile; empty when it does.
  [[nodiscard]] std::string error() const;
  /// The first match from `from` on that is not empty. None when the pattern does not compile.
  [[nodiscard]] std::optional<TextSpan> first(std::string_view text, std::size_t from = 0) const;
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  [[nodiscard]] const re2::RE2& compiled() const;

  std::string pattern_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<const re2::RE2> compiled_;
};

}  // namespace caveat
