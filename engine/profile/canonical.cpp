// RFC 8785 canonical JSON of a profile's facts. Keys are sorted by UTF-16 code units; all of them are ASCII here, so
// byte order is the same. Integers that a double cannot hold exactly stand as strings, as decimals do.
#include "base/json_writer.hpp"
#include "profile/profile.hpp"

#include <algorithm>

namespace caveat {

namespace {

struct ValueWriter {
  const FactDeclaration& fact;
  JsonWriter& json;

  void operator()(bool value) const { json.value(value); }
  void operator()(std::int64_t value) const {
    constexpr std::int64_t kExactMax = (std::int64_t{1} << 53) - 1;
    if (value >= -kExactMax && value <= kExactMax) {
      json.value(value);
    } else {
      json.value(std::to_string(value));
    }
  }
  void operator()(const Decimal& value) const { json.value(value.to_canonical()); }
  void operator()(const Quantity& value) const {
    json.begin_object();
    json.member("unit", std::string_view(value.unit));
    json.member("value", std::string_view(value.value.to_canonical()));
    json.end_object();
  }
  void operator()(Choice value) const { json.value(std::string_view(fact.values[value.index])); }
  void operator()(ChoiceSet value) const {
    json.begin_array();
    for (std::size_t i = 0; i < fact.values.size() && i < FactDeclaration::kChoicesMax; ++i) {
      if ((value.bits >> i & 1U) != 0) json.value(std::string_view(fact.values[i]));
    }
    json.end_array();
  }
  void operator()(const Date& value) const { json.value(to_string(value)); }
};

void write_answer(const Answer& answer, const std::optional<Date>& profile_recorded, const FactDeclaration& fact,
                  JsonWriter& json) {
  json.begin_object();
  const auto& recorded = answer.recorded ? answer.recorded : profile_recorded;
  if (recorded) json.member("recorded", std::string_view(to_string(*recorded)));
  if (!answer.source.empty()) json.member("source", std::string_view(answer.source));
  if (answer.counted_from) {
    json.member("years_since", std::string_view(to_string(*answer.counted_from)));
  } else if (const auto* reason = std::get_if<UnknownReason>(&answer.content)) {
    json.member("unknown", to_string(*reason));
  } else {
    json.key("value");
    std::visit(ValueWriter{fact, json}, std::get<FactValue>(answer.content));
  }
  json.end_object();
}

}  // namespace

std::string canonical_json(const ProfileData& profile, const Vocabulary& vocabulary) {
  std::vector<const FactAnswers*> by_name;
  by_name.reserve(profile.facts.size());
  for (const FactAnswers& fact : profile.facts) by_name.push_back(&fact);
  std::sort(by_name.begin(), by_name.end(), [&](const FactAnswers* a, const FactAnswers* b) {
    return vocabulary[a->fact].name < vocabulary[b->fact].name;
  });
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  for (const FactAnswers* fact : by_name) {
    const FactDeclaration& declaration = vocabulary[fact->fact];
    json.key(declaration.name);
    json.begin_array();
    for (const Answer& answer : fact->answers) write_answer(answer, profile.recorded, declaration, json);
    json.end_array();
  }
  json.end_object();
  return out;
}

}  // namespace caveat
