// Page: paragraphs set in a column of a terminal. Width is counted in code points; control characters that a text
// brings along are shown as U+FFFD, so that no text can steer the terminal.
#pragma once

#include <string>
#include <string_view>

namespace caveat {

class Page {
 public:
  explicit Page(std::size_t width) : width_(width < kWidthMin ? kWidthMin : width) {}

  /// Sets `text` from column `indent` on; further lines begin `hanging` columns further in.
  void paragraph(std::size_t indent, std::string_view text, std::size_t hanging = 0);
  void blank() { out_ += '\n'; }
  void rule();

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kWidthMin = 40;
  std::size_t width_;
  std::string out_;
};

}  // namespace caveat
