#include "server/web_form.hpp"

#include "advisory/messages.hpp"
#include "base/json_writer.hpp"
#include "evaluation/html_parts.hpp"

#include <algorithm>
#include <array>

namespace caveat::server {

namespace {

// Values that no fact has: an answer that is none, and the choice of nothing.
constexpr std::string_view kNotKnown = "?not-known", kDeclined = "?declined", kNone = "-";
constexpr std::string_view kFact = "fact.", kUnit = "unit.";

/// What the page itself says, beside what packs and the engine say.
struct Words {
  std::string_view language, open, none, send, packs;
};
constexpr std::array kWords = {
    Words{"en", "What is left open counts as not asked.", "none of these", "Evaluate", "Choose a subject"},
    Words{"tr", "Boş bırakılanlar sorulmamış sayılır.", "hiçbiri", "Değerlendir", "Konu seçin"}};

const Words& words(std::string_view language) {
  const auto* found =
      std::find_if(kWords.begin(), kWords.end(), [&](const Words& each) { return each.language == language; });
  return found == kWords.end() ? kWords.front() : *found;
}

// As the page of an evaluation: colours of enough contrast, and nothing said by colour alone.
constexpr std::string_view kStyle =
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem}fieldset{border:1px solid #767676;margin:.75rem 0}legend{font-weight:600}"
    "label{display:inline-block;margin-right:1rem}.mistakes{border:2px solid #767676;padding:.25rem 1rem}"
    "input,select,button{font:inherit}";

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escape_html(value) + "\"";
}

std::vector<std::string_view> values_of(const std::vector<Field>& given, std::string_view prefix,
                                        std::string_view name) {
  std::vector<std::string_view> out;
  for (const Field& field : given) {
    if (field.name.size() != prefix.size() + name.size() || !field.name.starts_with(prefix)) continue;
    if (field.name.ends_with(name) && !field.value.empty()) out.push_back(field.value);
  }
  return out;
}

void begin_page(std::string& out, std::string_view language, std::string_view title) {
  out += "<!DOCTYPE html>\n<html" + attribute("lang", language) + ">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += html_element("title", title) + "\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<main>\n";
  out += html_element("h1", title) + "\n";
}

void end_page(std::string& out) { out += "</main>\n</body>\n</html>\n"; }

class FormWriter {
 public:
  explicit FormWriter(const WebForm& form) : form_(form), words_(words(form.language)) {}

  std::string write() {
    const Pack& pack = form_.pack.pack;
    begin_page(out_, form_.language, pack.title.in(form_.language));
    out_ += html_element("p", pack.deferral.in(form_.language)) + html_element("p", words_.open) + "\n";
    write_mistakes();
    out_ += "<form method=\"post\"" + attribute("action", form_.action) + ">\n";
    for (const FactId fact : form_.facts) {
      if (!form_.snapshot.vocabulary[fact].derived) write_question(form_.snapshot.vocabulary[fact]);
    }
    out_ += "<button>" + escape_html(words_.send) + "</button>\n</form>\n";
    end_page(out_);
    return std::move(out_);
  }

 private:
  void write_mistakes() {
    if (form_.mistakes.empty()) return;
    out_ += "<div class=\"mistakes\" role=\"alert\"><ul>";
    for (const Diagnostic& mistake : form_.mistakes)
      out_ += html_element("li", mistake.message + (mistake.help.empty() ? "" : " (" + mistake.help + ")"));
    out_ += "</ul></div>\n";
  }

  void write_question(const FactDeclaration& fact) {
    given_ = values_of(form_.given, kFact, fact.name);
    name_ = std::string(kFact) + fact.name;
    out_ += "<fieldset><legend>" + escape_html(fact.ask.in(form_.language)) + "</legend>";
    switch (fact.type) {
      case FactType::kBoolean: write_boolean(fact); break;
      case FactType::kChoice: write_values(fact, "radio"); break;
      case FactType::kChoices:
        write_values(fact, "checkbox");
        write_option("checkbox", kNone, words_.none);
        break;
      case FactType::kInteger:
      case FactType::kDecimal:
      case FactType::kQuantity: write_number(fact); break;
      case FactType::kDate: write_date(fact); break;
    }
    write_states(fact);
    out_ += "</fieldset>\n";
  }

  void write_option(std::string_view kind, std::string_view value, std::string_view label) {
    const bool chosen = std::find(given_.begin(), given_.end(), value) != given_.end();
    out_ += "<label><input" + attribute("type", kind) + attribute("name", name_) + attribute("value", value) +
            (chosen ? " checked" : "") + "> " + escape_html(label) + "</label>";
  }

  void write_boolean(const FactDeclaration& fact) {
    write_option("radio", "true", display(fact, FactValue(true), form_.language));
    write_option("radio", "false", display(fact, FactValue(false), form_.language));
  }

  void write_values(const FactDeclaration& fact, std::string_view kind) {
    for (std::size_t i = 0; i < fact.values.size(); ++i) {
      const bool named = i < fact.names.size() && !fact.names[i].empty();
      write_option(kind, fact.values[i], named ? fact.names[i].in(form_.language) : fact.values[i]);
    }
  }

  // What was written before, though it was wrong.
  [[nodiscard]] std::string_view written() const {
    const auto found = std::find_if(given_.begin(), given_.end(), [](std::string_view v) { return v.front() != '?'; });
    return found == given_.end() ? std::string_view() : *found;
  }

