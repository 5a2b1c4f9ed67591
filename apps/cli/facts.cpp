// `caveat facts`: the vocabulary, as a person asks it and as a program reads it.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/json_writer.hpp"
#include "base/page.hpp"
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"

namespace caveat::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string range_of(const FactDeclaration& fact) {
  if (fact.earliest || fact.latest) {
    return (fact.earliest ? to_string(*fact.earliest) : "…") + " to " + (fact.latest ? to_string(*fact.latest) : "…");
  }
  if (!fact.min && !fact.max) return {};
  return (fact.min ? fact.min->to_string() : "…") + " to " + (fact.max ? fact.max->to_string() : "…");
}

std::string type_of(const FactDeclaration& fact) {
  std::string out(to_string(fact.type));
  if (const std::string range = range_of(fact); !range.empty()) out += ", " + range;
  if (!fact.unit.empty()) out += ", in " + fact.unit;
  if (!fact.values.empty()) out += ": " + joined(fact.values);
  return out;
}

// As a pack writes it.
std::string meaning_of(const FactDeclaration& fact, const FhirBinding& binding) {
  if (binding.means_unknown) return "unknown";
  if (!binding.meaning) return {};
  if (const bool* truth = std::get_if<bool>(&*binding.meaning)) return *truth ? "true" : "false";
  const auto* choice = std::get_if<Choice>(&*binding.meaning);
  return choice == nullptr ? std::string() : fact.values[choice->index];
}

std::string binding_of(const FactDeclaration& fact, const FhirBinding& binding) {
  std::string out = "FHIR " + std::string(to_string(binding.resource));
  if (!binding.element.empty()) out += "." + binding.element;
  if (!binding.questionnaire.empty()) out += " " + binding.questionnaire + " item " + binding.link_id;
  if (!binding.value_set.empty()) {
    out += " in " + binding.value_set;
  } else if (!binding.codes.empty()) {
    out += " " + binding.codes.front();
  }
  if (!binding.component.empty()) out += ", component " + binding.component;
  if (!binding.value.empty()) out += ", value " + binding.value;
  if (const std::string means = meaning_of(fact, binding); !means.empty()) out += ", means " + means;
  if (!binding.unit.empty()) out += ", in " + binding.unit;
  if (is_listed(binding.resource)) out += ", as " + std::string(to_string(binding.tense));
  if (binding.partial) out += ", a part of it";
  if (binding.complete) out += ", absence means no";
  return out + " (" + binding.cite + ")";
}

void write_text(const FactDeclaration& fact, std::string_view language, Page& page) {
  constexpr std::size_t kIndent = 2;
  const std::string_view label = fact.label.in(language);
  page.paragraph(0, fact.name + (label.empty() ? "" : ": " + std::string(label)), kIndent);
  page.paragraph(kIndent, type_of(fact), kIndent);
  if (!fact.ask.empty()) page.paragraph(kIndent, fact.ask.in(language), kIndent);
  if (fact.valid_for) page.paragraph(kIndent, "an answer is good for " + to_string(*fact.valid_for));
  if (fact.derived) page.paragraph(kIndent, "derived by " + fact.plugin + " from " + joined(fact.reads), kIndent);
  for (const FhirBinding& binding : fact.fhir) page.paragraph(kIndent, binding_of(fact, binding), kIndent);
  page.blank();
}

class JsonFacts {
 public:
  JsonFacts(const Vocabulary& vocabulary, std::string_view language, std::string& out)
      : vocabulary_(vocabulary), language_(language), json_(out, true) {}

  void write() {
    json_.begin_object();
    json_.member("schema", "caveat.facts/1");
    json_.key("facts");
    json_.begin_array();
    for (const FactDeclaration& fact : vocabulary_.all()) write(fact);
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

int run_facts(const Arguments& arguments, Console& console) {
  const std::string format = arguments.format.empty() ? listing_formats().front() : arguments.format;
  if (auto known = check_choice("--format", format, listing_formats()); !known) return console.report(known.error());
  const auto engine = load_engine(find_surroundings(arguments));
  if (!engine) return console.report(engine.error());
  const auto languages = engine->snapshot().guard.languages();
  if (auto known = check_choice("--lang", arguments.language, languages); !known) return console.report(known.error());
  for (const Diagnostic& diagnostic : engine->diagnostics()) console.report(diagnostic);
  if (format == "json") {
    std::string out;
    JsonFacts(engine->vocabulary(), arguments.language, out).write();
    console.out_line(out);
    return kDone;
  }
  Page page(console.width());
  for (const FactDeclaration& fact : engine->vocabulary().all()) write_text(fact, arguments.language, page);
  std::string text = page.take();
  if (text.ends_with("\n\n")) text.pop_back();
  console.out(text);
  return kDone;
}

}  // namespace caveat::cli
