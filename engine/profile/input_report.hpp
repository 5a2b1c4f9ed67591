// Collects what is wrong with one profile's text. Places are worked out only when something is.
#pragma once

#include "base/diagnostics.hpp"
#include "base/text_file.hpp"
#include "profile/profile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caveat {

constexpr std::size_t kShortTextMax = 1000;  ///< bytes of an id or a source
constexpr std::size_t kMistakesMax = 1000;   ///< reported one by one; the rest is counted

class InputReport {
 public:
  /// `text` and `file` outlive the report.
  InputReport(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  [[nodiscard]] Place place(std::size_t offset);
  void error(std::string_view code, std::size_t offset, std::string message, std::string help = {});
  void warning(std::string_view code, std::size_t offset, std::string message, std::string help = {});
  void add(Diagnostic diagnostic);

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }
  /// Everything reported, in the order of the text.
  [[nodiscard]] std::vector<Diagnostic> take();

 private:
  std::string_view text_;
  const std::string& file_;
  std::optional<LineIndex> index_;
  Diagnostics diagnostics_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

}  // namespace caveat
