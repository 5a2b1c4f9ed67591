#include "rules/rule_reader.hpp"

#include "rules/texts.hpp"

#include <algorithm>

namespace caveat {

namespace {

bool is_rule_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && std::all_of(id.begin(), id.end(), allowed) && id.front() != '-' && id.back() != '-';
}

class RuleReader {
 public:
  RuleReader(const TomlValue& element, const KindSchema& kind, const RuleReading& reading)
      : reading_(reading),
        kind_(kind),
        diagnostics_(reading.diagnostics),
        place_(element.place()),
        table_(element, place_, "the " + kind.name, reading.diagnostics) {}

  Rule read() {
    rule_.kind = &kind_;
    rule_.place = place_;
    read_id();
    read_when();
    read_severity();
    rule_.title = text("title", true);
    rule_.says = text("says", true);
    read_citations();
    rule_.defer_to = table_.string("defer_to");
    if (rule_.defer_to.empty()) rule_.defer_to = reading_.pack.defer_to;
    for (const FieldSchema& field : kind_.fields) rule_.fields.push_back(read_field(field));
    table_.refuse_others();
    check_placeholders();
    return std::move(rule_);
  }

 private:
  void read_id() {
    rule_.id = table_.string("id", true);
    rule_.full_id = reading_.pack.id + "/" + rule_.id;
    if (!rule_.id.empty() && !is_rule_id(rule_.id)) {
      diagnostics_.error("bad-id", table_.value("id")->place(), "`" + rule_.id + "` is not a rule id",
                         "small letters, digits and hyphens, such as `open-wound`");
    }
  }

  void read_when() {
    const TomlValue* value = table_.value("when", kind_.when_required);
    if (value == nullptr) return;
    if (!value->string()) return table_.wrong_type("when", *value, "a string that holds a condition");
    rule_.condition = reading_.builder.condition(expression_source(*value), {.allow_known = kind_.role != Role::kBars});
  }

  void read_severity() {
    rule_.severity = kind_.severity;
    const std::string name = table_.string("severity");
    if (name.empty()) return;
    if (const auto severity = parse_severity(name)) {
      rule_.severity = *severity;
    } else {
      diagnostics_.error("unknown-severity", table_.value("severity")->place(), "unknown severity `" + name + "`",
                         "one of critical, warning, info");
    }
  }

  Text text(std::string_view key, bool required) {
    const TomlValue* value = table_.value(key, required);
    return value == nullptr ? Text{} : text(*value, key);
  }

  Text text(const TomlValue& value, std::string_view field) {
    const TextContext context{reading_.pack.first_language, to_string(kind_.role), field, reading_.surroundings.guard,
                              reading_.proven};
    Text out = read_vetted_text(value, context, diagnostics_);
    note_missing_languages(out, value.place(), field);
    texts_.emplace_back(out, value.place());
    return out;
  }

  // `{label}` and `{value}` are filled from the fact that a rule names; without one they would stand there raw.
  void check_placeholders() {
    if (shown_fact(rule_)) return;
    for (const auto& [text, place] : texts_) {
      for (const auto& [language, words] : text.by_language) {
        const bool holds = words.find("{label}") != std::string::npos || words.find("{value}") != std::string::npos;
        if (!holds) continue;
        diagnostics_.error("placeholder-without-fact", place, "a text of `" + rule_.id + "` has a placeholder to fill",
                           "only rules with a field that names a fact may use `{label}` and `{value}`");
        break;
      }
    }
  }

  void note_missing_languages(const Text& out, const Place& place, std::string_view field) {
    if (out.empty()) return;
    for (const auto& [language, title] : reading_.pack.title.by_language) {
      const auto same = [&](const auto& entry) { return entry.first == language; };
      if (std::any_of(out.by_language.begin(), out.by_language.end(), same)) continue;
      diagnostics_.warning("missing-text", place, "`" + std::string(field) + "` has no text in `" + language + "`",
                           "the pack's title has one; readers of that language would get another");
    }
  }

  void read_citations() {
    const std::vector<std::string> cites = table_.strings("cite");
    if (table_.value("cite") == nullptr) {
      diagnostics_.error("uncited-rule", place_, "the " + kind_.name + " cites no source",
                         "add `cite = \"source#section\"`, with a [[source]] of that id");
    }
    for (const std::string& cite : cites) add_citation(cite, table_.value("cite")->place());
  }

