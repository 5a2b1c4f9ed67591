// Profiles and their evaluations.
#include "c_api/handles.hpp"

#include "base/text_file.hpp"

#include <memory>

using caveat::Error;
using caveat::Result;
using caveat::c_api::give_string;
using caveat::c_api::guarded;
using caveat::c_api::hand_out;
using caveat::c_api::string_of;
using caveat::c_api::tell;
using caveat::c_api::text_of;
using caveat::c_api::whole;

namespace {

std::optional<caveat::ProfileOptions> profile_options(const caveat_reading* given) {
  const auto reading = whole(given);
  if (!reading) return std::nullopt;
  caveat::ProfileOptions options;
  if (reading->file != nullptr) options.file = reading->file;
  options.lenient = reading->lenient != 0;
  if (reading->bytes_max != 0) options.bytes_max = reading->bytes_max;
  if (reading->depth_max != 0) options.depth_max = reading->depth_max;
  if (reading->facts_max != 0) options.facts_max = reading->facts_max;
  if (reading->patient != nullptr) options.patient = reading->patient;
  return options;
}

// Nothing when there is no time, or a text is not one.
std::optional<caveat::EvaluateOptions> evaluate_options(const caveat_request* given) {
  const auto request = given == nullptr ? std::nullopt : whole(given);
  if (!request || request->at == nullptr) return std::nullopt;
  caveat::EvaluateOptions options;
  options.at.rfc3339 = request->at;
  options.pack = string_of(request->pack);
  if (request->language != nullptr) options.language = request->language;
  for (const std::string* text : {&options.at.rfc3339, &options.pack, &options.language}) {
    if (!caveat::check_text(*text, "request", caveat::ErrorKind::kInput)) return std::nullopt;
  }
  return options;
}

Result<caveat::Profile> read_profile(const caveat::Engine& engine, const char* text, std::size_t size,
                                     const caveat::ProfileOptions& options, const caveat_reporter* reporter) {
  auto profile = caveat::Profile::from_text({text, size}, engine.vocabulary(), options);
  if (profile) tell(reporter, profile->diagnostics());
  return profile;
}

// Nothing when a source has no size, or a text without an address.
std::optional<std::vector<caveat::FhirSource>> fhir_sources(const caveat_source* const* given, std::size_t count) {
  std::vector<caveat::FhirSource> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto source = given[i] == nullptr ? std::nullopt : whole(given[i]);
    if (!source || (source->text == nullptr && source->text_size > 0)) return std::nullopt;
    caveat::FhirSource& into = out.emplace_back();
    if (source->name != nullptr) into.name = source->name;
    if (source->text != nullptr) into.text = std::string_view(source->text, source->text_size);
    into.query = string_of(source->query);
  }
  return out;
}

caveat_status evaluate(const caveat::Engine& engine, const caveat::Profile& profile,
                       const caveat::EvaluateOptions& options, const caveat_reporter* reporter,
                       caveat_evaluation** out) {
  auto made = std::make_unique<caveat_evaluation>(engine.evaluate(profile, options));
  const Error* const error = made->evaluation.error();
  const caveat_status status = error == nullptr ? CAVEAT_OK : tell(reporter, *error);
  *out = made.release();
  return status;
}

}  // namespace

caveat_status caveat_profile_read(const caveat_engine* engine, const char* text, size_t size,
                                  const caveat_reading* reading, const caveat_reporter* reporter,
                                  caveat_profile** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr || (text == nullptr && size > 0)) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto options = profile_options(reading);
    if (!options) return CAVEAT_MISUSE;
    caveat::Engine now = engine->handle.get();
    auto profile = read_profile(now, text, size, *options, reporter);
    if (!profile) return tell(reporter, profile.error());
    *out = new caveat_profile{std::move(now), *std::move(profile)};
    return CAVEAT_OK;
  });
}

caveat_status caveat_profile_read_record(const caveat_engine* engine, const caveat_source* const* sources, size_t count,
                                         const caveat_reading* reading, const caveat_reporter* reporter,
                                         caveat_profile** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr || (sources == nullptr && count > 0)) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto options = profile_options(reading);
    const auto parts = fhir_sources(sources, count);
    if (!options || !parts) return CAVEAT_MISUSE;
    caveat::Engine now = engine->handle.get();
    auto profile = caveat::Profile::from_fhir(*parts, now.vocabulary(), *options);
    if (!profile) return tell(reporter, profile.error());
    tell(reporter, profile->diagnostics());
    *out = new caveat_profile{std::move(now), *std::move(profile)};
    return CAVEAT_OK;
  });
}

caveat_text caveat_profile_id(const caveat_profile* profile) {
  return text_of(profile == nullptr ? std::string_view() : profile->profile.id());
}

caveat_text caveat_profile_digest(const caveat_profile* profile) {
  return text_of(profile == nullptr ? std::string_view() : profile->profile.digest());
}

