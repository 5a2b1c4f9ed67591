#include "base/digest.hpp"
#include "base/quote.hpp"
#include "profile/fhir_settle.hpp"
#include "profile/profile.hpp"
#include "vocabulary/fhir_query.hpp"

#include <algorithm>
#include <map>

namespace caveat {

namespace {

class FhirProfile {
 public:
  FhirProfile(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary, const ProfileOptions& options)
      : sources_(sources), vocabulary_(vocabulary), options_(options) {}

  Result<ProfileData> read() {
    if (!record_.read(sources_, vocabulary_, options_)) return fail(ErrorKind::kInput, errors());
    FhirStatements reader(record_, vocabulary_);
    std::vector<FhirStatement> statements = reader.read();
    for (FhirPart& part : record_.parts) add_failure(part, statements);
    if (statements.size() > options_.facts_max) return fail(ErrorKind::kInput, too_many());
    ProfileData profile;
    profile.from_record = true;
    profile.id = record_.patient.size() <= kShortTextMax ? record_.patient : std::string();
    profile.facts = settle(std::move(statements), record_, vocabulary_);
    profile.diagnostics = diagnostics();
    profile.vocabulary = vocabulary_.fingerprint();
    profile.digest = sha256(canonical_json(profile, vocabulary_));
    return profile;
  }

 private:
  [[nodiscard]] Diagnostic too_many() const {
    return {DiagnosticLevel::kError,
            "too-many-facts",
            {sources_.front().name, 0, 0},
            "the record has more than " + std::to_string(options_.facts_max) + " answers",
            "a profile is one person's; ask for less"};
  }

  // A search that failed leaves every fact that it was for in doubt.
  void add_failure(FhirPart& part, std::vector<FhirStatement>& statements) {
    if (part.state != FhirPart::State::kFailed) return;
    part.report.warning("source-failed", 0, "the server answered with an OperationOutcome instead of data",
                        "what it was asked for is not known");
    for (FactId id = 0; id < vocabulary_.size(); ++id) {
      for (const FhirBinding& binding : vocabulary_[id].fhir) {
        if (!part.source->query.empty() && !asks_for(part.source->query, binding)) continue;
        FhirStatement unknown;
        unknown.fact = id;
        unknown.kind = FhirStatement::Kind::kAnswer;
        unknown.type = binding.resource;
        unknown.content = UnknownReason::kInvalid;
        unknown.source = part.source->name.substr(0, std::min(part.source->name.size(), kNameMax));
        statements.push_back(std::move(unknown));
        break;
      }
    }
  }

  [[nodiscard]] std::vector<Diagnostic> errors() {
    std::vector<Diagnostic> out;
    for (FhirPart& part : record_.parts) {
      for (Diagnostic& diagnostic : part.report.take()) {
        if (diagnostic.level == DiagnosticLevel::kError) out.push_back(std::move(diagnostic));
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<Diagnostic> diagnostics() {
    std::vector<Diagnostic> out;
    std::map<std::string, std::size_t> others;
    for (FhirPart& part : record_.parts) {
      if (part.state == FhirPart::State::kAbsent) {
        out.push_back({DiagnosticLevel::kNote,
                       "source-absent",
                       {part.source->name, 0, 0},
                       "this was not given: what would be read from it is unknown",
                       {}});
      }
      for (Diagnostic& diagnostic : part.report.take()) out.push_back(std::move(diagnostic));
      for (const auto& [type, count] : part.others) others[type] += count;
    }
    std::string list;
    for (const auto& [type, count] : others) list += (list.empty() ? "" : ", ") + std::to_string(count) + " " + type;
    if (!list.empty()) {
      out.push_back({DiagnosticLevel::kNote,
                     "not-read",
                     {sources_.front().name, 0, 0},
                     "no fact is read from these resources: " + list,
                     "`caveat facts` lists what is read"});
    }
    return out;
  }

  static constexpr std::size_t kNameMax = 200;

  const std::vector<FhirSource>& sources_;
  const Vocabulary& vocabulary_;
  const ProfileOptions& options_;
  FhirRecord record_;
};

}  // namespace

Result<ProfileData> read_profile_fhir(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary,
                                      const ProfileOptions& options) {
  if (sources.empty()) return read_profile_fhir({FhirSource{}}, vocabulary, options);
  return FhirProfile(sources, vocabulary, options).read();
}

Result<ProfileData> read_profile_fhir(std::string_view text, const Vocabulary& vocabulary,
                                      const ProfileOptions& options) {
  FhirSource source;
  source.name = options.file;
  source.text = text;
  auto profile = read_profile_fhir(std::vector<FhirSource>{source}, vocabulary, options);
  if (!profile) return profile;
  // The result must not depend on where the record lies: it is found again by its digest alone.
  for (Diagnostic& diagnostic : profile->diagnostics) diagnostic.place.file.clear();
  return profile;
}

}  // namespace caveat
