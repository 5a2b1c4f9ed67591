// `caveat facts`: the vocabulary, as a person asks it and as a program reads it.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/page.hpp"
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "listings/facts_json.hpp"

#include <numeric>

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
  if (const std::string means = listings::meaning_of(fact, binding); !means.empty()) out += ", means " + means;
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
    std::vector<FactId> all(engine->vocabulary().size());
    std::iota(all.begin(), all.end(), FactId{0});
    console.out_line(listings::facts_json(engine->vocabulary(), all, arguments.language, true));
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
