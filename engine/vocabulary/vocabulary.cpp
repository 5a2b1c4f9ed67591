#include "vocabulary/vocabulary.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace caveat {

namespace {

constexpr std::array<std::string_view, 7> kFactTypes = {"boolean", "integer", "decimal", "quantity",
                                                        "choice",  "choices", "date"};

// The first key in which two declarations of one fact differ in a way that changes what its values mean.
std::string_view difference(const FactDeclaration& a, const FactDeclaration& b) {
  if (a.type != b.type) return "type";
  if (a.min != b.min || a.earliest != b.earliest) return "min";
  if (a.max != b.max || a.latest != b.latest) return "max";
  if (a.unit != b.unit) return "unit";
  if (a.values != b.values) return "values";
  if (a.fhir != b.fhir) return "fhir";
  if (a.derived != b.derived || a.plugin != b.plugin) return "plugin";
  return a.reads != b.reads ? "reads" : std::string_view{};
}

}  // namespace

std::string_view to_string(FactType type) { return kFactTypes[static_cast<std::size_t>(type)]; }

std::optional<FactType> parse_fact_type(std::string_view name) {
  const auto found = std::find(kFactTypes.begin(), kFactTypes.end(), name);
  if (found == kFactTypes.end()) return std::nullopt;
  return static_cast<FactType>(found - kFactTypes.begin());
}

std::string_view Text::in(std::string_view language) const {
  if (by_language.empty()) return {};
  const auto found =
      std::find_if(by_language.begin(), by_language.end(), [&](const auto& entry) { return entry.first == language; });
  return found == by_language.end() ? by_language.front().second : found->second;
}

std::optional<Period> parse_period(std::string_view text) {
  constexpr std::int64_t kAmountMax = 9999;
  Period period;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), period.amount);
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (error != std::errc() || period.amount < 1 || period.amount > kAmountMax || !text.starts_with(' '))
    return std::nullopt;
  text.remove_prefix(1);
  const std::optional<Precision> unit = calendar_unit(text);
  if (!unit || *unit > Precision::kDay) return std::nullopt;
  period.unit = *unit;
  return period;
}

std::string to_string(const Period& period) {
  return std::to_string(period.amount) + ' ' + std::string(to_string(period.unit)) + (period.amount == 1 ? "" : "s");
}

std::optional<std::uint32_t> FactDeclaration::value_index(std::string_view value) const {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - values.begin());
}

namespace {

std::string meaning(const FactDeclaration& fact) {
  std::string out = fact.name + '\n' + std::string(to_string(fact.type)) + '\n' + fact.unit + '\n';
  for (const std::string& value : fact.values) out += value + '\t';
  return out;
}

}  // namespace

FactId Vocabulary::declare(FactDeclaration declaration, Diagnostics& diagnostics) {
  if (const auto known = find(declaration.name)) {
    const FactDeclaration& first = facts_[*known];
    if (const std::string_view key = difference(first, declaration); !key.empty()) {
      diagnostics.error("fact-redeclared", declaration.place,
                        "fact `" + declaration.name + "` is already declared at " + to_string(first.place) +
                            ", with another `" + std::string(key) + "`",
                        "declarations of one fact may differ only in their texts and `valid_for`");
    }
    return *known;
  }
  const auto id = static_cast<FactId>(facts_.size());
  by_name_.emplace(declaration.name, id);
  fingerprint_ = sha256(fingerprint_ + meaning(declaration));
  fhir_.add(id, declaration.fhir);
  facts_.push_back(std::move(declaration));
  return id;
}

std::optional<FactId> Vocabulary::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Vocabulary::names() const {
  std::vector<std::string> out;
  out.reserve(facts_.size());
  for (const FactDeclaration& fact : facts_) out.push_back(fact.name);
  return out;
}

}  // namespace caveat
