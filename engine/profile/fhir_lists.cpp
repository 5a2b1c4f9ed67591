// Conditions, allergies and medications: they say something by being there. How firmly they stand, from their status
// codes, is one of a few things; what that means for a fact is the binding's (docs/formats/fhir.md, 3).
#include "base/quote.hpp"
#include "profile/fhir_statements.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

enum class Standing : std::uint8_t {
  kPresent,
  kEnded,
  kRefuted,
  kUncertain,  ///< suspected, planned, suspended: neither yes nor no
  kNothing,    ///< entered in error, never given: as if it were not there
  kUnusable
};

struct StatusMeaning {
  std::string_view code;
  Standing standing;
};

template <std::size_t N>
Standing standing_of(std::string_view code, const std::array<StatusMeaning, N>& meanings) {
  const auto found =
      std::find_if(meanings.begin(), meanings.end(), [&](const StatusMeaning& each) { return each.code == code; });
  return found == meanings.end() ? Standing::kUnusable : found->standing;
}

// In remission something may come back, so it is not over.
constexpr std::array kClinical = std::to_array<StatusMeaning>({{"active", Standing::kPresent},
                                                               {"recurrence", Standing::kPresent},
                                                               {"relapse", Standing::kPresent},
                                                               {"inactive", Standing::kEnded},
                                                               {"resolved", Standing::kEnded},
                                                               {"remission", Standing::kUncertain}});

constexpr std::array kVerification = std::to_array<StatusMeaning>({{"confirmed", Standing::kPresent},
                                                                   {"unconfirmed", Standing::kUncertain},
                                                                   {"provisional", Standing::kUncertain},
                                                                   {"differential", Standing::kUncertain},
                                                                   {"refuted", Standing::kRefuted},
                                                                   {"entered-in-error", Standing::kNothing}});

constexpr std::array kStatement = std::to_array<StatusMeaning>({{"active", Standing::kPresent},
                                                                {"completed", Standing::kEnded},
                                                                {"stopped", Standing::kEnded},
                                                                {"not-taken", Standing::kRefuted},
                                                                {"intended", Standing::kUncertain},
                                                                {"on-hold", Standing::kUncertain},
                                                                {"unknown", Standing::kUncertain},
                                                                {"entered-in-error", Standing::kNothing}});

// A prescription that was supplied in full does not say that nothing is taken any more.
constexpr std::array kRequest = std::to_array<StatusMeaning>({{"active", Standing::kPresent},
                                                              {"stopped", Standing::kEnded},
                                                              {"completed", Standing::kUncertain},
                                                              {"on-hold", Standing::kUncertain},
                                                              {"unknown", Standing::kUncertain},
                                                              {"draft", Standing::kNothing},
                                                              {"cancelled", Standing::kNothing},
                                                              {"entered-in-error", Standing::kNothing}});

class ListedReader {
 public:
  ListedReader(FhirResource& resource, FhirStatements& out) : resource_(resource), view_(resource.view), out_(out) {}

  void read() {
    if (is_medication() && view_["medicationReference"]) find_medication();
    if (resource_.bindings.empty()) return;
    Standing standing = is_medication() ? medication_standing() : clinical_standing();
    const auto when = date_of_statement(standing);
    if (bad_date_) standing = unusable("has a date that is not one of FHIR's");
    if (standing == Standing::kNothing) return;
    for (const BindingRef ref : resource_.bindings) state(ref, standing, when);
  }

 private:
  [[nodiscard]] bool is_medication() const { return resource_.type.starts_with("Medication"); }

  Standing unusable(const std::string& why, const std::string& help = {}) {
    out_.unusable(resource_, view_.offset(), why, help);
    return Standing::kUnusable;
  }

  // Where the medicine is a resource of its own, its code stands there.
  void find_medication() {
    const std::string_view reference = view_["medicationReference"].text("reference");
    const FhirView medication = out_.record().find_medication(resource_, reference);
    const FhirType type = *parse_fhir_type(resource_.type);
    bool told = false;
    for_each_coding(medication["code"], [&](std::string_view system, std::string_view code) {
      const std::string key = std::string(system) + '|' + std::string(code);
      told = told || (!system.empty() && !code.empty());
      for (const BindingRef ref : out_.vocabulary().fhir().of_code(type, key)) {
        auto& bindings = resource_.bindings;
        if (std::find(bindings.begin(), bindings.end(), ref) == bindings.end()) bindings.push_back(ref);
      }
    });
    if (!told) out_.record().parts[resource_.part].uncoded.emplace(resource_.type);
  }

