// Values as a person reads them.
#include "vocabulary/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

struct Words {
  std::string_view language, yes, no, none;
};

constexpr std::array kWords = {Words{"en", "yes", "no", "none"}, Words{"tr", "evet", "hayır", "yok"},
                               Words{"de", "ja", "nein", "keine"}, Words{"fr", "oui", "non", "aucun"},
                               Words{"es", "sí", "no", "ninguno"}};

const Words& words(std::string_view language) {
  const auto* found =
      std::find_if(kWords.begin(), kWords.end(), [&](const Words& w) { return w.language == language; });
  return found == kWords.end() ? kWords.front() : *found;
}

std::string choice_name(const FactDeclaration& fact, std::size_t index, std::string_view language) {
  if (index >= fact.values.size()) return {};
  if (index < fact.names.size() && !fact.names[index].empty()) return std::string(fact.names[index].in(language));
  return fact.values[index];
}

std::string choices_names(const FactDeclaration& fact, ChoiceSet set, std::string_view language) {
  std::string out;
  for (std::size_t i = 0; i < fact.values.size() && i < FactDeclaration::kChoicesMax; ++i) {
    if ((set.bits >> i & 1U) == 0) continue;
    if (!out.empty()) out += ", ";
    out += choice_name(fact, i, language);
  }
  return out.empty() ? std::string(words(language).none) : out;
}

std::string amount(const Quantity& quantity) {
  std::string out = quantity.value.to_canonical();
  return quantity.unit == "1" ? out : out + ' ' + quantity.unit;
}

struct Display {
  const FactDeclaration& fact;
  std::string_view language;

  std::string operator()(bool value) const { return std::string(value ? words(language).yes : words(language).no); }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(const Decimal& value) const { return value.to_canonical(); }
  std::string operator()(const Quantity& value) const { return amount(value); }
  std::string operator()(Choice value) const { return choice_name(fact, value.index, language); }
  std::string operator()(ChoiceSet value) const { return choices_names(fact, value, language); }
  std::string operator()(const Date& value) const { return to_string(value); }
};

}  // namespace

std::string display(const FactDeclaration& fact, const FactValue& value, std::string_view language) {
  return std::visit(Display{fact, language}, value);
}

}  // namespace caveat
