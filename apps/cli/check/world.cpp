#include "check/world.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace caveat::cli {

namespace {

constexpr std::array kFactTypes = {FactType::kBoolean, FactType::kInteger, FactType::kDecimal, FactType::kQuantity,
                                   FactType::kChoice,  FactType::kChoices, FactType::kDate};
constexpr std::int64_t kFirstDay = 10'957;       // 2000-01-01
constexpr std::uint64_t kDays = 9'500;           // 26 years
constexpr std::string_view kWide = "ö€😀ß漢字";  // two to four bytes a character

bool has_choices(FactType type) { return type == FactType::kChoice || type == FactType::kChoices; }

// ---- Facts

FactDeclaration declaration(std::string name, FactType type) {
  FactDeclaration fact;
  fact.name = std::move(name);
  fact.type = type;
  fact.label = Text{{{"en", fact.name}}};
  if (type == FactType::kQuantity) fact.unit = "kg";
  if (has_choices(type)) fact.values = {"a", "b", "c"};
  return fact;
}

FactDeclaration expected(const ExpectedFact& expectation) {
  FactDeclaration fact = declaration(expectation.name, expectation.type);
  if (!expectation.unit.empty()) fact.unit = expectation.unit;
  if (!expectation.values.empty()) fact.values = expectation.values;
  return fact;
}

std::vector<std::string> reads_of(const Manifest& manifest) {
  std::set<std::string> names(manifest.reads.begin(), manifest.reads.end());
  for (const FactDeclaration& fact : manifest.derives) names.insert(fact.reads.begin(), fact.reads.end());
  for (const CheckSchema& check : manifest.checks) names.insert(check.reads.begin(), check.reads.end());
  return {names.begin(), names.end()};
}

void declare_facts(const Manifest& manifest, const Vocabulary* known, Random& random, World& world) {
  Diagnostics unused;
  for (const FactDeclaration& fact : manifest.derives) world.vocabulary.declare(fact, unused);
  for (const std::string& name : reads_of(manifest)) {
    if (world.vocabulary.find(name)) continue;
    const auto same = [&](const ExpectedFact& fact) { return fact.name == name; };
    const auto expectation = std::find_if(manifest.expects.begin(), manifest.expects.end(), same);
    if (const auto id = known == nullptr ? std::nullopt : known->find(name)) {
      world.vocabulary.declare((*known)[*id], unused);
    } else if (expectation != manifest.expects.end()) {
      world.vocabulary.declare(expected(*expectation), unused);
    } else {
      world.guessed = true;
      world.vocabulary.declare(declaration(name, kFactTypes[random.below(kFactTypes.size())]), unused);
    }
  }
  // For fields that name a fact, one of each type.
  for (const FactType type : kFactTypes) {
    world.vocabulary.declare(declaration("shown_" + std::string(to_string(type)), type), unused);
  }
}

// ---- Rules

std::vector<std::string> languages_of(const Manifest& manifest) {
  std::set<std::string> found;
  const auto add = [&](const Text& text) {
    for (const auto& [language, words] : text.by_language) found.insert(language);
  };
  for (const auto& [id, text] : manifest.texts) add(text);
  for (const CheckSchema& check : manifest.checks) add(check.title);
  for (const FactDeclaration& fact : manifest.derives) add(fact.label);
  if (found.empty()) found.insert("en");
  return {found.begin(), found.end()};
}

class RuleMaker {
 public:
  RuleMaker(const Manifest& manifest, const WorldShape& shape, const Vocabulary& vocabulary, Random& random)
      : shape_(shape), vocabulary_(vocabulary), random_(random), languages_(languages_of(manifest)) {}

  Rule make(const KindSchema& kind, std::size_t index) {
    Rule rule;
    rule.kind = &kind;
    rule.id = kind.name + "-" + std::to_string(index + 1);
    std::replace(rule.id.begin(), rule.id.end(), '_', '-');
    rule.full_id = "made-up/" + rule.id;
    rule.severity = static_cast<Severity>(random_.below(3));
    rule.title = text("Title");
    rule.says = text("What is said");
    for (const FieldSchema& field : kind.fields) rule.fields.push_back(value(field));
    return rule;
  }

 private:
  std::string words(const std::string& about) {
    std::string out = about + " " + std::to_string(++count_);
    if (shape_.wide_characters) {
      for (std::uint64_t i = random_.below(12); i > 0; --i) out += kWide;
    }
    return out;
  }

  Text text(const std::string& about) {
    Text out;
    for (const std::string& language : languages_) out.by_language.emplace_back(language, words(about));
    return out;
  }

  bool given(const FieldSchema& field) {
    if (field.required || shape_.optional == WorldShape::Optional::kAll) return true;
    return shape_.optional == WorldShape::Optional::kSome && random_.chance(70);
  }

  FieldValue value(const FieldSchema& field) {
    FieldValue out;
    out.present = given(field);
    if (!out.present) return out;
    std::uint64_t elements = 1;
    if (field.list) elements = shape_.full ? shape_.elements : 1 + random_.below(shape_.elements);
    while (elements-- > 0) out.elements.push_back(scalar(field));
    return out;
  }

  FieldScalar scalar(const FieldSchema& field) {
    switch (field.type) {
      case FieldType::kText: return text("A text");
      case FieldType::kString: return words("string");
      case FieldType::kInteger: return static_cast<std::int64_t>(1 + random_.below(9));
      case FieldType::kDecimal: return *Decimal::from_units(static_cast<Int128>(1 + random_.below(9)) * 50'000'000);
      case FieldType::kBoolean: return random_.chance(50);
      case FieldType::kChoice: return random_.of(field.choices);
      case FieldType::kFact: return static_cast<FactId>(random_.below(vocabulary_.size()));
    }
    return false;
  }