  // A text, not a number: browsers send nothing where a number is wrong, and nothing means that it was not asked.
  void write_number(const FactDeclaration& fact) {
    out_ += "<label><input inputmode=\"decimal\"" + attribute("name", name_) + attribute("value", written()) +
            attribute("aria-label", fact.label.in(form_.language)) + "></label>";
    if (fact.type != FactType::kQuantity) return;
    const auto unit = values_of(form_.given, kUnit, fact.name);
    out_ += "<label><input size=\"8\"" + attribute("name", std::string(kUnit) + fact.name) +
            attribute("value", unit.empty() ? std::string_view(fact.unit) : unit.front()) +
            attribute("aria-label", "UCUM") + "></label>";
  }

  void write_date(const FactDeclaration& fact) {
    out_ += "<label><input placeholder=\"2026-11-22\"" + attribute("name", name_) + attribute("value", written()) +
            attribute("aria-label", fact.label.in(form_.language)) + "></label>";
  }

  void write_states(const FactDeclaration& fact) {
    const std::string_view kind = fact.type == FactType::kChoices ? "checkbox" : "radio";
    write_option(kind, kNotKnown, message(Message::kNotKnown, form_.language));
    write_option(kind, kDeclined, message(Message::kDeclined, form_.language));
    if (kind != "radio") return;
    // What was chosen by mistake can be left open again.
    out_ += "<label><input type=\"radio\"" + attribute("name", name_) + " value=\"\"" +
            (given_.empty() ? " checked" : "") + "> " + escape_html(message(Message::kNotAsked, form_.language)) +
            "</label>";
  }

  const WebForm& form_;
  const Words& words_;
  std::string out_;
  std::vector<std::string_view> given_;  // of the question that is being written
  std::string name_;
};

// Digits with at most one point: what JSON takes for a number, without an exponent.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view whole = text.substr(0, point);
  return digits(whole) && (whole.size() == 1 || whole.front() != '0') &&
         (point == text.size() || digits(text.substr(point + 1)));
}

class ProfileWriter {
 public:
  explicit ProfileWriter(const std::vector<Field>& given) : given_(given), json_(out_) {}

  std::string write(const Vocabulary& vocabulary, std::span<const FactId> facts, std::string_view recorded) {
    json_.begin_object();
    json_.member("recorded", recorded);
    json_.key("facts");
    json_.begin_object();
    for (const FactId fact : facts) write(vocabulary[fact]);
    json_.end_object();
    json_.end_object();
    return std::move(out_);
  }

 private:
  void write(const FactDeclaration& fact) {
    std::vector<std::string_view> values = values_of(given_, kFact, fact.name);
    const auto is_state = [](std::string_view value) { return value.front() == '?'; };
    const auto states = std::stable_partition(values.begin(), values.end(), [&](auto v) { return !is_state(v); });
    if (values.empty()) return;
    const std::vector<std::string_view> unknown(states, values.end());
    values.erase(states, values.end());
    json_.key(fact.name);
    json_.begin_object();
    if (!values.empty()) write_value(fact, values);
    // Both are written where both were given: which one is meant is not for this page to guess.
    for (const std::string_view state : unknown) json_.member("unknown", state.substr(1));
    json_.end_object();
  }

  void write_value(const FactDeclaration& fact, const std::vector<std::string_view>& values) {
    json_.key("value");
    if (fact.type == FactType::kChoices) return write_list(values);
    if (values.size() > 1) return write_list(values);  // which the reader refuses
    const std::string_view value = values.front();
    const bool number =
        fact.type == FactType::kInteger || fact.type == FactType::kDecimal || fact.type == FactType::kQuantity;
    const bool truth = fact.type == FactType::kBoolean && (value == "true" || value == "false");
    if (truth || (number && is_number(value)))
      json_.raw(value);
    else
      json_.value(value);
    if (fact.type != FactType::kQuantity) return;
    const auto unit = values_of(given_, kUnit, fact.name);
    if (!unit.empty()) json_.member("unit", unit.front());
  }

  void write_list(const std::vector<std::string_view>& values) {
    json_.begin_array();
    const bool none = values.size() == 1 && values.front() == kNone;
    for (const std::string_view value : values) {
      if (!none) json_.value(value);
    }
    json_.end_array();
  }

  const std::vector<Field>& given_;
  std::string out_;
  JsonWriter json_;
};

}  // namespace

std::string write_web_form(const WebForm& form) { return FormWriter(form).write(); }

std::string write_pack_choice(const Snapshot& snapshot, std::string_view language) {
  std::string out;
  begin_page(out, language, words(language).packs);
  out += "<ul>";
  for (const auto& loaded : snapshot.packs) {
    out += "<li><a" + attribute("href", "/?pack=" + loaded->pack.id) + ">" +
           escape_html(loaded->pack.title.in(language)) + "</a></li>";
  }
  out += "</ul>\n";
  end_page(out);
  return out;
}

std::string profile_of_form(const Vocabulary& vocabulary, std::span<const FactId> facts,
                            const std::vector<Field>& given, std::string_view recorded) {
  return ProfileWriter(given).write(vocabulary, facts, recorded);
}

}  // namespace caveat::server