void caveat_profile_free(caveat_profile* profile) { delete profile; }

caveat_status caveat_profile_evaluate(const caveat_profile* profile, const caveat_request* request,
                                      const caveat_reporter* reporter, caveat_evaluation** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (profile == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto options = evaluate_options(request);
    if (!options) return CAVEAT_MISUSE;
    return evaluate(profile->engine, profile->profile, *options, reporter, out);
  });
}

caveat_status caveat_engine_evaluate(const caveat_engine* engine, const char* text, size_t size,
                                     const caveat_reading* reading, const caveat_request* request,
                                     const caveat_reporter* reporter, caveat_evaluation** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr || (text == nullptr && size > 0)) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto how = profile_options(reading);
    const auto options = evaluate_options(request);
    if (!how || !options) return CAVEAT_MISUSE;
    const caveat::Engine now = engine->handle.get();
    const auto profile = read_profile(now, text, size, *how, reporter);
    if (!profile) return tell(reporter, profile.error());
    return evaluate(now, *profile, *options, reporter, out);
  });
}

uint32_t caveat_evaluation_disposition(const caveat_evaluation* evaluation) {
  if (evaluation == nullptr) return CAVEAT_DISPOSITION_NONE;
  return static_cast<std::uint32_t>(evaluation->evaluation.disposition()) + 1;
}

uint32_t caveat_evaluation_complete(const caveat_evaluation* evaluation) {
  return evaluation != nullptr && evaluation->evaluation.complete() ? 1 : 0;
}

caveat_text caveat_evaluation_pack(const caveat_evaluation* evaluation) {
  return text_of(evaluation == nullptr ? std::string_view() : evaluation->evaluation.pack());
}

caveat_text caveat_evaluation_summary(const caveat_evaluation* evaluation) {
  return text_of(evaluation == nullptr ? std::string_view() : evaluation->evaluation.summary());
}

caveat_text caveat_evaluation_deferral(const caveat_evaluation* evaluation) {
  return text_of(evaluation == nullptr ? std::string_view() : evaluation->evaluation.deferral());
}

size_t caveat_evaluation_advisory_count(const caveat_evaluation* evaluation) {
  return evaluation == nullptr ? 0 : evaluation->advisories.size();
}

caveat_status caveat_evaluation_advisory(const caveat_evaluation* evaluation, size_t index, caveat_advisory* out) {
  if (evaluation == nullptr || out == nullptr || index >= evaluation->advisories.size()) return CAVEAT_MISUSE;
  const caveat::AdvisoryView& from = evaluation->advisories[index];
  const caveat_advisory full = {sizeof full,         text_of(from.id),       text_of(from.kind),
                                text_of(from.role),  text_of(from.status),   text_of(from.severity),
                                text_of(from.title), text_of(from.statement)};
  return hand_out(full, out);
}

size_t caveat_evaluation_outcome_count(const caveat_evaluation* evaluation) {
  return evaluation == nullptr ? 0 : evaluation->outcomes.size();
}

caveat_status caveat_evaluation_outcome(const caveat_evaluation* evaluation, size_t index, caveat_rule_outcome* out) {
  if (evaluation == nullptr || out == nullptr || index >= evaluation->outcomes.size()) return CAVEAT_MISUSE;
  const caveat::OutcomeView& from = evaluation->outcomes[index];
  const caveat_rule_outcome full = {sizeof full, text_of(from.rule), text_of(from.kind), text_of(from.status)};
  return hand_out(full, out);
}

caveat_status caveat_evaluation_render(const caveat_evaluation* evaluation, uint32_t format, uint32_t explain,
                                       char** out, size_t* size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (evaluation == nullptr || explain > CAVEAT_EXPLAIN_NONE) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const caveat::Evaluation& from = evaluation->evaluation;
    caveat::RenderOptions options;
    options.explain = explain == CAVEAT_EXPLAIN_FULL    ? caveat::Explain::kFull
                      : explain == CAVEAT_EXPLAIN_BRIEF ? caveat::Explain::kBrief
                                                        : caveat::Explain::kNone;
    options.pretty = format == CAVEAT_FORMAT_JSON_INDENTED;
    switch (format) {
      case CAVEAT_FORMAT_JSON:
      case CAVEAT_FORMAT_JSON_INDENTED: return give_string(from.to_json(options), out, size);
      case CAVEAT_FORMAT_TEXT: return give_string(from.to_text(options), out, size);
      case CAVEAT_FORMAT_MARKDOWN: return give_string(from.to_markdown(options), out, size);
      case CAVEAT_FORMAT_HTML: return give_string(from.to_html(options), out, size);
      case CAVEAT_FORMAT_FHIR: return give_string(from.to_fhir(options), out, size);
      default: return CAVEAT_MISUSE;
    }
  });
}

void caveat_evaluation_free(caveat_evaluation* evaluation) { delete evaluation; }
