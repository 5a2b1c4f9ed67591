#include "listings/facts_json.hpp"

#include "base/json_writer.hpp"

namespace caveat::listings {

namespace {

class JsonFacts {
 public:
  JsonFacts(const Vocabulary& vocabulary, std::string_view language, std::string& out, bool indent)
      : vocabulary_(vocabulary), language_(language), json_(out, indent) {}

  void write(std::span<const FactId> facts) {
    json_.begin_object();
    json_.member("schema", "caveat.facts/1");
    json_.key("facts");
    json_.begin_array();
    for (const FactId fact : facts) write(vocabulary_[fact]);
    json_.end_array();
    json_.end_object();
  }

 private:
  void write(const FactDeclaration& fact) {
    json_.begin_object();
    json_.member("name", std::string_view(fact.name));
    json_.member("type", to_string(fact.type));
    write_text("label", fact.label);
    write_text("ask", fact.ask);
    if (fact.min) json_.member("min", std::string_view(fact.min->to_string()));
    if (fact.max) json_.member("max", std::string_view(fact.max->to_string()));
    if (fact.earliest) json_.member("earliest", std::string_view(to_string(*fact.earliest)));
    if (fact.latest) json_.member("latest", std::string_view(to_string(*fact.latest)));
    if (!fact.unit.empty()) json_.member("unit", std::string_view(fact.unit));
    if (!fact.values.empty()) write_values(fact);
    if (fact.valid_for) json_.member("valid_for", std::string_view(to_string(*fact.valid_for)));
    json_.member("derived", fact.derived);
    if (fact.derived) write_derivation(fact);
    if (!fact.fhir.empty()) write_bindings(fact);
    json_.end_object();
  }

  void write_text(const char* key, const Text& text) {
    if (!text.empty()) json_.member(key, text.in(language_));
  }

  void write_values(const FactDeclaration& fact) {
    json_.key("values");
    json_.begin_array();
    for (std::size_t i = 0; i < fact.values.size(); ++i) {
      json_.begin_object();
      json_.member("value", std::string_view(fact.values[i]));
      if (i < fact.names.size()) write_text("name", fact.names[i]);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_derivation(const FactDeclaration& fact) {
    json_.member("plugin", std::string_view(fact.plugin));
    json_.key("reads");
    json_.begin_array();
    for (const std::string& name : fact.reads) json_.value(std::string_view(name));
    json_.end_array();
  }

  void write_bindings(const FactDeclaration& fact) {
    json_.key("fhir");
    json_.begin_array();
    for (const FhirBinding& binding : fact.fhir) write_binding(fact, binding);
    json_.end_array();
  }

  void write_binding(const FactDeclaration& fact, const FhirBinding& binding) {
    const auto text = [&](const char* key, const std::string& value) {
      if (!value.empty()) json_.member(key, std::string_view(value));
    };
    json_.begin_object();
    json_.member("resource", to_string(binding.resource));
    if (binding.value_set.empty() && !binding.codes.empty()) text("code", binding.codes.front());
    text("value_set", binding.value_set);
    if (!binding.value_set.empty()) write_codes(binding.codes);
    text("component", binding.component);
    text("element", binding.element);
    text("questionnaire", binding.questionnaire);
    text("link_id", binding.link_id);
    text("value", binding.value);
    text("means", meaning_of(fact, binding));
    text("unit", binding.unit);
    if (is_listed(binding.resource)) write_list_keys(binding);
    text("cite", binding.cite);
    json_.end_object();
  }

  void write_codes(const std::vector<std::string>& codes) {
    json_.key("codes");
    json_.begin_array();
    for (const std::string& code : codes) json_.value(std::string_view(code));
    json_.end_array();
  }

  void write_list_keys(const FhirBinding& binding) {
    json_.member("tense", to_string(binding.tense));
    json_.member("partial", binding.partial);
    json_.member("complete", binding.complete);
  }

  const Vocabulary& vocabulary_;
  std::string_view language_;
  JsonWriter json_;
};

}  // namespace

std::string facts_json(const Vocabulary& vocabulary, std::span<const FactId> facts, std::string_view language,
                       bool indent) {
  std::string out;
  JsonFacts(vocabulary, language, out, indent).write(facts);
  return out;
}

std::string meaning_of(const FactDeclaration& fact, const FhirBinding& binding) {
  if (binding.means_unknown) return "unknown";
  if (!binding.meaning) return {};
  if (const bool* truth = std::get_if<bool>(&*binding.meaning)) return *truth ? "true" : "false";
  const auto* choice = std::get_if<Choice>(&*binding.meaning);
  return choice == nullptr ? std::string() : fact.values[choice->index];
}

}  // namespace caveat::listings