  Standing clinical_standing() {
    Standing verified = Standing::kPresent;
    if (const FhirView status = view_["verificationStatus"]) verified = concept_standing(status, kVerification);
    if (verified == Standing::kUnusable) return unusable("has a `verificationStatus` that is not understood");
    if (verified != Standing::kPresent) return verified;
    const FhirView status = view_["clinicalStatus"];
    const Standing clinical = status ? concept_standing(status, kClinical) : Standing::kPresent;
    if (clinical == Standing::kUnusable) return unusable("has a `clinicalStatus` that is not understood");
    if (!has_abatement() || clinical != Standing::kPresent) return clinical;
    if (status)
      return unusable("is active, and says when it ended", "its status and its `abatement` contradict each other");
    return Standing::kEnded;
  }

  // Of several codings, the one that is understood; if they disagree, none.
  template <std::size_t N>
  Standing concept_standing(const FhirView& status, const std::array<StatusMeaning, N>& meanings) {
    std::optional<Standing> out;
    for_each_coding(status, [&](std::string_view, std::string_view code) {
      const Standing each = standing_of(code, meanings);
      if (each == Standing::kUnusable || out == Standing::kUnusable) return;
      out = out && *out != each ? Standing::kUnusable : each;
    });
    return out.value_or(Standing::kUnusable);
  }

  [[nodiscard]] bool has_abatement() const {
    for (const char* key :
         {"abatementDateTime", "abatementAge", "abatementPeriod", "abatementRange", "abatementString"}) {
      if (view_[key]) return true;
    }
    return false;
  }

  Standing medication_standing() {
    const std::string_view status = view_.text("status");
    const bool request = resource_.type == "MedicationRequest";
    const Standing standing = request ? standing_of(status, kRequest) : standing_of(status, kStatement);
    if (standing == Standing::kUnusable) return unusable("has a `status` that is not understood");
    if (!request) return standing;
    if (const FhirView negated = view_["doNotPerform"]) {
      if (!negated.is(InputKind::kBoolean)) return unusable("has a `doNotPerform` that is not understood");
      if (negated.node().truth) return Standing::kNothing;
    }
    const std::string_view intent = view_.text("intent");
    const bool proposed = intent == "proposal" || intent == "plan" || intent == "option";
    return proposed && standing == Standing::kPresent ? Standing::kUncertain : standing;
  }

  // When it was so: of what is over, its end; of the rest, when it was recorded, else when it began.
  std::optional<FhirMoment> date_of_statement(Standing standing) {
    if (standing == Standing::kEnded) {
      if (const auto end = end_of()) return end;
    }
    for (const char* key : {"recordedDate", "dateAsserted", "authoredOn", "onsetDateTime", "effectiveDateTime"}) {
      if (const auto date = moment_of(view_[key], bad_date_)) return date;
    }
    for (const char* key : {"onsetPeriod", "effectivePeriod"}) {
      if (const auto date = moment_of(view_[key]["start"], bad_date_)) return date;
    }
    return std::nullopt;
  }

  std::optional<FhirMoment> end_of() {
    if (const auto end = moment_of(view_["abatementDateTime"], bad_date_)) return end;
    for (const char* key : {"abatementPeriod", "effectivePeriod"}) {
      if (const auto end = moment_of(view_[key]["end"], bad_date_)) return end;
    }
    return std::nullopt;
  }

  void state(BindingRef ref, Standing standing, const std::optional<FhirMoment>& when) {
    const FhirBinding& binding = out_.vocabulary()[ref];
    FhirStatement statement = out_.of(resource_, ref.fact, FhirStatement::Kind::kPresence);
    statement.when = when;
    const bool over = standing == Standing::kEnded || standing == Standing::kRefuted;
    const bool counts =
        standing == Standing::kPresent || (standing == Standing::kEnded && binding.tense == FhirTense::kHistory);
    if (standing == Standing::kUnusable) {
      statement.content = UnknownReason::kInvalid;
    } else if (counts) {
      statement.content = *binding.meaning;
    } else if (over) {
      if (!binding.has_opposite()) return;
      statement.kind = FhirStatement::Kind::kOpposite;
      statement.content = FactValue(false);
    }
    out_.add(std::move(statement));
  }

  FhirResource& resource_;
  const FhirView& view_;
  FhirStatements& out_;
  bool bad_date_ = false;
};

}  // namespace

void read_listed(FhirResource& resource, FhirStatements& out) { ListedReader(resource, out).read(); }

}  // namespace caveat
