// The C interface: the one file where C++ ends. Every function is noexcept and catches what is thrown; a failed
// allocation is a status, and leaves everything as it was.
#include <caveat/caveat.h>

#include <caveat/audit.hpp>
#include <caveat/caveat.hpp>

#include "base/json_writer.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>

using caveat::Diagnostic;
using caveat::Error;
using caveat::Result;

struct caveat_options {
  caveat::EngineOptions engine;
  caveat::AuditOptions audit;
};

struct caveat_engine {
  explicit caveat_engine(caveat::Engine loaded) : handle(std::move(loaded)) {}
  caveat::EngineHandle handle;
};

struct caveat_profile {
  caveat::Engine engine;  ///< as it was when the profile was read
  caveat::Profile profile;
};

struct caveat_evaluation {
  explicit caveat_evaluation(caveat::Evaluation made)
      : evaluation(std::move(made)), advisories(evaluation.advisories()), outcomes(evaluation.outcomes()) {}
  caveat::Evaluation evaluation;
  std::vector<caveat::AdvisoryView> advisories;  ///< made once: looking at one must not fail
  std::vector<caveat::OutcomeView> outcomes;
};

struct caveat_audit {
  explicit caveat_audit(caveat::AuditLog opened) : log(std::move(opened)) {}
  caveat::AuditLog log;
};

namespace {

template <class Body>
caveat_status guarded(Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return CAVEAT_OUT_OF_MEMORY;
  } catch (...) {
    return CAVEAT_EXCEPTION;
  }
}

caveat_text text_of(std::string_view text) noexcept { return {text.empty() ? "" : text.data(), text.size()}; }

std::string string_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

caveat_status status_of(caveat::ErrorKind kind) {
  switch (kind) {
    case caveat::ErrorKind::kInput: return CAVEAT_BAD_INPUT;
    case caveat::ErrorKind::kLoad: return CAVEAT_NOT_LOADED;
    case caveat::ErrorKind::kInternal: break;
  }
  return CAVEAT_FAILED;
}

void tell(const caveat_reporter* reporter, const std::vector<Diagnostic>& diagnostics) {
  if (reporter == nullptr || reporter->report == nullptr) return;
  for (const Diagnostic& each : diagnostics) {
    caveat_diagnostic out{};
    out.size = sizeof out;
    out.level = static_cast<std::uint32_t>(each.level) + 1;
    out.line = each.place.line;
    out.column = each.place.column;
    out.code = text_of(each.code);
    out.file = text_of(each.place.file);
    out.message = text_of(each.message);
    out.help = text_of(each.help);
    reporter->report(reporter->context, &out);
  }
}

// An error without reasons is one for which no memory was left (audit.hpp).
caveat_status tell(const caveat_reporter* reporter, const Error& error) {
  if (error.diagnostics.empty()) return CAVEAT_OUT_OF_MEMORY;
  tell(reporter, error.diagnostics);
  return status_of(error.kind);
}

caveat_status refuse(const caveat_reporter* reporter, const char* code, std::string message, std::string help) {
  const std::vector<Diagnostic> all = {
      {caveat::DiagnosticLevel::kError, code, {}, std::move(message), std::move(help)}};
  tell(reporter, all);
  return CAVEAT_BAD_INPUT;
}

// What a caller filled in, with zeros for what it does not know of. Nothing when it has no size.
template <class Struct>
std::optional<Struct> whole(const Struct* given) {
  Struct out{};
  if (given == nullptr) return out;
  if (given->size < sizeof given->size) return std::nullopt;
  std::memcpy(&out, given, std::min(given->size, sizeof out));
  return out;
}

// Gives out as much as the caller's struct holds.
template <class Struct>
caveat_status hand_out(const Struct& full, Struct* out) {
  const std::size_t size = out->size;
  if (size < sizeof size) return CAVEAT_MISUSE;
  std::memcpy(out, &full, std::min(size, sizeof full));
  out->size = size;
  return CAVEAT_OK;
}

caveat_status give_string(const std::string& text, char** out, std::size_t* size) {
  auto* const copy = new char[text.size() + 1];
  std::memcpy(copy, text.c_str(), text.size() + 1);
  *out = copy;
  if (size != nullptr) *size = text.size();
  return CAVEAT_OK;
}

std::optional<bool> truth_of(std::string_view value) {
  if (value == "true") return true;
  if (value == "false") return false;
  return std::nullopt;
}

caveat_status set_option(caveat_options& options, std::string_view name, const std::string& value,
                         const caveat_reporter* reporter) {
  if (auto checked = caveat::check_text(value, std::string(name), caveat::ErrorKind::kInput); !checked)
    return tell(reporter, checked.error());
  const auto set_truth = [&](bool& target) -> caveat_status {
    const auto truth = truth_of(value);
    if (!truth) return refuse(reporter, "bad-option", std::string(name) + " is `" + value + "`", "`true` or `false`");
    target = *truth;
    return CAVEAT_OK;
  };
  if (value.empty()) return refuse(reporter, "bad-option", std::string(name) + " is empty", "give it a value");
  if (name == "rules")
    options.engine.rules.paths.emplace_back(value);
  else if (name == "plugins")
    options.engine.plugins.paths.emplace_back(value);
  else if (name == "wording")
    options.engine.wording = value;
  else if (name == "retired")
    return set_truth(options.engine.retired);
  else if (name == "trust.allow_unsigned")
    return set_truth(options.engine.trust.allow_unsigned);
  else if (name == "audit.file")
    options.audit.file = value;
  else if (name == "audit.key")
    options.audit.key = value;
  else if (name == "audit.anchor")
    options.audit.anchor = value;
  else if (name == "audit.keep_profiles")
    return set_truth(options.audit.profiles);
  else if (name == "audit.profiles_key")
    options.audit.profiles_key = value;
  else
    return refuse(reporter, "unknown-option", "there is no option `" + std::string(name) + "`",
                  "caveat.h lists those that there are");
  return CAVEAT_OK;
}

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

