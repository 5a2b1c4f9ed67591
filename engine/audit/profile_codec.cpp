// INVARIANT: every member of ProfileData, FactAnswers and Answer is written and read. The bindings below do not compile
// when one is added: it has to be decided here what becomes of it.
#include "audit/profile_codec.hpp"

#include "base/json_writer.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace caveat {

namespace {

namespace json = boost::json;

constexpr std::string_view kSchema = "caveat.audit.profile/1";

struct ValueText {
  const FactDeclaration& fact;
  JsonWriter& out;

  void operator()(bool value) const { out.value(value); }
  void operator()(std::int64_t value) const { out.value(value); }
  void operator()(const Decimal& value) const { out.value(std::string_view(value.to_canonical())); }
  void operator()(const Date& value) const { out.value(std::string_view(to_string(value))); }
  void operator()(Choice value) const { out.value(std::string_view(fact.values[value.index])); }
  void operator()(const Quantity& value) const {
    out.begin_object();
    out.member("unit", std::string_view(value.unit));
    out.member("value", std::string_view(value.value.to_canonical()));
    out.end_object();
  }
  void operator()(ChoiceSet value) const {
    out.begin_array();
    for (std::size_t i = 0; i < fact.values.size(); ++i) {
      if ((value.bits >> i & 1U) != 0) out.value(std::string_view(fact.values[i]));
    }
    out.end_array();
  }
};

class ProfileWriter {
 public:
  ProfileWriter(const Vocabulary& vocabulary, std::string& out) : vocabulary_(vocabulary), json_(out) {}

  void write(const ProfileData& profile) {
    const auto& [fingerprint, id, from_record, recorded, recorded_place, facts, digest, diagnostics] = profile;
    json_.begin_object();
    json_.key("diagnostics");
    json_.begin_array();
    for (const Diagnostic& diagnostic : diagnostics) write(diagnostic);
    json_.end_array();
    json_.member("digest", std::string_view(digest));
    json_.key("facts");
    json_.begin_array();
    for (const FactAnswers& fact : facts) write(fact);
    json_.end_array();
    json_.member("from_record", from_record);
    json_.member("id", std::string_view(id));
    if (recorded) json_.member("recorded", std::string_view(to_string(*recorded)));
    write("recorded_place", recorded_place);
    json_.member("schema", kSchema);
    json_.end_object();
  }

 private:
  void write(std::string_view key, const Place& place) {
    const auto& [file, line, column] = place;
    json_.key(key);
    json_.begin_array();
    json_.value(std::string_view(file));
    json_.value(std::int64_t{line});
    json_.value(std::int64_t{column});
    json_.end_array();
  }

  void write(const Diagnostic& diagnostic) {
    const auto& [level, code, place, message, help] = diagnostic;
    json_.begin_object();
    json_.member("code", std::string_view(code));
    json_.member("help", std::string_view(help));
    json_.member("level", static_cast<std::int64_t>(level));
    json_.member("message", std::string_view(message));
    write("place", place);
    json_.end_object();
  }

  void write(const FactAnswers& fact) {
    const auto& [id, answers] = fact;
    json_.begin_object();
    json_.key("answers");
    json_.begin_array();
    for (const Answer& answer : answers) write(answer, vocabulary_[id]);
    json_.end_array();
    json_.member("fact", std::string_view(vocabulary_[id].name));
    json_.end_object();
  }

  void write(const Answer& answer, const FactDeclaration& fact) {
    const auto& [content, recorded, source, counted_from, place] = answer;
    json_.begin_object();
    if (counted_from) json_.member("counted_from", std::string_view(to_string(*counted_from)));
    write("place", place);
    if (recorded) json_.member("recorded", std::string_view(to_string(*recorded)));
    json_.member("source", std::string_view(source));
    if (const auto* reason = std::get_if<UnknownReason>(&content)) {
      json_.member("unknown", to_string(*reason));
    } else {
      json_.key("value");
      std::visit(ValueText{fact, json_}, std::get<FactValue>(content));
    }
    json_.end_object();
  }

  const Vocabulary& vocabulary_;
  JsonWriter json_;
};

/// Thrown and caught in this file: what is read was sealed, so anything that does not fit ends it.
struct Misfit {};

const json::value& at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  if (found == nullptr) throw Misfit{};
  return *found;
}

std::string text_of(const json::value& value) {
  if (!value.is_string()) throw Misfit{};
  return std::string(value.get_string());
}

std::int64_t number_of(const json::value& value) {
  if (!value.is_int64()) throw Misfit{};
  return value.get_int64();
}

bool truth_of(const json::value& value) {
  if (!value.is_bool()) throw Misfit{};
  return value.get_bool();
}

