// What the resources of a record say of facts, one statement for each, before they are weighed against each other.
#pragma once

#include "profile/fhir_moment.hpp"
#include "profile/fhir_record.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace caveat {

/// One resource's word on one fact.
struct FhirStatement {
  enum class Kind : std::uint8_t {
    kPresence,  ///< a condition, an allergy, a medication is there
    kOpposite,  ///< it is over, or was refuted
    kAnswer,    ///< an observation or a form's item says a value, or that there is none
    kPatient    ///< the patient's own data
  };

  FactId fact = 0;
  Kind kind = Kind::kPresence;
  FhirType type = FhirType::kCondition;
  std::variant<UnknownReason, FactValue> content;
  std::optional<Date> counted_from;  ///< the value is the completed years since then
  std::optional<FhirMoment> when;
  std::string source;
};

/// Collects statements and says why something is not used.
class FhirStatements {
 public:
  FhirStatements(FhirRecord& record, const Vocabulary& vocabulary) : record_(record), vocabulary_(vocabulary) {}

  /// Everything that the record says, in the order of its resources.
  std::vector<FhirStatement> read();

  /// Reports, once for each resource, that it is not usable.
  void unusable(const FhirResource& resource, std::size_t offset, const std::string& why, const std::string& help = {});
  void add(FhirStatement statement) { statements_.push_back(std::move(statement)); }

  [[nodiscard]] FhirRecord& record() { return record_; }
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  /// `statement` with what every one needs.
  [[nodiscard]] FhirStatement of(const FhirResource& resource, FactId fact, FhirStatement::Kind kind) const;

 private:
  void read_one(FhirResource& resource);
  bool safe_to_process(const FhirResource& resource);

  FhirRecord& record_;
  const Vocabulary& vocabulary_;
  std::vector<FhirStatement> statements_;
  const FhirResource* reported_ = nullptr;
};

// What follows reads one kind of resource each.

void read_listed(FhirResource& resource, FhirStatements& out);  ///< conditions, allergies, medications
void read_observation(FhirResource& resource, FhirStatements& out);
void read_questionnaire(FhirResource& resource, FhirStatements& out);
void read_patient(FhirResource& resource, FhirStatements& out);

/// A date of a resource. `bad` is set when it is there and cannot be understood.
std::optional<FhirMoment> moment_of(const FhirView& date, bool& bad);

}  // namespace caveat