const char* caveat_status_name(caveat_status status) {
  switch (status) {
    case CAVEAT_OK: return "ok";
    case CAVEAT_FAILED: return "failed";
    case CAVEAT_EXCEPTION: return "exception";
    case CAVEAT_OUT_OF_MEMORY: return "out-of-memory";
    case CAVEAT_BAD_INPUT: return "bad-input";
    case CAVEAT_NOT_LOADED: return "not-loaded";
    case CAVEAT_MISUSE: return "misuse";
    default: return "unknown";
  }
}

const char* caveat_version(void) { return CAVEAT_VERSION; }

caveat_status caveat_options_new(caveat_options** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  return guarded([&] {
    *out = new caveat_options;
    return CAVEAT_OK;
  });
}

void caveat_options_free(caveat_options* options) { delete options; }

caveat_status caveat_options_set(caveat_options* options, const char* name, const char* value,
                                 const caveat_reporter* reporter) {
  if (options == nullptr || name == nullptr || value == nullptr) return CAVEAT_MISUSE;
  return guarded([&] { return set_option(*options, name, value, reporter); });
}

caveat_status caveat_engine_load(const caveat_options* options, const caveat_reporter* reporter, caveat_engine** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    auto engine = caveat::Engine::load(options->engine);
    if (!engine) return tell(reporter, engine.error());
    tell(reporter, engine->diagnostics());
    *out = new caveat_engine(*std::move(engine));
    return CAVEAT_OK;
  });
}

caveat_status caveat_engine_reload(caveat_engine* engine, const caveat_options* options,
                                   const caveat_reporter* reporter) {
  if (engine == nullptr || options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    auto loaded = caveat::Engine::load(options->engine);
    if (!loaded) return tell(reporter, loaded.error());
    tell(reporter, loaded->diagnostics());
    engine->handle.replace(*std::move(loaded));
    return CAVEAT_OK;
  });
}

caveat_status caveat_engine_packs(const caveat_engine* engine, char** out, size_t* size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr) return CAVEAT_MISUSE;
  return guarded([&] {
    std::string text;
    caveat::JsonWriter json(text);
    json.begin_array();
    for (const std::string& id : engine->handle.get().packs()) json.value(std::string_view(id));
    json.end_array();
    return give_string(text, out, size);
  });
}

void caveat_engine_free(caveat_engine* engine) { delete engine; }

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

void caveat_string_free(char* text) { delete[] text; }

caveat_status caveat_now(char* out, size_t size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const std::string now = caveat::now().rfc3339;
    if (size <= now.size()) return CAVEAT_MISUSE;
    std::memcpy(out, now.c_str(), now.size() + 1);
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_open(const caveat_options* options, const caveat_reporter* reporter, caveat_audit** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    if (options->audit.file.empty())
      return refuse(reporter, "bad-option", "no audit log is named", "set the option `audit.file`");
    auto log = caveat::AuditLog::open(options->audit);
    if (!log) return tell(reporter, log.error());
    *out = new caveat_audit(*std::move(log));
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_record(const caveat_audit* audit, const caveat_evaluation* evaluation,
                                  const caveat_reporter* reporter, uint64_t* sequence) {
  if (audit == nullptr || evaluation == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto receipt = audit->log.record(evaluation->evaluation);
    if (!receipt) return tell(reporter, receipt.error());
    if (sequence != nullptr) *sequence = receipt->sequence;
    return CAVEAT_OK;
  });
}

caveat_status caveat_audit_feedback(const caveat_audit* audit, const char* evaluation, const char* rule,
                                    uint32_t outcome, const char* reason, const caveat_reporter* reporter,
                                    uint64_t* sequence) {
  if (audit == nullptr || evaluation == nullptr || rule == nullptr) return CAVEAT_MISUSE;
  if (outcome != CAVEAT_FEEDBACK_ACCEPTED && outcome != CAVEAT_FEEDBACK_OVERRIDDEN) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    const auto which =
        outcome == CAVEAT_FEEDBACK_ACCEPTED ? caveat::FeedbackOutcome::kAccepted : caveat::FeedbackOutcome::kOverridden;
    const auto number = audit->log.record(caveat::Feedback{evaluation, rule, which, string_of(reason)});
    if (!number) return tell(reporter, number.error());
    if (sequence != nullptr) *sequence = *number;
    return CAVEAT_OK;
  });
}

void caveat_audit_close(caveat_audit* audit) { delete audit; }