  const WorldShape& shape_;
  const Vocabulary& vocabulary_;
  Random& random_;
  std::vector<std::string> languages_;
  std::size_t count_ = 0;
};

// ---- Values

Decimal units(std::int64_t whole, std::uint64_t hundredths) {
  return *Decimal::from_units(static_cast<Int128>(whole) * 100'000'000 + static_cast<Int128>(hundredths) * 1'000'000);
}

/// What people and machines enter: small numbers first, some round, some not.
Decimal usual_number(Random& random) {
  static const std::vector<std::int64_t> known = {1, 2, 3, 5, 10, 18, 34, 50, 65, 80, 100, 120, 250, 1000};
  return units(random.of(known), random.chance(50) ? random.below(100) : 0);
}

Decimal extreme_number(Random& random) {
  static const std::vector<Decimal> ends = {Decimal(0),
                                            Decimal(-1),
                                            Decimal::least(),
                                            Decimal::greatest(),
                                            Decimal(std::numeric_limits<std::int64_t>::min()),
                                            Decimal(std::numeric_limits<std::int64_t>::max()),
                                            *Decimal::from_units(1),
                                            *Decimal::from_units(-1)};
  return random.of(ends);
}

Decimal number(const FactDeclaration& fact, bool extreme, Random& random) {
  std::vector<Decimal> ends;
  if (fact.min) ends.push_back(*fact.min);
  if (fact.max) ends.push_back(*fact.max);
  if (!ends.empty() && random.chance(extreme ? 60 : 20)) return random.of(ends);
  Decimal out = extreme ? extreme_number(random) : usual_number(random);
  if (fact.min) out = std::max(out, *fact.min);
  if (fact.max) out = std::min(out, *fact.max);
  return out;
}

std::int64_t whole_number(const FactDeclaration& fact, bool extreme, Random& random) {
  const Decimal value = number(fact, extreme, random);
  if (value <= Decimal(std::numeric_limits<std::int64_t>::min())) return std::numeric_limits<std::int64_t>::min();
  if (value >= Decimal(std::numeric_limits<std::int64_t>::max())) return std::numeric_limits<std::int64_t>::max();
  const auto whole = static_cast<std::int64_t>(value.units() / 100'000'000);
  return fact.min && Decimal(whole) < *fact.min ? whole + 1 : whole;
}

Date day(const FactDeclaration& fact, bool extreme, Random& random) {
  const std::int64_t first = days_from_civil(fact.earliest.value_or(Date{1, 1, 1, Precision::kDay}));
  const std::int64_t last = days_from_civil(fact.latest.value_or(Date{9999, 12, 31, Precision::kDay}));
  if (extreme) return civil_from_days(random.chance(50) ? first : last);
  return civil_from_days(std::clamp(kFirstDay + static_cast<std::int64_t>(random.below(kDays)), first, last));
}

std::uint64_t some_of(const FactDeclaration& fact, bool extreme, Random& random) {
  const std::size_t count = fact.values.size();
  const std::uint64_t all = count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  if (extreme) return random.chance(50) ? 0 : all;
  return random.next() & all;
}

}  // namespace

FactValue make_up_value(const FactDeclaration& fact, bool extreme, Random& random) {
  switch (fact.type) {
    case FactType::kBoolean: return random.chance(50);
    case FactType::kInteger: return whole_number(fact, extreme, random);
    case FactType::kDecimal: return number(fact, extreme, random);
    case FactType::kQuantity: return Quantity{number(fact, extreme, random), fact.unit};
    case FactType::kChoice: return Choice{static_cast<std::uint32_t>(random.below(fact.values.size()))};
    case FactType::kChoices: return ChoiceSet{some_of(fact, extreme, random)};
    case FactType::kDate: return day(fact, extreme, random);
  }
  return false;
}

Facts make_up_profile(const World& world, const ProfileShape& shape, Random& random) {
  Facts facts(world.vocabulary.size());
  for (FactId id = 0; id < world.vocabulary.size(); ++id) {
    const FactDeclaration& fact = world.vocabulary[id];
    if (random.chance(shape.unknown_percent)) continue;
    facts[id].known = true;
    facts[id].value = make_up_value(fact, shape.extreme && random.chance(60), random);
  }
  return facts;
}

std::vector<RuleStatus> make_up_outcomes(std::size_t rules, std::size_t profiles, Random& random) {
  std::vector<RuleStatus> statuses(rules * profiles);
  for (RuleStatus& status : statuses) status = static_cast<RuleStatus>(random.below(4));
  return statuses;
}

std::unique_ptr<World> make_up_world(const PluginInfo& plugin, const WorldShape& shape, const Vocabulary* known,
                                     Random& random, std::string name) {
  auto world = std::make_unique<World>();
  world->name = std::move(name);
  declare_facts(plugin.manifest, known, random, *world);
  RuleMaker maker(plugin.manifest, shape, world->vocabulary, random);
  for (const KindSchema& kind : plugin.manifest.kinds) {
    for (std::size_t i = 0; i < shape.rules; ++i) world->made_up.push_back(maker.make(kind, i));
  }
  for (const Rule& rule : world->made_up) world->rules.push_back(&rule);
  return world;
}

}  // namespace caveat::cli
