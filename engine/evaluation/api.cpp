// The public classes: each a handle on an immutable value.
#include <caveat/caveat.hpp>

#include "evaluation/evaluation_data.hpp"
#include "evaluation/render.hpp"
#include "vocabulary/fhir_query.hpp"

#include <array>

namespace caveat {

namespace {

constexpr std::array<std::string_view, 4> kDispositions = {"refer", "incomplete", "insufficient-information",
                                                           "no-contraindication-found"};

}  // namespace

std::string_view to_string(Disposition disposition) { return kDispositions[static_cast<std::size_t>(disposition)]; }

std::optional<Disposition> parse_disposition(std::string_view name) {
  for (std::size_t i = 0; i < kDispositions.size(); ++i) {
    if (kDispositions[i] == name) return static_cast<Disposition>(i);
  }
  return std::nullopt;
}

Result<Profile> Profile::wrap(Result<ProfileData> data) {
  if (!data) return tl::unexpected(std::move(data.error()));
  return Profile(std::make_shared<const ProfileData>(std::move(*data)));
}

Result<Profile> Profile::from_json(std::string_view text, const Vocabulary& vocabulary, const ProfileOptions& options) {
  return wrap(read_profile_json(text, options.file, vocabulary, options));
}

Result<Profile> Profile::from_toml(std::string_view text, const Vocabulary& vocabulary, const ProfileOptions& options) {
  return wrap(read_profile_toml(text, options.file, vocabulary, options));
}

Result<Profile> Profile::from_fhir(std::string_view text, const Vocabulary& vocabulary, const ProfileOptions& options) {
  return wrap(read_profile_fhir(text, vocabulary, options));
}

Result<Profile> Profile::from_fhir(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary,
                                   const ProfileOptions& options) {
  return wrap(read_profile_fhir(sources, vocabulary, options));
}

Result<Profile> Profile::from_text(std::string_view text, const Vocabulary& vocabulary, const ProfileOptions& options) {
  return wrap(read_profile(text, options.file, vocabulary, options));
}

const std::string& Profile::id() const { return data_->id; }
const std::string& Profile::digest() const { return data_->digest; }
const std::vector<Diagnostic>& Profile::diagnostics() const { return data_->diagnostics; }

const Error* Evaluation::error() const { return data_->error ? &*data_->error : nullptr; }
Disposition Evaluation::disposition() const { return data_->disposition; }
bool Evaluation::complete() const { return data_->complete; }
const std::string& Evaluation::summary() const { return data_->summary; }
const std::vector<Diagnostic>& Evaluation::diagnostics() const { return data_->diagnostics; }

std::string_view Evaluation::pack() const { return data_->loaded == nullptr ? std::string_view() : data_->pack().id; }

std::string_view Evaluation::deferral() const {
  return data_->loaded == nullptr ? std::string_view() : data_->text(data_->pack().deferral);
}

std::vector<AdvisoryView> Evaluation::advisories() const {
  std::vector<AdvisoryView> out;
  out.reserve(data_->advisories.size());
  for (const Advisory& advisory : data_->advisories) {
    const Subject& subject = advisory.subject;
    out.push_back({subject.id(), subject.kind(), caveat::to_string(subject.role()), caveat::to_string(advisory.status),
                   caveat::to_string(advisory.severity), advisory.title, advisory.statement});
  }
  return out;
}

std::vector<OutcomeView> Evaluation::outcomes() const {
  std::vector<OutcomeView> out;
  out.reserve(data_->outcomes.size());
  for (const SubjectOutcome& outcome : data_->outcomes) {
    out.push_back({outcome.subject.id(), outcome.subject.kind(), caveat::to_string(outcome.status)});
  }
  return out;
}

std::string Evaluation::to_json(const RenderOptions& options) const { return render_json(*data_, options); }
std::string Evaluation::to_text(const RenderOptions& options) const { return render_text(*data_, options); }
std::string Evaluation::to_markdown(const RenderOptions& options) const { return render_markdown(*data_, options); }
std::string Evaluation::to_fhir(const RenderOptions& options) const { return render_fhir(*data_, options); }
std::string Evaluation::to_html(const RenderOptions& options) const { return caveat::to_html({*this}, options); }

std::string to_html(const std::vector<Evaluation>& evaluations, const RenderOptions& options) {
  std::vector<const EvaluationData*> all;
  for (const Evaluation& evaluation : evaluations) all.push_back(&evaluation.data());
  return render_html(all, options);
}

Result<Engine> Engine::load(const EngineOptions& options) {
  auto snapshot = load_snapshot(options);
  if (!snapshot) return tl::unexpected(std::move(snapshot.error()));
  return Engine(std::move(*snapshot));
}

const Vocabulary& Engine::vocabulary() const { return snapshot_->vocabulary; }
const std::vector<Diagnostic>& Engine::diagnostics() const { return snapshot_->diagnostics; }

std::vector<std::string> Engine::packs() const {
  std::vector<std::string> out;
  for (const auto& pack : snapshot_->packs) out.push_back(pack->pack.id);
  return out;
}

std::vector<RecordQuery> Engine::record_queries(std::string_view pack, std::string_view patient) const {
  const LoadedPack* loaded = snapshot_->find(pack);
  if (loaded == nullptr) return {};
  std::vector<FactId> facts = loaded->pack.facts;
  for (const LoadedPack* used : loaded->used)
    facts.insert(facts.end(), used->pack.facts.begin(), used->pack.facts.end());
  std::vector<RecordQuery> out;
  for (const FhirQuery& query : fhir_queries(vocabulary(), facts, patient)) {
    RecordQuery& each = out.emplace_back(RecordQuery{std::string(to_string(query.resource)), query.query, {}});
    for (const FactId fact : query.serves) each.serves.push_back(vocabulary()[fact].name);
  }
  return out;
}

Evaluation Engine::evaluate(const Profile& profile, const EvaluateOptions& options) const {
  return Evaluation(caveat::evaluate(snapshot_, profile.data_, options));
}

}  // namespace caveat
