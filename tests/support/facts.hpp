// A small vocabulary with a fact of every type, and its profiles.
#pragma once

#include "profile/profile.hpp"
#include "support/catch.hpp"

namespace caveat::support {

inline Vocabulary vocabulary_from(const std::string& toml, bool derived = false) {
  const auto document = TomlDocument::parse(toml, "facts.toml", ErrorKind::kLoad);
  if (!document) FAIL(to_string(document.error().diagnostics.front()));
  Vocabulary vocabulary;
  Diagnostics diagnostics;
  std::vector<ValueSet> sets;
  if (const TomlValue* tables = document->root().find("value_set")) read_value_sets(*tables, sets, diagnostics);
  for (const auto& [key, is_derived] : {std::pair{"fact", false}, std::pair{"derived", true}}) {
    const TomlValue* table = document->root().find(key);
    if (table == nullptr || (is_derived && !derived)) continue;
    for (const TomlEntry& entry : table->entries()) {
      auto fact = read_fact(entry, "en", is_derived, diagnostics, sets);
      if (fact) vocabulary.declare(*std::move(fact), diagnostics);
    }
  }
  for (const Diagnostic& diagnostic : diagnostics.all()) FAIL(to_string(diagnostic));
  return vocabulary;
}

inline const Vocabulary& every_type() {
  static const Vocabulary vocabulary = vocabulary_from(R"(
[fact.pregnant]
type = "boolean"
label = "Pregnancy"
ask = "Are you pregnant?"
[fact.breastfeeding]
type = "boolean"
label = "Breastfeeding"
ask = "Do you breastfeed?"
[fact.age]
type = "integer"
min = 0
max = 130
label = "Age"
ask = "How old are you?"
[fact.temperature]
type = "decimal"
min = 30
max = 45.5
label = "Temperature"
ask = "?"
[fact.last_dose]
type = "quantity"
unit = "mg"
min = 0
max = 500
label = "Dose"
ask = "?"
[fact.skin_type]
type = "choice"
values = ["I", "II", "III", "IV", "V", "VI"]
label = "Skin type"
ask = "?"
[fact.smoking]
type = "choice"
values = ["never", "former", "current", "unknown"]
label = "Smoking"
ask = "?"
[fact.concerns]
type = "choices"
values = ["dullness", "fine-lines", "enlarged-pores"]
label = "Concerns"
ask = "?"
[fact.birth_date]
type = "date"
min = 1900-01-01
max = 2100-12-31
label = "Birth date"
ask = "?"
[derived.bmi]
type = "decimal"
label = "BMI"
reads = ["age", "temperature"]
)",
                                                       true);
  return vocabulary;
}

/// `code@line:column` of every diagnostic of a failed reading; empty when it succeeded.
inline std::string problems(const Result<ProfileData>& profile) {
  if (profile) return {};
  CHECK(profile.error().kind == ErrorKind::kInput);
  CHECK_FALSE(profile.error().diagnostics.empty());
  std::string out;
  for (const Diagnostic& diagnostic : profile.error().diagnostics) {
    CHECK_FALSE(diagnostic.message.empty());
    out += (out.empty() ? "" : " ") + diagnostic.code;
    if (diagnostic.place.line > 0) {
      out += "@" + std::to_string(diagnostic.place.line) + ":" + std::to_string(diagnostic.place.column);
    }
  }
  return out;
}

}  // namespace caveat::support
