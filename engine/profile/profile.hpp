// Profile: what is known of one patient, validated against a vocabulary. An immutable value.
#pragma once

#include <caveat/options.hpp>

#include "vocabulary/vocabulary.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace caveat {

/// Why a fact has no value. Order and names are evaluation.md's.
enum class UnknownReason : std::uint8_t {
  kNotAsked,
  kNotKnown,
  kDeclined,
  kStale,
  kConflicting,
  kInvalid,
  kCheckFailed
};

std::string_view to_string(UnknownReason reason);  ///< `not-asked`, …

/// One answer as the profile gives it: a value, or a reason why there is none.
struct Answer {
  std::variant<UnknownReason, FactValue> content;
  std::optional<Date> recorded;  ///< day precision; the day in its own offset when written with a time
  std::string source;            ///< who or what recorded it; empty when not said
  /// From a record: the value is the completed years since this date. There is none before there is a time to count to
  /// (facts' at_time()), and `content` says so.
  std::optional<Date> counted_from{};
  Place place;
};

/// All answers to one fact, in the order given. More than one only when the profile lists several sources.
struct FactAnswers {
  FactId fact = 0;
  std::vector<Answer> answers;
};

struct ProfileData {
  std::string vocabulary;  ///< the fingerprint of the vocabulary that `facts` refers to
  std::string id;
  bool from_record = false;  ///< read from FHIR: what is not usable at some time is unknown then, not an error
  std::optional<Date> recorded;
  Place recorded_place;
  std::vector<FactAnswers> facts;       ///< by FactId, ascending
  std::string digest;                   ///< `sha256:…` over RFC 8785 canonical JSON of the validated facts
  std::vector<Diagnostic> diagnostics;  ///< warnings found while reading
};

/// Readers. All semantic mistakes of the text are reported at once, each with its place in `file`; the first syntax
/// error ends reading. ErrorKind::kInput always.
Result<ProfileData> read_profile_json(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                      const ProfileOptions& options = {});
Result<ProfileData> read_profile_toml(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                      const ProfileOptions& options = {});
/// Reads a FHIR R4 record (docs/formats/fhir.md): a Bundle, a list of resources, or one. What is there and not usable
/// makes its fact unknown, with a warning; it is an error only when the record as a whole cannot be read.
Result<ProfileData> read_profile_fhir(std::string_view text, const Vocabulary& vocabulary,
                                      const ProfileOptions& options = {});
/// The same from several sources, each with a state of its own.
Result<ProfileData> read_profile_fhir(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary,
                                      const ProfileOptions& options = {});
/// Tells the notation by content: JSON when the first character that is not white space is `{`, or is `[` and does not
/// start a TOML table header; FHIR when it is, or its list begins with, an object with a `resourceType`. An empty text
/// is an empty TOML profile.
Result<ProfileData> read_profile(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                 const ProfileOptions& options = {});

/// Facts that stand inside another document (a pack's case), as a profile has them under `facts`. `text` is the
/// document's.
Result<ProfileData> read_profile_facts(const TomlValue& facts, std::string_view text, const std::string& file,
                                       const Vocabulary& vocabulary, const ProfileOptions& options = {});

/// RFC 8785 canonical JSON of the validated facts (decimals as strings): what the digest is over. Each fact is the list
/// of its answers; an answer that has no date of its own stands with the profile's. docs/formats/profile.md.
std::string canonical_json(const ProfileData& profile, const Vocabulary& vocabulary);

}  // namespace caveat