const json::array& list_of(const json::value& value) {
  if (!value.is_array()) throw Misfit{};
  return value.get_array();
}

const json::object& object_of(const json::value& value) {
  if (!value.is_object()) throw Misfit{};
  return value.get_object();
}

template <class T>
T must(std::optional<T> value) {
  if (!value) throw Misfit{};
  return *std::move(value);
}

Place place_of(const json::value& value) {
  const json::array& parts = list_of(value);
  if (parts.size() != 3) throw Misfit{};
  return {text_of(parts[0]), static_cast<std::uint32_t>(number_of(parts[1])),
          static_cast<std::uint32_t>(number_of(parts[2]))};
}

std::optional<Date> date_in(const json::object& object, std::string_view key) {
  if (!object.contains(key)) return std::nullopt;
  return must(parse_date(text_of(at(object, key))));
}

UnknownReason reason_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(UnknownReason::kCheckFailed); ++i) {
    if (to_string(static_cast<UnknownReason>(i)) == name) return static_cast<UnknownReason>(i);
  }
  throw Misfit{};
}

ChoiceSet choices_of(const FactDeclaration& fact, const json::array& names) {
  ChoiceSet set;
  for (const json::value& name : names) set.bits |= std::uint64_t{1} << must(fact.value_index(text_of(name)));
  return set;
}

FactValue value_of(const FactDeclaration& fact, const json::value& value) {
  switch (fact.type) {
    case FactType::kBoolean: return truth_of(value);
    case FactType::kInteger: return number_of(value);
    case FactType::kDecimal: return must(Decimal::parse(text_of(value)));
    case FactType::kDate: return must(parse_date(text_of(value)));
    case FactType::kChoice: return Choice{must(fact.value_index(text_of(value)))};
    case FactType::kChoices: return choices_of(fact, list_of(value));
    case FactType::kQuantity: break;
  }
  const json::object& quantity = object_of(value);
  return Quantity{must(Decimal::parse(text_of(at(quantity, "value")))), text_of(at(quantity, "unit"))};
}

Answer answer_of(const FactDeclaration& fact, const json::object& object) {
  Answer answer;
  answer.place = place_of(at(object, "place"));
  answer.recorded = date_in(object, "recorded");
  answer.counted_from = date_in(object, "counted_from");
  answer.source = text_of(at(object, "source"));
  if (object.contains("unknown"))
    answer.content = reason_of(text_of(at(object, "unknown")));
  else
    answer.content = value_of(fact, at(object, "value"));
  return answer;
}

Diagnostic diagnostic_of(const json::object& object) {
  Diagnostic diagnostic;
  diagnostic.code = text_of(at(object, "code"));
  diagnostic.help = text_of(at(object, "help"));
  diagnostic.level = static_cast<DiagnosticLevel>(number_of(at(object, "level")));
  diagnostic.message = text_of(at(object, "message"));
  diagnostic.place = place_of(at(object, "place"));
  return diagnostic;
}

ProfileData profile_of(const json::object& object, const Vocabulary& vocabulary) {
  if (text_of(at(object, "schema")) != kSchema) throw Misfit{};
  ProfileData profile;
  profile.vocabulary = vocabulary.fingerprint();
  profile.id = text_of(at(object, "id"));
  profile.from_record = truth_of(at(object, "from_record"));
  profile.recorded = date_in(object, "recorded");
  profile.recorded_place = place_of(at(object, "recorded_place"));
  profile.digest = text_of(at(object, "digest"));
  for (const json::value& each : list_of(at(object, "facts"))) {
    const json::object& fact = object_of(each);
    const FactId id = must(vocabulary.find(text_of(at(fact, "fact"))));
    FactAnswers& answers = profile.facts.emplace_back(FactAnswers{id, {}});
    for (const json::value& answer : list_of(at(fact, "answers")))
      answers.answers.push_back(answer_of(vocabulary[id], object_of(answer)));
  }
  // Ids follow the order in which packs are loaded: they may be others than when it was written.
  std::sort(profile.facts.begin(), profile.facts.end(),
            [](const FactAnswers& a, const FactAnswers& b) { return a.fact < b.fact; });
  for (const json::value& each : list_of(at(object, "diagnostics")))
    profile.diagnostics.push_back(diagnostic_of(object_of(each)));
  return profile;
}

}  // namespace

std::string to_text(const ProfileData& profile, const Vocabulary& vocabulary) {
  std::string out;
  ProfileWriter(vocabulary, out).write(profile);
  return out;
}

std::optional<ProfileData> parse_profile(std::string_view text, const Vocabulary& vocabulary) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  try {
    return profile_of(value.get_object(), vocabulary);
  } catch (const Misfit&) {
    return std::nullopt;
  }
}

}  // namespace caveat
