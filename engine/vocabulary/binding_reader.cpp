// What a binding may say depends on two things, the resource and the fact's type. Each key is read by one function,
// which knows for which of both it has a meaning; bindings are then compared with each other.
#include "vocabulary/binding_reader.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

bool is_number(FactType type) {
  return type == FactType::kInteger || type == FactType::kDecimal || type == FactType::kQuantity;
}

bool is_choice(FactType type) { return type == FactType::kChoice || type == FactType::kChoices; }

class BindingReader {
 public:
  BindingReader(const TomlValue& value, const FactDeclaration& fact, std::span<ValueSet> sets, Diagnostics& diagnostics)
      : value_(value),
        fact_(fact),
        sets_(sets),
        diagnostics_(diagnostics),
        table_(value, value.place(), "a `fhir` binding of " + in_backticks(fact.name), diagnostics) {}

  FhirBinding read() {
    const bool known = read_resource();
    out_.cite = table_.string("cite", true);  // every shipped code says where it was found
    if (!known) return std::move(out_);
    read_codes();
    read_element();
    read_item();
    read_value();
    read_meaning();
    read_unit();
    read_list_keys();
    table_.refuse_others();
    check_fit();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is(FhirType type) const { return out_.resource == type; }
  [[nodiscard]] bool answers() const { return is(FhirType::kObservation) || is(FhirType::kQuestionnaireResponse); }
  [[nodiscard]] bool coded() const { return is(FhirType::kObservation) || is_listed(out_.resource); }

  bool read_resource() {
    const std::string name = table_.string("resource", true);
    const auto type = parse_fhir_type(name);
    if (type) out_.resource = *type;
    if (type || name.empty()) return type.has_value();
    const std::string near = did_you_mean(name, fhir_type_names());
    diagnostics_.error("unknown-resource", table_.value("resource")->place(),
                       "no fact can be read from a resource " + in_backticks(name),
                       near.empty() ? "one of " + backticked_list(fhir_type_names()) : near);
    return false;
  }

  // Reports a key that has no meaning for the resource. Reading it keeps it out of the unknown ones.
  const TomlValue* allowed(std::string_view key, bool allowed, bool required = false) {
    const TomlValue* value = table_.value(key, allowed && required);
    if (value == nullptr || allowed) return value;
    diagnostics_.error("misplaced-key", value->place(),
                       "`" + std::string(key) + "` has no meaning for a binding to " +
                           in_backticks(to_string(out_.resource)) + " of a fact of type `" +
                           std::string(to_string(fact_.type)) + "`",
                       "remove it");
    return nullptr;
  }

  std::string text(std::string_view key, bool is_allowed, bool required = false) {
    return allowed(key, is_allowed, required) == nullptr ? std::string() : table_.string(key);
  }

  std::string code(std::string_view key, bool is_allowed, bool required = false) {
    std::string out = text(key, is_allowed, required);
    if (!out.empty() && !check_code(out, table_.value(key)->place(), diagnostics_)) out.clear();
    return out;
  }

  void read_codes() {
    const TomlValue* set = allowed("value_set", coded());
    const std::string one = code("code", coded(), set == nullptr);
    if (!one.empty()) out_.codes.push_back(one);
    out_.component = code("component", is(FhirType::kObservation));
    if (set == nullptr) return;
    if (table_.value("code") != nullptr) {
      diagnostics_.error("contradiction", set->place(), "a binding has both `code` and `value_set`",
                         "keep one of the two");
    }
    out_.value_set = table_.string("value_set");
    const auto named = [&](const ValueSet& each) { return each.url == out_.value_set; };
    const auto found = std::find_if(sets_.begin(), sets_.end(), named);
    if (found == sets_.end()) return refuse_value_set(*set);
    found->used = true;
    out_.codes = found->codes;
  }

  void refuse_value_set(const TomlValue& set) {
    std::vector<std::string> urls;
    for (const ValueSet& each : sets_) urls.push_back(each.url);
    const std::string near = did_you_mean(out_.value_set, urls);
    diagnostics_.error("unknown-value-set", set.place(), "the pack has no value set " + in_backticks(out_.value_set),
                       near.empty() ? "write its codes out in a `[[value_set]]`" : near);
  }

  void read_element() {
    static const std::vector<std::string> elements = {"birthDate", "gender"};
    out_.element = text("element", is(FhirType::kPatient), true);
    if (out_.element.empty()) return;
    if (std::find(elements.begin(), elements.end(), out_.element) != elements.end()) return;
    diagnostics_.error("unknown-element", table_.value("element")->place(),
                       "no fact can be read from the element " + in_backticks(out_.element) + " of a Patient",
                       "one of " + backticked_list(elements));
  }

  void read_item() {
    const bool form = is(FhirType::kQuestionnaireResponse);
    out_.questionnaire = text("questionnaire", form, true);
    out_.link_id = text("link_id", form, true);
  }

  void read_value() {
    const bool takes = answers() || (is(FhirType::kPatient) && out_.element == "gender");
    const bool needs = takes && (is_choice(fact_.type) || is(FhirType::kPatient));
    out_.value = code("value", takes && !is_number(fact_.type) && fact_.type != FactType::kDate, needs);
  }

  void read_meaning() {
    const bool has = fact_.type == FactType::kBoolean || is_choice(fact_.type);
    const bool needs = (is_choice(fact_.type) && !is(FhirType::kPatient)) || !out_.value.empty();
    const TomlValue* value = allowed("means", has && out_.element != "birthDate", has && needs);
    if (value == nullptr) {
      // Being listed, or an answer of yes, is what "means" would say.
      if (fact_.type == FactType::kBoolean && out_.value.empty()) out_.meaning = true;
      return;
    }
    const auto text = value->string();
    const auto index = text ? fact_.value_index(*text) : std::nullopt;
    if (text == "unknown" && !index && !out_.value.empty()) {
      out_.means_unknown = true;
    } else if (fact_.type == FactType::kBoolean) {
      read_truth(*value);
    } else if (index) {
      out_.meaning = Choice{*index};
    } else {
      refuse_meaning(*value);
    }
  }

  void read_truth(const TomlValue& value) {
    if (const auto truth = value.boolean()) {
      out_.meaning = *truth;
    } else {
      table_.wrong_type("means", value, out_.value.empty() ? "`true` or `false`" : "`true`, `false` or \"unknown\"");
    }
  }

  void refuse_meaning(const TomlValue& value) {
    const auto text = value.string();
    if (!text) return table_.wrong_type("means", value, "one of the fact's values");
    const std::string near = did_you_mean(*text, fact_.values);
    diagnostics_.error("unknown-value", value.place(),
                       in_backticks(*text) + " is not one of the values of fact " + in_backticks(fact_.name),
                       near.empty() ? "one of " + backticked_list(fact_.values) : near);
  }

  void read_unit() {
    out_.unit = text("unit", answers() && is_number(fact_.type));
    if (out_.unit.empty()) return;
    const Place place = table_.value("unit")->place();
    if (!is_unit(out_.unit)) {
      diagnostics_.error("unknown-unit", place, in_backticks(out_.unit) + " is not a UCUM unit");
    } else if (fact_.type == FactType::kQuantity && is_unit(fact_.unit) && !comparable(out_.unit, fact_.unit)) {
      diagnostics_.error("inconvertible-unit", place,
                         in_backticks(out_.unit) + " cannot be converted to " + in_backticks(fact_.unit) +
                             ", the unit of fact " + in_backticks(fact_.name));
    }
  }

  // `tense`, `complete` and `partial` speak of lists. Elsewhere they would say nothing: a warning, since a `complete =
  // false` that is written out everywhere is harmless.
  void read_list_keys() {
    const std::string tense = table_.string("tense");
    out_.complete = table_.boolean("complete").value_or(false);
    out_.partial = table_.boolean("partial").value_or(false);
    if (tense == "history") out_.tense = FhirTense::kHistory;
    if (!tense.empty() && tense != "history" && tense != "state") {
      diagnostics_.error("unknown-tense", table_.value("tense")->place(), in_backticks(tense) + " is not a tense",
                         "`state` (resolved means no) or `history` (resolved still counts)");
    }
    if (is_listed(out_.resource)) return check_list_keys();
    if (out_.complete || out_.partial) {
      diagnostics_.error("misplaced-key", table_.value(out_.complete ? "complete" : "partial")->place(),
                         "only a list of conditions, allergies or medications can be complete or partial", "remove it");
    } else if (!tense.empty()) {
      diagnostics_.warning("misplaced-key", table_.value("tense")->place(),
                           "`tense` has no meaning for " + in_backticks(to_string(out_.resource)), "remove it");
    }
  }

  void check_list_keys() {
    if (!out_.complete) return;
    const Place place = table_.value("complete")->place();
    if (out_.partial) {
      diagnostics_.error("contradiction", place, "a list of a part of the fact cannot be complete for all of it",
                         "remove `complete` or `partial`");
    } else if (fact_.type == FactType::kChoice || out_.meaning == FactValue(false)) {
      diagnostics_.error("contradiction", place, "absence from this list does not say what the fact is",
                         "`complete` goes with `means = true`, or with a fact of type `choices`");
    }
  }

  void check_fit() {
    const FactType type = fact_.type;
    bool fits = true;
    if (out_.element == "birthDate") fits = type == FactType::kInteger || type == FactType::kDate;
    if (out_.element == "gender") fits = type == FactType::kBoolean || type == FactType::kChoice;
    if (is_listed(out_.resource)) fits = type == FactType::kBoolean || is_choice(type);
    if (is(FhirType::kObservation)) fits = type != FactType::kChoices;
    if (fits) return;
    const std::string from = out_.element.empty() ? std::string(to_string(out_.resource)) : "Patient." + out_.element;
    diagnostics_.error(
        "binding-type", value_.place(),
        "a fact of type `" + std::string(to_string(type)) + "` cannot be read from " + in_backticks(from),
        help_for_type());
  }

  [[nodiscard]] std::string help_for_type() const {
    if (out_.element == "birthDate") return "`integer` (completed years) or `date`";
    if (is(FhirType::kObservation)) return "one observation has one value: a set is read from a questionnaire's item";
    return "`boolean` or `choice`";
  }

  const TomlValue& value_;
  const FactDeclaration& fact_;
  std::span<ValueSet> sets_;
  Diagnostics& diagnostics_;
  TableReader table_;
  FhirBinding out_;
};

bool share_code(const FhirBinding& a, const FhirBinding& b) {
  return std::any_of(a.codes.begin(), a.codes.end(), [&](const std::string& code) {
    return std::find(b.codes.begin(), b.codes.end(), code) != b.codes.end();
  });
}

// Whether one resource, item or answer would be read by both.
bool read_the_same(const FhirBinding& a, const FhirBinding& b) {
  if (a.resource != b.resource || a.value != b.value) return false;
  if (a.resource == FhirType::kPatient) return a.element == b.element;
  if (a.resource == FhirType::kQuestionnaireResponse)
    return a.questionnaire == b.questionnaire && a.link_id == b.link_id;
  return a.component == b.component && share_code(a, b);
}

// Of the lists that a set is read from: what is absent must be known to be absent, or it would be read as not chosen.
void check_whole_sets(const TomlValue& list, const FactDeclaration& fact, const std::vector<FhirBinding>& bindings,
                      Diagnostics& diagnostics) {
  if (fact.type != FactType::kChoices) return;
  std::vector<bool> covered(fact.values.size(), false);
  bool any = false, complete = true;
  for (const FhirBinding& binding : bindings) {
    if (!is_listed(binding.resource)) continue;
    any = true;
    complete = complete && binding.complete;
    const auto* choice = binding.meaning ? std::get_if<Choice>(&*binding.meaning) : nullptr;
    if (choice != nullptr && choice->index < covered.size()) covered[choice->index] = true;
  }
  if (!any || (complete && std::find(covered.begin(), covered.end(), false) == covered.end())) return;
  diagnostics.error("incomplete-set", list.place(),
                    "the set " + in_backticks(fact.name) +
                        " is read from lists that are not complete: what they lack would be read as not chosen",
                    "bind every value, each with `complete = true`; or read it from a questionnaire's item");
}

// Absence counts only where every list that would give the value is complete.
void check_completeness(const TomlValue& list, const std::vector<FhirBinding>& bindings, Diagnostics& diagnostics) {
  const auto listed = [](const FhirBinding& binding) { return is_listed(binding.resource); };
  const auto complete = [](const FhirBinding& binding) { return binding.complete; };
  const auto open = [&](const FhirBinding& binding) { return listed(binding) && !binding.complete; };
  if (!std::any_of(bindings.begin(), bindings.end(), complete) || !std::any_of(bindings.begin(), bindings.end(), open))
    return;
  diagnostics.warning("mixed-complete", list.place(),
                      "`complete` has no effect: another list of the same fact is not complete",
                      "absence means no only where every list of the fact is complete");
}

}  // namespace

