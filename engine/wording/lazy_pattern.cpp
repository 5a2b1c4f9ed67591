#include "wording/lazy_pattern.hpp"

#include <re2/re2.h>

namespace caveat {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // the folded alphabet is ASCII
  options.set_never_capture(true);
  options.set_log_errors(false);
  return options;
}

}  // namespace

LazyPattern::LazyPattern(std::string pattern) : pattern_(std::move(pattern)) {}
LazyPattern::~LazyPattern() = default;

const RE2& LazyPattern::compiled() const {
  std::call_once(once_, [this] { compiled_ = std::make_unique<const RE2>(pattern_, options()); });
  return *compiled_;
}

std::string LazyPattern::error() const { return compiled().ok() ? std::string() : compiled().error(); }

std::optional<TextSpan> LazyPattern::first(std::string_view text, std::size_t from) const {
  re2::StringPiece match;
  const re2::StringPiece piece(text.data(), text.size());
  if (!compiled().Match(piece, from, text.size(), RE2::UNANCHORED, &match, 1) || match.empty()) return std::nullopt;
  const auto begin = static_cast<std::size_t>(match.data() - text.data());
  return TextSpan{begin, begin + match.size()};
}

bool LazyPattern::matches(std::string_view text) const {
  return compiled().Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

}  // namespace caveat
