// Observations, forms and the patient's own data: they say something by their values.
#include "base/quote.hpp"
#include "profile/fhir_value.hpp"

#include <algorithm>

namespace caveat {

namespace {

// The bindings of a resource, fact by fact, in the order of declaration.
template <class Visit>
void for_each_fact(std::vector<BindingRef> bindings, const Visit& visit) {
  std::stable_sort(bindings.begin(), bindings.end(), [](BindingRef a, BindingRef b) { return a.fact < b.fact; });
  for (std::size_t at = 0; at < bindings.size();) {
    std::size_t end = at;
    while (end < bindings.size() && bindings[end].fact == bindings[at].fact) ++end;
    visit(bindings[at].fact, std::span(bindings).subspan(at, end - at));
    at = end;
  }
}

// What all answers of one resource have in common.
class AnswerSink {
 public:
  AnswerSink(const FhirResource& resource, std::optional<FhirMoment> when, FhirStatements& out)
      : resource_(resource), when_(std::move(when)), out_(out) {}

  void add(FactId fact, FhirReading reading) {
    if (!reading.content) return;
    if (!reading.problem.empty()) out_.unusable(resource_, resource_.view.offset(), reading.problem, reading.help);
    FhirStatement statement = out_.of(resource_, fact, FhirStatement::Kind::kAnswer);
    statement.content = *std::move(reading.content);
    statement.when = when_;
    out_.add(std::move(statement));
  }

  void all_invalid(const std::string& why, const std::string& help = {}) {
    for_each_fact(resource_.bindings,
                  [&](FactId fact, std::span<const BindingRef>) { add(fact, {UnknownReason::kInvalid, why, help}); });
  }

 private:
  const FhirResource& resource_;
  std::optional<FhirMoment> when_;
  FhirStatements& out_;
};

std::optional<FhirMoment> observed_at(const FhirView& view, bool& bad) {
  for (const char* key : {"effectiveDateTime", "effectiveInstant"}) {
    if (const auto moment = moment_of(view[key], bad)) return moment;
  }
  const FhirView period = view["effectivePeriod"];
  if (const auto end = moment_of(period["end"], bad)) return end;
  if (const auto start = moment_of(period["start"], bad)) return start;
  return moment_of(view["issued"], bad);
}

FhirReading read_component(const FhirView& observation, const std::string& code, const FhirValueReader& values) {
  FhirView found;
  std::size_t count = 0;
  observation["component"].for_each([&](const FhirView& component) {
    bool named = false;
    for_each_coding(component["code"], [&](std::string_view system, std::string_view each) {
      named = named || std::string(system) + '|' + std::string(each) == code;
    });
    if (!named) return;
    found = component;
    ++count;
  });
  if (count == 0) return {};
  if (count > 1) return {UnknownReason::kInvalid, "has a component twice", {}};
  if (found["modifierExtension"]) return {UnknownReason::kInvalid, "has a component that means something else", {}};
  return values.read(found);
}

void read_values(const FhirResource& resource, FhirStatements& out, InputTree& tree, AnswerSink& sink) {
  for_each_fact(resource.bindings, [&](FactId fact, std::span<const BindingRef> bindings) {
    std::vector<std::string> components;
    for (const BindingRef ref : bindings) {
      const std::string& component = out.vocabulary()[ref].component;
      if (std::find(components.begin(), components.end(), component) == components.end())
        components.push_back(component);
    }
    for (const std::string& component : components) {
      std::vector<BindingRef> mine;
      std::copy_if(bindings.begin(), bindings.end(), std::back_inserter(mine),
                   [&](BindingRef ref) { return out.vocabulary()[ref].component == component; });
      const FhirValueReader values(out.vocabulary(), tree, fact, mine);
      sink.add(fact, component.empty() ? values.read(resource.view) : read_component(resource.view, component, values));
    }
  });
}

void find_items(const FhirView& holder, std::string_view link_id, std::vector<FhirView>& out) {
  holder["item"].for_each([&](const FhirView& item) {
    if (item.text("linkId") == link_id) out.push_back(item);
    find_items(item, link_id, out);
    item["answer"].for_each([&](const FhirView& answer) { find_items(answer, link_id, out); });
  });
}

FhirReading read_items(const FhirView& form, const std::string& link_id, FactType type, const FhirValueReader& values) {
  std::vector<FhirView> items, answers;
  find_items(form, link_id, items);
  for (const FhirView& item : items) {
    if (item["modifierExtension"]) return {UnknownReason::kInvalid, "has an item that means something else", {}};
    item["answer"].for_each([&](const FhirView& answer) { answers.push_back(answer); });
  }
  if (answers.empty()) return {};  // not asked, or left open: nobody said anything
  if (type == FactType::kChoices) return values.read_set(answers);
  if (answers.size() > 1) return {UnknownReason::kInvalid, "has several answers to one item", {}};
  return values.read(answers.front());
}

// `_birthDate` may say why there is no birth date.
bool says_absent(const FhirView& extended) {
  bool absent = false;
  extended["extension"].for_each([&](const FhirView& extension) {
    absent = absent || extension.text("url") == "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
  });
  return absent;
}

class PatientReader {
 public:
  PatientReader(FhirResource& resource, FhirStatements& out)
      : resource_(resource), view_(resource.view), out_(out), sink_(resource, std::nullopt, out) {}

