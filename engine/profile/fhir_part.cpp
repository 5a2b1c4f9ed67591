// A Bundle is walked entry by entry, so that what no fact is read from is forgotten at once: trees are built in the
// same few kilobytes over and over, and memory grows with what concerns a fact alone.
#include "profile/fhir_part.hpp"

#include "base/quote.hpp"
#include "profile/json_tree.hpp"

#include <algorithm>

namespace caveat {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kWhat = "a record is one Bundle, list or resource";

// The value of `resourceType` in a JSON object, as written, found by a scan that knows strings and brackets alone.
// Nothing where the object has none.
std::optional<std::string_view> resource_type_of(std::string_view text) {
  std::size_t depth = 0;
  bool at_key = false;
  std::string_view key;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t start = ++at;
      while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
      const std::string_view string = text.substr(start, std::min(at, text.size()) - std::min(start, text.size()));
      if (depth != 1) continue;
      if (!at_key && key == "resourceType") return string;
      key = at_key ? string : std::string_view();
      at_key = false;
    } else if (c == '{' || c == '[') {
      at_key = ++depth == 1;
      if (depth == 1 && c == '[') return std::nullopt;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return std::nullopt;
      --depth;
    } else if (c == ',' && depth == 1) {
      at_key = true;
    }
  }
  return std::nullopt;
}

bool is_type_name(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
}

bool same_questionnaire(std::string_view answered, std::string_view bound) {
  if (answered == bound) return true;
  const std::size_t bar = answered.rfind('|');
  return bar != std::string_view::npos && answered.substr(0, bar) == bound;
}

class PartReader {
 public:
  PartReader(FhirPart& part, const Vocabulary& vocabulary, const ProfileOptions& options)
      : part_(part), vocabulary_(vocabulary), options_(options) {}

  bool read() {
    const std::string_view text = without_byte_order_mark(*part_.source->text);
    const std::string& file = part_.source->name;
    if (text.size() > options_.bytes_max) {
      return refuse({DiagnosticLevel::kError,
                     "too-large",
                     {file, 0, 0},
                     "holds more than " + std::to_string(options_.bytes_max) + " bytes",
                     "split it, or raise the limit on its size"});
    }
    if (const auto checked = check_text(text, file, ErrorKind::kInput); !checked)
      return refuse(checked.error().diagnostics.front());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    if (first != std::string_view::npos && text.substr(first, last + 1 - first) == "null") {
      part_.state = FhirPart::State::kEmpty;
      return true;
    }
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
      return refuse(JsonSlip{std::min(first, text.size()), "this is no FHIR resource", std::string(kWhat)});
    part_.state = FhirPart::State::kGiven;
    return parse(text, text[first] == '[');
  }

 private:
  bool refuse(Diagnostic diagnostic) {
    part_.report.add(std::move(diagnostic));
    return false;
  }

  bool refuse(const JsonSlip& slip) {
    part_.report.error(slip.code, slip.offset, slip.message, slip.help);
    return false;
  }

  bool parse(std::string_view text, bool is_list) {
    const auto source = std::make_shared<JsonSource>(text);
    part_.tree.source = source;
    part_.tree.nodes.emplace_back();  // 0 stands for "no node"
    auto document = source->open();
    if (!document) {
      const auto slip = slip_of_brackets(source->text(), kWhat);
      return refuse(slip ? *slip : JsonSlip{0, "this is not JSON", {}});
    }
    // Entries lie three levels down, and what they hold is counted from there.
    const std::size_t depth = options_.depth_max > 0 ? options_.depth_max - 1 : 0;
    JsonTree json(source->text(), part_.source->name, kWhat, part_.tree, depth, nodes_max());
    json_ = &json;
    const auto type = is_list ? std::nullopt : resource_type_of(text);
    const bool read = is_list            ? read_list(*document)
                      : type == "Bundle" ? read_bundle(*document)
                                         : read_single(*document);
    if (!read) return part_.report.has_errors() ? false : refuse(json.slip(*document));
    const char* rest = nullptr;
    if (document->current_location().get(rest) == simdjson::SUCCESS)
      return refuse(JsonSlip{json.offset_of(rest), "more text after the end", std::string(kWhat)});
    for (const Diagnostic& duplicate : part_.tree.duplicates) part_.report.add(duplicate);
    return !part_.report.has_errors();
  }

