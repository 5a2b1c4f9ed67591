#include "base/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace caveat {

namespace {

std::string_view level_name(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kError: return "error";
    case DiagnosticLevel::kWarning: return "warning";
    case DiagnosticLevel::kNote: break;
  }
  return "note";
}

// Damerau's restricted distance: a slip of two neighbouring letters counts once.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + swap});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

void append_position(std::string& out, const Place& place) {
  std::array<char, 10> digits{};
  const auto number = [&](std::uint32_t value) {
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  };
  if (place.line == 0) return;
  if (!out.empty()) out += ':';
  number(place.line);
  if (place.column == 0) return;
  out += ':';
  number(place.column);
}

std::string to_string(const Place& place) {
  std::string out = place.file;
  append_position(out, place);
  return out;
}

std::string to_string(const Diagnostic& diagnostic) {
  std::string out = to_string(diagnostic.place);
  if (!out.empty()) out += ": ";
  out += level_name(diagnostic.level);
  out += ": " + diagnostic.message;
  if (!diagnostic.code.empty()) out += " [" + diagnostic.code + "]";
  if (!diagnostic.help.empty()) out += "\n  help: " + diagnostic.help;
  return out;
}

void Diagnostics::error(std::string_view code, Place place, std::string message, std::string help) {
  add({DiagnosticLevel::kError, std::string(code), std::move(place), std::move(message), std::move(help)});
}

void Diagnostics::warning(std::string_view code, Place place, std::string message, std::string help) {
  add({DiagnosticLevel::kWarning, std::string(code), std::move(place), std::move(message), std::move(help)});
}

void Diagnostics::note(std::string_view code, Place place, std::string message, std::string help) {
  add({DiagnosticLevel::kNote, std::string(code), std::move(place), std::move(message), std::move(help)});
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.level == DiagnosticLevel::kError) ++errors_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::append(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) add(diagnostic);
}

std::vector<Diagnostic> Diagnostics::take() {
  errors_ = 0;
  return std::exchange(all_, {});
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kWordMax = 100;
  if (word.size() > kWordMax) return {};
  const std::size_t near_enough = std::max<std::size_t>(1, word.size() / 3);
  std::string best;
  std::size_t best_distance = near_enough + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? std::string() : "did you mean `" + best + "`?";
}

}  // namespace caveat