  void add_citation(const std::string& cite, const Place& place) {
    const std::string id = cite.substr(0, cite.find('#'));
    const auto& sources = reading_.pack.sources;
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const Source& s) { return s.id == id; });
    if (found == sources.end()) {
      std::vector<std::string> ids;
      for (const Source& source : sources) ids.push_back(source.id);
      diagnostics_.error("unknown-source", place, "cites `" + id + "`, which is no source of the pack",
                         did_you_mean(id, ids));
      return;
    }
    Citation citation;
    citation.source = static_cast<std::uint32_t>(found - sources.begin());
    if (id.size() < cite.size()) citation.section = cite.substr(id.size() + 1);
    rule_.citations.push_back(std::move(citation));
  }

  FieldValue read_field(const FieldSchema& field) {
    FieldValue out;
    const TomlValue* value = table_.value(field.name, field.required);
    if (value == nullptr) return out;
    out.present = true;
    if (!field.list) {
      if (auto element = read_element(field, *value)) out.elements.push_back(std::move(*element));
      return out;
    }
    if (!value->is(TomlType::kArray)) {
      table_.wrong_type(field.name, *value, "a list");
      return out;
    }
    if (value->elements().size() > FieldSchema::kElementsMax) {
      diagnostics_.error(
          "too-many-entries", value->place(),
          "the list `" + field.name + "` has more than " + std::to_string(FieldSchema::kElementsMax) + " elements",
          "divide the rule: nobody reads an advisory that long");
      return out;
    }
    for (const TomlValue& item : value->elements()) {
      if (auto element = read_element(field, item)) out.elements.push_back(std::move(*element));
    }
    return out;
  }

  std::optional<FieldScalar> read_element(const FieldSchema& field, const TomlValue& value) {
    switch (field.type) {
      case FieldType::kText: return FieldScalar(text(value, field.name));
      case FieldType::kString: return read_string(field, value);
      case FieldType::kChoice: return read_choice(field, value);
      case FieldType::kFact: return read_fact_name(field, value);
      case FieldType::kInteger:
        if (value.integer()) return FieldScalar(*value.integer());
        break;
      case FieldType::kDecimal: return read_decimal(field, value);
      case FieldType::kBoolean:
        if (value.boolean()) return FieldScalar(*value.boolean());
        break;
    }
    table_.wrong_type(field.name, value, "of type " + std::string(to_string(field.type)));
    return std::nullopt;
  }

  std::optional<FieldScalar> read_string(const FieldSchema& field, const TomlValue& value) {
    if (value.string()) return FieldScalar(std::string(*value.string()));
    table_.wrong_type(field.name, value, "a string");
    return std::nullopt;
  }

  std::optional<FieldScalar> read_choice(const FieldSchema& field, const TomlValue& value) {
    if (!value.string()) return read_string(field, value);
    const std::string choice(*value.string());
    if (std::find(field.choices.begin(), field.choices.end(), choice) != field.choices.end())
      return FieldScalar(choice);
    std::string help = "one of";
    for (const std::string& allowed : field.choices) help += " " + allowed;
    diagnostics_.error("unknown-choice", value.place(), "`" + choice + "` is no value of `" + field.name + "`", help);
    return std::nullopt;
  }

  std::optional<FieldScalar> read_fact_name(const FieldSchema& field, const TomlValue& value) {
    if (!value.string()) return read_string(field, value);
    const Vocabulary& vocabulary = reading_.surroundings.vocabulary;
    const std::string_view name = *value.string();
    if (const auto id = vocabulary.find(name)) return FieldScalar(*id);
    diagnostics_.error("unknown-fact", value.place(), "unknown fact `" + std::string(name) + "`",
                       did_you_mean(name, vocabulary.names()));
    return std::nullopt;
  }

  std::optional<FieldScalar> read_decimal(const FieldSchema& field, const TomlValue& value) {
    std::optional<Decimal> decimal;
    if (value.is(TomlType::kDecimal) || value.is(TomlType::kInteger)) {
      std::string digits(value.source_text());
      std::erase(digits, '_');
      decimal = Decimal::parse(digits);
    }
    if (decimal) return FieldScalar(*decimal);
    table_.wrong_type(field.name, value, "a decimal with at most 8 digits after the point");
    return std::nullopt;
  }

  const RuleReading& reading_;
  const KindSchema& kind_;
  Diagnostics& diagnostics_;
  Place place_;
  TableReader table_;
  Rule rule_;
  std::vector<std::pair<Text, Place>> texts_;
};

}  // namespace

std::optional<FactId> shown_fact(const Rule& rule) {
  for (const FieldValue& field : rule.fields) {
    for (const FieldScalar& element : field.elements) {
      if (const FactId* fact = std::get_if<FactId>(&element)) return *fact;
    }
  }
  return std::nullopt;
}

Rule read_rule(const TomlValue& element, const KindSchema& kind, const RuleReading& reading) {
  return RuleReader(element, kind, reading).read();
}

ExpressionSource expression_source(const TomlValue& value) {
  return {std::string(value.string().value_or("")),
          [value](std::size_t offset) { return value.place_in_string(offset); }};
}

}  // namespace caveat
