// Vocabulary: the facts that packs and plugins declare. Fact names are global in an engine. docs/formats/rule-pack.md.
#pragma once

#include "base/toml.hpp"
#include "vocabulary/fhir_index.hpp"
#include "vocabulary/value_set.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

std::string_view to_string(FactType type);  ///< `boolean`, `integer`, …
std::optional<FactType> parse_fact_type(std::string_view name);

/// One text in every language it was written in, in file order. A plain string is a text in the pack's first language.
struct Text {
  std::vector<std::pair<std::string, std::string>> by_language;
  [[nodiscard]] bool empty() const { return by_language.empty(); }
  /// In `language`, else in the first language. Empty when there is no text.
  [[nodiscard]] std::string_view in(std::string_view language) const;
};

/// A calendar period: `3 months`, `90 days`, `2 weeks`, `1 year`.
struct Period {
  std::int64_t amount = 0;
  Precision unit = Precision::kDay;  ///< year, month, week or day
  friend bool operator==(const Period&, const Period&) = default;
};
/// `N days`, `N weeks`, `N months`, `N years` (or singular), N from 1 to 9999.
std::optional<Period> parse_period(std::string_view text);
std::string to_string(const Period& period);

struct FactDeclaration {
  static constexpr std::size_t kChoicesMax = 64;  ///< values of a `choices` fact: one bit each

  std::string name;
  FactType type = FactType::kBoolean;
  Text label;
  Text ask;
  std::optional<Decimal> min, max;       ///< integer, decimal, quantity (in `unit`); both included
  std::optional<Date> earliest, latest;  ///< date; both included
  std::string unit;                      ///< quantity: a UCUM code
  std::vector<std::string> values;       ///< choice, choices
  std::vector<Text> names;               ///< what `values` are called, same order; empty texts where not given
  std::optional<Period> valid_for;
  std::vector<FhirBinding> fhir;
  Place place;

  // Derived facts (a plugin computes them).
  bool derived = false;
  std::string plugin;              ///< the plugin's id
  std::vector<std::string> reads;  ///< what it is computed from

  [[nodiscard]] std::optional<std::uint32_t> value_index(std::string_view value) const;
};

class Vocabulary {
 public:
  /// Adds a declaration. A second one of the same name must equal the first except for texts and `valid_for`;
  /// otherwise a diagnostic names both places. Returns the fact's id either way.
  FactId declare(FactDeclaration declaration, Diagnostics& diagnostics);

  [[nodiscard]] std::optional<FactId> find(std::string_view name) const;
  [[nodiscard]] const FactDeclaration& operator[](FactId id) const { return facts_[id]; }
  [[nodiscard]] std::size_t size() const { return facts_.size(); }
  [[nodiscard]] std::span<const FactDeclaration> all() const { return facts_; }
  [[nodiscard]] std::vector<std::string> names() const;
  /// A digest of what a value of each fact means, in the order of their ids: a profile read against one vocabulary can
  /// be used with another only when they are equal.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }
  /// The bindings of all facts.
  [[nodiscard]] const FhirIndex& fhir() const { return fhir_; }
  [[nodiscard]] const FhirBinding& operator[](BindingRef ref) const { return facts_[ref.fact].fhir[ref.binding]; }

 private:
  std::string fingerprint_;
  std::vector<FactDeclaration> facts_;
  std::map<std::string, FactId, std::less<>> by_name_;
  FhirIndex fhir_;
};

/// Reads one `[fact.NAME]` table (or a manifest's `[derived.NAME]`, with `derived` true: then `reads` is required).
/// All mistakes are reported; the declaration is usable only if none was added. `language` is the pack's first
/// language; `sets` are the value sets that its bindings may name, each marked when one does.
std::optional<FactDeclaration> read_fact(const TomlEntry& entry, std::string_view language, bool derived,
                                         Diagnostics& diagnostics, std::span<ValueSet> sets = {});

/// Reads a text: a string, or a table by language. Reports a wrong type, an empty text, or a language that is no
/// two-letter code.
Text read_text_table(const TomlValue& value, std::string_view language, Diagnostics& diagnostics);

/// A value as a person reads it: `yes`, `34`, `50 mg`, names of choices where given. `language` picks names and yes/no.
std::string display(const FactDeclaration& fact, const FactValue& value, std::string_view language);

}  // namespace caveat
