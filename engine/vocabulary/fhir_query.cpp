#include "vocabulary/fhir_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace caveat {

namespace {

// What a value of a search parameter must escape: separators of its own (FHIR 4.0.1, search, 3.1.1.4.0.1), then what a
// query may not hold. `|` between system and code stays readable, as every server takes it.
std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~:/|";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == ',' || c == '$' || c == '\\') out += "%5C";
    if (plain || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool coded = text[i] == '%' && i + 2 < text.size() &&
                       std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3;
    if (coded) i += 2;
    out += coded ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

template <class Visit>
void split(std::string_view text, char separator, const Visit& visit) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) visit(text.substr(at, end - at));
    at = end + 1;
  }
}

// Parameters that choose the patient, or the form of the answer, and leave nothing out.
bool leaves_all_in(std::string_view parameter) {
  constexpr std::array kHarmless = std::to_array<std::string_view>(
      {"patient", "subject", "_count", "_sort", "_format", "_pretty", "_total", "_include", "_revinclude"});
  return std::find(kHarmless.begin(), kHarmless.end(), parameter.substr(0, parameter.find(':'))) != kHarmless.end();
}

// Of `code=a,b`: commas inside a code are escaped by a backslash.
std::vector<std::string> asked_codes(std::string_view value) {
  std::vector<std::string> asked(1);
  const std::string text = decoded(value);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      asked.back() += text[++i];
    } else if (text[i] == ',') {
      asked.emplace_back();
    } else {
      asked.back() += text[i];
    }
  }
  return asked;
}

bool asks_for_all(std::string_view value, const std::vector<std::string>& codes) {
  const auto asked = asked_codes(value);
  return !codes.empty() && std::all_of(codes.begin(), codes.end(), [&](const std::string& code) {
    return std::find(asked.begin(), asked.end(), code) != asked.end();
  });
}

bool asks_for_one(std::string_view value, const std::vector<std::string>& codes) {
  const auto asked = asked_codes(value);
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
    return std::find(asked.begin(), asked.end(), code) != asked.end();
  });
}

bool everything_has(std::string_view parameters, FhirType type) {
  bool has = true;
  split(parameters, '&', [&](std::string_view parameter) {
    const std::string_view key = parameter.substr(0, parameter.find('='));
    if (key == "_type") {
      bool named = false;
      const std::string types = decoded(parameter.substr(std::min(parameter.size(), key.size() + 1)));
      split(types, ',', [&](std::string_view each) { named = named || each == to_string(type); });
      has = has && named;
    } else {
      has = has && leaves_all_in(key);
    }
  });
  return has;
}

// What a query asks by, of one type of resource.
struct Collected {
  std::vector<std::string> codes;
  std::vector<std::string> questionnaires;
  std::vector<FactId> facts;
};

template <class T>
void add_once(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::string joined(const std::vector<std::string>& codes) {
  std::string out;
  for (const std::string& code : codes) out += (out.empty() ? "" : ",") + escaped(code);
  return out;
}

std::string query_of(FhirType type, const std::vector<std::string>& codes, std::string_view patient) {
  if (type == FhirType::kPatient) return "Patient/" + std::string(patient);
  const std::string head = std::string(to_string(type)) + "?patient=" + std::string(patient);
  return head + (type == FhirType::kQuestionnaireResponse ? "&questionnaire=" : "&code=") + joined(codes);
}

}  // namespace

std::vector<FhirQuery> fhir_queries(const Vocabulary& vocabulary, std::span<const FactId> facts,
                                    std::string_view patient) {
  std::array<Collected, FhirIndex::kTypes> types;
  for (const FactId fact : facts) {
    for (const FhirBinding& binding : vocabulary[fact].fhir) {
      Collected& type = types[static_cast<std::size_t>(binding.resource)];
      for (const std::string& code : binding.codes) add_once(type.codes, code);
      if (!binding.questionnaire.empty()) add_once(type.questionnaires, binding.questionnaire);
      add_once(type.facts, fact);
    }
  }
  std::vector<FhirQuery> out;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto type = static_cast<FhirType>(i);
    if (types[i].facts.empty()) continue;
    std::sort(types[i].facts.begin(), types[i].facts.end());
    if (type != FhirType::kQuestionnaireResponse) {
      out.push_back({type, query_of(type, types[i].codes, patient), types[i].facts});
      continue;
    }
    for (const std::string& form : types[i].questionnaires) {
      FhirQuery query{type, query_of(type, {form}, patient), {}};
      for (const FactId fact : types[i].facts) {
        const auto& bindings = vocabulary[fact].fhir;
        const auto of_form = [&](const FhirBinding& binding) { return binding.questionnaire == form; };
        if (std::any_of(bindings.begin(), bindings.end(), of_form)) query.serves.push_back(fact);
      }
      out.push_back(std::move(query));
    }
  }
  return out;
}

bool asks_for(std::string_view query, const FhirBinding& binding) {
  const std::size_t mark = std::min(query.find('?'), query.size());
  const std::string_view path = query.substr(0, mark);
  const std::string type(to_string(binding.resource));
  if (path.ends_with("/$everything")) return true;
  if (path != type && !path.ends_with('/' + type) && path.find(type + '/') == std::string_view::npos) return false;
  bool asks = true;
  split(query.substr(std::min(mark + 1, query.size())), '&', [&](std::string_view parameter) {
    if (parameter.starts_with("code=") && !binding.codes.empty())
      asks = asks && asks_for_one(parameter.substr(std::string_view("code=").size()), binding.codes);
  });
  return asks;
}

bool covers(std::string_view query, const FhirBinding& binding) {
  const std::size_t mark = std::min(query.find('?'), query.size());
  const std::string_view path = query.substr(0, mark);
  const std::string_view parameters = query.substr(std::min(mark + 1, query.size()));
  const std::string_view last = path.substr(path.find_last_of('/') + 1);
  if (last == "$everything") return everything_has(parameters, binding.resource);
  if (last != to_string(binding.resource) || mark == query.size()) return false;
  bool all = true;
  split(parameters, '&', [&](std::string_view parameter) {
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view key = parameter.substr(0, equals);
    if (key == "code" && equals < parameter.size()) {
      all = all && asks_for_all(parameter.substr(equals + 1), binding.codes);
    } else {
      all = all && leaves_all_in(key);
    }
  });
  return all;
}

}  // namespace caveat
