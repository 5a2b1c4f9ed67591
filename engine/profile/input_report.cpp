#include "profile/input_report.hpp"

#include <algorithm>

namespace caveat {

Place InputReport::place(std::size_t offset) {
  if (!index_) index_.emplace(text_);
  return index_->place(offset, file_);
}

void InputReport::error(std::string_view code, std::size_t offset, std::string message, std::string help) {
  if (errors_++ < kMistakesMax) {
    diagnostics_.error(code, place(offset), std::move(message), std::move(help));
  }
}

void InputReport::warning(std::string_view code, std::size_t offset, std::string message, std::string help) {
  ++warnings_;
  diagnostics_.warning(code, place(offset), std::move(message), std::move(help));
}

void InputReport::add(Diagnostic diagnostic) {
  if (diagnostic.level == DiagnosticLevel::kError && errors_++ >= kMistakesMax) return;
  diagnostics_.add(std::move(diagnostic));
}

std::vector<Diagnostic> InputReport::take() {
  std::vector<Diagnostic> out = diagnostics_.take();
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.place.line != b.place.line ? a.place.line < b.place.line : a.place.column < b.place.column;
  });
  if (errors_ > kMistakesMax) {
    out.push_back({DiagnosticLevel::kError,
                   "more-mistakes",
                   {file_, 0, 0},
                   "and " + std::to_string(errors_ - kMistakesMax) + " more mistakes",
                   {}});
  }
  return out;
}

}  // namespace caveat
