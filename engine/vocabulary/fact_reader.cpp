// Reads fact declarations: `[fact.NAME]` of a pack, `[derived.NAME]` of a plugin's manifest.
#include "base/quote.hpp"
#include "base/table_reader.hpp"
#include "vocabulary/binding_reader.hpp"
#include "vocabulary/fact_name.hpp"
#include "vocabulary/toml_number.hpp"
#include "vocabulary/vocabulary.hpp"

#include <algorithm>
#include <set>

namespace caveat {

namespace {

bool is_language_code(std::string_view code) {
  return code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

void add_text(Text& text, std::string_view language, const TomlValue& value, Diagnostics& diagnostics) {
  const auto words = value.string();
  if (!words) {
    diagnostics.error("wrong-type", value.place(),
                      "a text must be a string, not " + std::string(describe(value.type())));
  } else if (words->find_first_not_of(" \t\r\n") == std::string_view::npos) {
    diagnostics.error("empty-value", value.place(), "this text is empty", "write the text, or remove the key");
  } else {
    text.by_language.emplace_back(std::string(language), std::string(*words));
  }
}

class FactReader {
 public:
  FactReader(const TomlEntry& entry, std::string_view language, bool derived, Diagnostics& diagnostics,
             std::span<ValueSet> sets)
      : entry_(entry),
        language_(language),
        diagnostics_(diagnostics),
        sets_(sets),
        table_(entry.value, entry.key_place, "fact " + in_backticks(entry.key), diagnostics) {
    fact_.name = entry.key;
    fact_.place = entry.key_place;
    fact_.derived = derived;
  }

  std::optional<FactDeclaration> read() {
    const std::size_t errors_before = diagnostics_.errors();
    check_fact_name(fact_.name, entry_.key_place, diagnostics_);
    const bool typed = read_type();
    read_texts();
    if (typed) read_what_the_type_allows();
    read_validity();
    read_fhir(typed);
    read_inputs();
    table_.refuse_others();
    if (diagnostics_.errors() != errors_before) return std::nullopt;
    return std::move(fact_);
  }

 private:
  bool read_type() {
    const TomlValue* value = table_.value("type");
    if (value == nullptr) {
      diagnostics_.error("missing-key", entry_.key_place, "fact " + in_backticks(fact_.name) + " has no `type`",
                         "one of " + types());
      return false;
    }
    const auto name = value->string();
    const auto type = name ? parse_fact_type(*name) : std::nullopt;
    if (!type) {
      const std::string what = name ? in_backticks(*name) : std::string(describe(value->type()));
      diagnostics_.error("unknown-type", value->place(), what + " is not a type of fact", "one of " + types());
      return false;
    }
    fact_.type = *type;
    return true;
  }

  static std::string types() { return "boolean, integer, decimal, quantity, choice, choices, date"; }

  [[nodiscard]] bool is(FactType a) const { return fact_.type == a; }
  [[nodiscard]] bool is_number() const {
    return is(FactType::kInteger) || is(FactType::kDecimal) || is(FactType::kQuantity);
  }
  [[nodiscard]] bool is_choice() const { return is(FactType::kChoice) || is(FactType::kChoices); }

  void read_texts() {
    if (const TomlValue* label = table_.value("label", true))
      fact_.label = read_text_table(*label, language_, diagnostics_);
    if (const TomlValue* ask = table_.value("ask", !fact_.derived))
      fact_.ask = read_text_table(*ask, language_, diagnostics_);
  }

  void read_what_the_type_allows() {
    read_bounds();
    read_unit();
    read_values();
    read_value_names();
  }

  // Reports a key that has no meaning for the fact's type. Reading it keeps it out of the unknown ones.
  const TomlValue* allowed_value(std::string_view key, bool allowed, bool required, std::string_view owners) {
    const TomlValue* value = table_.value(key, allowed && required);
    if (value == nullptr || allowed) return value;
    diagnostics_.error(
        "misplaced-key", value->place(),
        "`" + std::string(key) + "` has no meaning for a fact of type `" + std::string(to_string(fact_.type)) + "`",
        "it is for " + std::string(owners));
    return nullptr;
  }

  void read_bounds() {
    for (const std::string_view key : {"min", "max"}) {
      const TomlValue* value = allowed_value(key, is_number() || is(FactType::kDate), false, "numbers and dates");
      if (value == nullptr) continue;
      if (is(FactType::kDate)) {
        read_date_bound(key, *value);
      } else {
        read_number_bound(key, *value);
      }
    }
    const bool inverted = (fact_.min && fact_.max && *fact_.max < *fact_.min) ||
                          (fact_.earliest && fact_.latest && later(*fact_.earliest, *fact_.latest));
    if (inverted) {
      diagnostics_.error("empty-range", table_.value("max")->place(), "`max` is below `min`: no value is allowed",
                         "exchange them");
    }
  }

  static bool later(const Date& a, const Date& b) { return days_from_civil(a) > days_from_civil(b); }

  void read_number_bound(std::string_view key, const TomlValue& value) {
    const auto number = exact_number(value);
    const bool fits = number && (!is(FactType::kInteger) || number->whole().has_value());
    if (!fits)
      return table_.wrong_type(key, value, is(FactType::kInteger) ? "a whole number" : "a number without exponent");
    (key == "min" ? fact_.min : fact_.max) = *number;
  }

  void read_date_bound(std::string_view key, const TomlValue& value) {
    const auto date = value.is(TomlType::kDate) ? parse_date(value.source_text()) : std::nullopt;
    if (!date) return table_.wrong_type(key, value, "a date such as 1900-01-01");
    (key == "min" ? fact_.earliest : fact_.latest) = *date;
  }

  void read_unit() {
    const TomlValue* value = allowed_value("unit", is(FactType::kQuantity), true, "facts of type `quantity`");
    if (value == nullptr) return;
    const auto unit = value->string();
    if (!unit) return table_.wrong_type("unit", *value, "a string");
    if (!is_unit(*unit)) {
      diagnostics_.error("unknown-unit", value->place(), in_backticks(*unit) + " is not a UCUM unit",
                         "for example `mg`, `kg`, `mm[Hg]`, `/min`, `Cel`, `a` (years), `1` (none)");
    }
    fact_.unit = *unit;
  }

  void read_values() {
    const TomlValue* value = allowed_value("values", is_choice(), true, "facts of type `choice` and `choices`");
    if (value == nullptr) return;
    if (!value->is(TomlType::kArray)) return table_.wrong_type("values", *value, "a list of strings");
    for (const TomlValue& element : value->elements()) read_value(element);
    if (value->elements().empty()) {
      diagnostics_.error("empty-value", value->place(), "`values` is empty", "list what the fact may be");
    }
    if (is(FactType::kChoices) && value->elements().size() > FactDeclaration::kChoicesMax) {
      diagnostics_.error(
          "too-many-values", value->place(),
          "a fact of type `choices` has more than " + std::to_string(FactDeclaration::kChoicesMax) + " values",
          "split it into several facts");
    }
  }

  void read_value(const TomlValue& element) {
    const auto text = element.string();
    if (!text) return table_.wrong_type("values", element, "a list of strings");
    if (text->empty()) {
      diagnostics_.error("empty-value", element.place(), "a value is empty");
    } else if (fact_.value_index(*text)) {
      diagnostics_.error("duplicate-value", element.place(),
                         "value " + in_backticks(*text) + " is listed a second time");
    } else {
      fact_.values.emplace_back(*text);
    }
  }

  void read_value_names() {
    const TomlValue* value = allowed_value("names", is_choice(), false, "facts of type `choice` and `choices`");
    if (value == nullptr) return;
    if (!value->is(TomlType::kTable)) return table_.wrong_type("names", *value, "a table from values to texts");
    fact_.names.resize(fact_.values.size());
    for (const TomlEntry& entry : value->entries()) {
      const auto index = fact_.value_index(entry.key);
      const Text name = read_text_table(entry.value, language_, diagnostics_);
      if (index) {
        fact_.names[*index] = name;
      } else {
        diagnostics_.error("unknown-value", entry.key_place,
                           in_backticks(entry.key) + " is not one of the values of fact " + in_backticks(fact_.name),
                           nearest_or_all(entry.key, fact_.values));
      }
    }
  }

  static std::string nearest_or_all(std::string_view word, const std::vector<std::string>& all) {
    const std::string near = did_you_mean(word, all);
    return near.empty() ? "one of " + backticked_list(all) : near;
  }

  void read_validity() {
    const TomlValue* value = table_.value("valid_for");
    if (value == nullptr) return;
    const auto text = value->string();
    if (text) fact_.valid_for = parse_period(*text);
    if (!fact_.valid_for) {
      diagnostics_.error(
          "bad-period", value->place(),
          (text ? in_backticks(*text) : std::string(describe(value->type()))) + " is not a calendar period",
          "write `90 days`, `2 weeks`, `3 months` or `1 year`");
    }
  }

  void read_fhir(bool typed) {
    const TomlValue* value = table_.value("fhir");
    if (value == nullptr || !typed) return;
    if (fact_.derived) {
      diagnostics_.error("misplaced-key", value->place(), "a derived fact is computed and cannot be read from a record",
                         "bind the facts that it is computed from");
      return;
    }
    fact_.fhir = read_bindings(*value, fact_, sets_, diagnostics_);
  }

  void read_inputs() {
    if (!fact_.derived) return;
    fact_.reads = table_.strings("reads", true);
    const TomlValue* value = table_.value("reads");
    if (value != nullptr && fact_.reads.empty() && value->elements().empty()) {
      diagnostics_.error("empty-value", value->place(), "`reads` is empty", "name the facts that it is computed from");
    }
    std::set<std::string> seen;
    for (const std::string& name : fact_.reads) {
      if (!seen.insert(name).second) {
        diagnostics_.error("duplicate-value", value->place(), "`reads` names " + in_backticks(name) + " a second time");
      }
    }
  }

  const TomlEntry& entry_;
  std::string_view language_;
  Diagnostics& diagnostics_;
  std::span<ValueSet> sets_;
  TableReader table_;
  FactDeclaration fact_;
};

}  // namespace

std::optional<FactDeclaration> read_fact(const TomlEntry& entry, std::string_view language, bool derived,
                                         Diagnostics& diagnostics, std::span<ValueSet> sets) {
  if (!entry.value.is(TomlType::kTable)) {
    diagnostics.error(
        "wrong-type", entry.value.place(),
        "fact " + in_backticks(entry.key) + " must be a table, not " + std::string(describe(entry.value.type())),
        "write `[fact." + std::string(entry.key) + "]` and its keys below");
    return std::nullopt;
  }
  return FactReader(entry, language, derived, diagnostics, sets).read();
}

Text read_text_table(const TomlValue& value, std::string_view language, Diagnostics& diagnostics) {
  Text text;
  if (value.string()) {
    add_text(text, language, value, diagnostics);
  } else if (!value.is(TomlType::kTable)) {
    diagnostics.error("wrong-type", value.place(),
                      "a text must be a string or a table by language, not " + std::string(describe(value.type())),
                      "write `\"…\"` or `{ en = \"…\" }`");
  } else if (value.entries().empty()) {
    diagnostics.error("empty-value", value.place(), "a text without any language", "write `{ en = \"…\" }`");
  }
  for (const TomlEntry& entry : value.entries()) {
    if (is_language_code(entry.key)) {
      add_text(text, entry.key, entry.value, diagnostics);
    } else {
      diagnostics.error("bad-language", entry.key_place, in_backticks(entry.key) + " is not a language code",
                        "use two letters: `en`, `tr`");
    }
  }
  return text;
}

}  // namespace caveat