  // What is kept, and the one entry that is looked at. A hundred for each answer is more than any resource needs.
  [[nodiscard]] std::size_t nodes_max() const {
    constexpr std::size_t kPerFact = 100;
    return options_.facts_max > JsonTree::kNoLimit / kPerFact ? JsonTree::kNoLimit : options_.facts_max * kPerFact;
  }

  bool read_list(ondemand::document& document) {
    part_.list = true;
    ondemand::array array;
    if (const auto error = document.get_array().get(array)) return json_->failed(error);
    for (auto element : array) {
      ondemand::value value;
      if (const auto error = element.get(value)) return json_->failed(error);
      const InputId node = build(value);
      if (node == 0) return false;
      take(FhirView(part_.tree, node), {});
    }
    return true;
  }

  bool read_single(ondemand::document& document) {
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) return json_->failed(error);
    const auto node = static_cast<InputId>(part_.tree.nodes.size());
    mark_ = node;
    part_.tree.nodes.emplace_back().kind = InputKind::kTable;
    if (!json_->fill_table(node, object)) return false;
    const FhirView view(part_.tree, node);
    if (view.text("resourceType") == "OperationOutcome") {
      part_.state = FhirPart::State::kFailed;
    } else {
      take(view, {});
    }
    return true;
  }

  bool read_bundle(ondemand::document& document) {
    part_.list = true;
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) return json_->failed(error);
    const auto bundle = static_cast<InputId>(part_.tree.nodes.size());
    part_.tree.nodes.emplace_back().kind = InputKind::kTable;
    InputId last = 0;
    for (auto field_result : object) {
      ondemand::field field;
      if (const auto error = std::move(field_result).get(field)) return json_->failed(error);
      InputNode node;
      if (!json_->read_key(field, node)) return false;
      if (node.key == "entry") {
        node.offset = node.key_offset;
        part_.tree.append(bundle, last, node);
        if (!read_entries(field.value(), node.key_offset)) return false;
      } else if (!json_->add(bundle, last, node, field.value())) {
        return false;
      }
    }
    json_->find_duplicates(bundle);
    note_bundle(FhirView(part_.tree, bundle));
    return true;
  }

  bool read_entries(ondemand::value value, std::size_t offset) {
    ondemand::array entries;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return json_->failed(error);
    if (type != ondemand::json_type::array)
      return refuse(JsonSlip{offset, "`entry` of a Bundle must be a list", "each entry is an object", "wrong-type"});
    if (const auto error = value.get_array().get(entries)) return json_->failed(error);
    for (auto element : entries) {
      ondemand::value each;
      if (const auto error = element.get(each)) return json_->failed(error);
      const InputId node = build(each);
      if (node == 0) return false;
      take_entry(FhirView(part_.tree, node));
    }
    return true;
  }

  // A tree of its own, above everything kept; 0 after a failure.
  InputId build(ondemand::value value) {
    mark_ = part_.tree.nodes.size();
    const auto holder = static_cast<InputId>(mark_);
    part_.tree.nodes.emplace_back().kind = InputKind::kList;
    InputId last = 0;
    return json_->add(holder, last, {}, value) ? last : 0;
  }

  void forget() { part_.tree.nodes.resize(mark_); }

  void take_entry(const FhirView& entry) {
    const FhirView resource = entry["resource"];
    const std::string_view mode = entry["search"].text("mode");
    if (mode != "include" && mode != "outcome") ++matches_;
    if (resource) return take(resource, entry.text("fullUrl"));
    if (entry["request"].text("method") == "DELETE") return keep_deleted(entry);
    forget();
  }

  void keep_deleted(const FhirView& entry) {
    FhirResource gone;
    gone.view = entry;
    gone.type = entry["request"].text("url");
    gone.full_url = entry.text("fullUrl");
    gone.deleted = true;
    part_.resources.push_back(gone);
  }

  void take(const FhirView& resource, std::string_view full_url) {
    const std::string_view type = resource.text("resourceType");
    if (!is_type_name(type)) {
      part_.report.warning("not-a-resource", resource.offset(), "this has no `resourceType` and is not read",
                           "every resource says its type");
      return forget();
    }
    if (type == "OperationOutcome") return take_outcome(resource);
    if (type == "Bundle") {
      part_.report.warning("nested-bundle", resource.offset(), "a Bundle within a Bundle is not read",
                           "give it as a record of its own");
      part_.incomplete = true;
      return forget();
    }
    constexpr std::size_t kTypesMax = 200;  // FHIR has 148
    std::size_t ordinal = 0;
    if (part_.types.size() < kTypesMax || part_.types.count(type) > 0) ordinal = ++part_.types[std::string(type)];
    std::vector<BindingRef> bindings;
    if (!concerns_a_fact(resource, type, bindings)) {
      ++part_.others[ordinal > 0 ? std::string(type) : "other"];
      return forget();
    }
    part_.resources.push_back({resource, type, full_url, std::move(bindings), ordinal, false, 0});
  }

  // An answer among the entries that something went wrong: what is not here may only not have been found.
  void take_outcome(const FhirView& outcome) {
    bool failed = false;
    outcome["issue"].for_each([&](const FhirView& issue) {
      const std::string_view severity = issue.text("severity");
      failed = failed || (severity != "information" && severity != "warning");
    });
    part_.incomplete = true;
    if (failed) {
      part_.report.warning("operation-outcome", outcome.offset(), "the server reports an error beside its answer",
                           "what is missing here may only not have been found");
    }
    forget();
  }

  bool concerns_a_fact(const FhirView& resource, std::string_view type, std::vector<BindingRef>& bindings) {
    const FhirIndex& index = vocabulary_.fhir();
    if (type == "Patient") {
      const auto refs = index.of_type(FhirType::kPatient);
      bindings.assign(refs.begin(), refs.end());
      return true;
    }
    const bool medication = type == "MedicationStatement" || type == "MedicationRequest";
    if (type == "Medication") {
      return !index.of_type(FhirType::kMedicationStatement).empty() ||
             !index.of_type(FhirType::kMedicationRequest).empty();
    }
    const auto known = parse_fhir_type(type);
    if (!known || index.of_type(*known).empty()) return false;
    if (medication && resource["medicationReference"]) return true;
    if (*known == FhirType::kQuestionnaireResponse) {
      const std::string_view form = resource.text("questionnaire");
      for (const BindingRef ref : index.of_type(*known)) {
        if (same_questionnaire(form, vocabulary_[ref].questionnaire)) bindings.push_back(ref);
      }
    } else {
      add_bindings(resource[medication ? "medicationCodeableConcept" : "code"], *known, index, bindings);
    }
    return !bindings.empty();
  }

  void add_bindings(const FhirView& concept_view, FhirType type, const FhirIndex& index, std::vector<BindingRef>& out) {
    bool told = false;
    for_each_coding(concept_view, [&](std::string_view system, std::string_view code) {
      if (system.empty() || code.empty()) return;
      told = true;
      key_.assign(system);
      key_ += '|';
      key_ += code;
      for (const BindingRef ref : index.of_code(type, key_)) {
        if (std::find(out.begin(), out.end(), ref) == out.end()) out.push_back(ref);
      }
    });
    if (!told) part_.uncoded.emplace(to_string(type));
  }

  void note_bundle(const FhirView& bundle) {
    part_.history = bundle.text("type") == "history";
    bundle["link"].for_each([&](const FhirView& link) {
      const std::string_view relation = link.text("relation");
      if (relation == "self" && bundle.text("type") == "searchset") part_.self = link.text("url");
      if (relation == "next" || relation == "previous" || relation == "prev") part_.incomplete = true;
    });
    const FhirView total = bundle["total"];
    if (total.is(InputKind::kNumber) && total.node().text != std::to_string(matches_)) part_.incomplete = true;
  }

  FhirPart& part_;
  const Vocabulary& vocabulary_;
  const ProfileOptions& options_;
  JsonTree* json_ = nullptr;
  std::size_t mark_ = 0;     // where the entry begins that is looked at
  std::size_t matches_ = 0;  // entries that count for the total
  std::string key_;
};

}  // namespace

bool read_fhir_part(FhirPart& part, const Vocabulary& vocabulary, const ProfileOptions& options) {
  if (!part.source->text) return true;
  return PartReader(part, vocabulary, options).read();
}

bool looks_like_fhir(std::string_view text) {
  text = without_byte_order_mark(text);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  if (text[first] == '{') return resource_type_of(text).has_value();
  const std::size_t element = text.find_first_not_of(" \t\r\n", first + 1);
  const bool list = text[first] == '[' && element != std::string_view::npos && text[element] == '{';
  return list && resource_type_of(text.substr(element)).has_value();
}

}  // namespace caveat