  void read() {
    for_each_fact(resource_.bindings, [&](FactId fact, std::span<const BindingRef> bindings) {
      if (out_.vocabulary()[bindings.front()].element == "birthDate") {
        read_birth_date(fact, bindings);
      } else {
        read_gender(fact, bindings);
      }
    });
  }

 private:
  void read_birth_date(FactId fact, std::span<const BindingRef> bindings) {
    const FhirView date = view_["birthDate"];
    if (!date) {
      if (says_absent(view_["_birthDate"])) sink_.add(fact, {UnknownReason::kNotKnown, {}, {}});
      return;
    }
    const auto parsed = parse_date(date.text());
    if (!parsed) return sink_.add(fact, {UnknownReason::kInvalid, "has a `birthDate` that is no date", {}});
    if (out_.vocabulary()[fact].type == FactType::kDate) {
      const FhirValueReader values(out_.vocabulary(), out_.record().parts[resource_.part].tree, fact, bindings);
      return sink_.add(fact, values.check(InputKind::kString, date.text()));
    }
    const FhirView dead = view_["deceasedBoolean"];
    if (view_["deceasedDateTime"] || (dead && !(dead.is(InputKind::kBoolean) && !dead.node().truth)))
      return sink_.add(fact, {UnknownReason::kInvalid, "has died: no age is counted", {}});
    FhirStatement statement = out_.of(resource_, fact, FhirStatement::Kind::kPatient);
    statement.counted_from = parsed;
    statement.content = UnknownReason::kInvalid;  // until there is a time to count to
    out_.add(std::move(statement));
  }

  void read_gender(FactId fact, std::span<const BindingRef> bindings) {
    const FhirView gender = view_["gender"];
    if (!gender) return;
    for (const BindingRef ref : bindings) {
      const FhirBinding& binding = out_.vocabulary()[ref];
      if (binding.value != "http://hl7.org/fhir/administrative-gender|" + std::string(gender.text())) continue;
      if (binding.means_unknown) return sink_.add(fact, {UnknownReason::kNotKnown, {}, {}});
      return sink_.add(fact, {*binding.meaning, {}, {}});
    }
    sink_.add(fact, {UnknownReason::kInvalid,
                     "has a `gender` that no binding of fact " + in_backticks(out_.vocabulary()[fact].name) + " names",
                     {}});
  }

  FhirResource& resource_;
  const FhirView& view_;
  FhirStatements& out_;
  AnswerSink sink_;
};

}  // namespace

void read_observation(FhirResource& resource, FhirStatements& out) {
  const FhirView& view = resource.view;
  const std::string_view status = view.text("status");
  if (status == "entered-in-error" || status == "cancelled") return;
  bool bad_date = false;
  AnswerSink sink(resource, observed_at(view, bad_date), out);
  if (bad_date) return sink.all_invalid("has a date that is not one of FHIR's");
  if (status != "final" && status != "amended" && status != "corrected")
    return sink.all_invalid("is not final", "`status` must be final, amended or corrected");
  read_values(resource, out, out.record().parts[resource.part].tree, sink);
}

void read_questionnaire(FhirResource& resource, FhirStatements& out) {
  const FhirView& view = resource.view;
  const std::string_view status = view.text("status");
  if (status == "entered-in-error") return;
  bool bad_date = false;
  AnswerSink sink(resource, moment_of(view["authored"], bad_date), out);
  if (bad_date) return sink.all_invalid("has a date that is not one of FHIR's");
  if (status != "completed" && status != "amended")
    return sink.all_invalid("is not completed", "`status` must be completed or amended");
  for_each_fact(resource.bindings, [&](FactId fact, std::span<const BindingRef> bindings) {
    std::vector<std::string> items;
    for (const BindingRef ref : bindings) {
      const std::string& link_id = out.vocabulary()[ref].link_id;
      if (std::find(items.begin(), items.end(), link_id) == items.end()) items.push_back(link_id);
    }
    for (const std::string& link_id : items) {
      std::vector<BindingRef> mine;
      std::copy_if(bindings.begin(), bindings.end(), std::back_inserter(mine),
                   [&](BindingRef ref) { return out.vocabulary()[ref].link_id == link_id; });
      const FhirValueReader values(out.vocabulary(), out.record().parts[resource.part].tree, fact, mine);
      sink.add(fact, read_items(view, link_id, out.vocabulary()[fact].type, values));
    }
  });
}

void read_patient(FhirResource& resource, FhirStatements& out) { PatientReader(resource, out).read(); }

}  // namespace caveat