std::vector<FhirBinding> read_bindings(const TomlValue& list, const FactDeclaration& fact, std::span<ValueSet> sets,
                                       Diagnostics& diagnostics) {
  std::vector<FhirBinding> out;
  const auto elements = list.elements();
  const bool tables =
      std::all_of(elements.begin(), elements.end(), [](const TomlValue& e) { return e.is(TomlType::kTable); });
  if (!list.is(TomlType::kArray) || !tables) {
    diagnostics.error("wrong-type", list.place(),
                      "`fhir` must be a list of tables, not " + std::string(describe(list.type())));
    return out;
  }
  const std::size_t errors_before = diagnostics.errors();
  for (const TomlValue& element : elements) {
    FhirBinding binding = BindingReader(element, fact, sets, diagnostics).read();
    const auto same = [&](const FhirBinding& other) { return read_the_same(binding, other); };
    if (std::any_of(out.begin(), out.end(), same)) {
      diagnostics.error("duplicate-binding", element.place(),
                        "a second binding of " + in_backticks(fact.name) + " reads the same", "keep one of the two");
    }
    out.push_back(std::move(binding));
  }
  if (diagnostics.errors() != errors_before) return out;
  check_whole_sets(list, fact, out, diagnostics);
  if (fact.type != FactType::kChoices) check_completeness(list, out, diagnostics);
  return out;
}

}  // namespace caveat
