// Collects diagnostics while a file or a pack is read, so that all its mistakes are reported at once.
#pragma once

#include <caveat/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class Diagnostics {
 public:
  void error(std::string_view code, Place place, std::string message, std::string help = {});
  void warning(std::string_view code, Place place, std::string message, std::string help = {});
  void note(std::string_view code, Place place, std::string message, std::string help = {});
  void add(Diagnostic diagnostic);
  void append(const std::vector<Diagnostic>& diagnostics);

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  [[nodiscard]] std::vector<Diagnostic> take();

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

/// `:line:column` after a file's name, without the parts that are absent.
void append_position(std::string& out, const Place& place);

/// The candidate nearest to `word` by edit distance, when it is near enough to be a likely slip; else empty.
/// Ties go to the earlier candidate.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean `x`?", or empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace caveat
