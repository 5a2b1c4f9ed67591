// POST /v1/evaluations: a profile or a FHIR record in, an evaluation out.
#include "base/text_file.hpp"
#include "evaluation/snapshot.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"
#include "values/temporal.hpp"

namespace caveat::server {

namespace {

/// In the order of the route's media types.
enum class Form : std::uint8_t { kJson, kFhir, kHtml, kMarkdown, kText };

struct Wanted {
  EvaluateOptions evaluate;
  RenderOptions render;
  Form form = Form::kJson;
};

Explain explain_of(const Call& call) {
  const std::string* level = call.query("explain");
  if (level == nullptr || *level == "full") return Explain::kFull;
  return *level == "brief" ? Explain::kBrief : Explain::kNone;
}

OrRefusal<Wanted> read_wanted(const Call& call) {
  Wanted wanted;
  auto pack = pack_of(call);
  if (!pack) return refuse(std::move(pack.error()));
  auto language = language_of(call);
  if (!language) return refuse(std::move(language.error()));
  const std::string* at = call.query("at");
  if (at != nullptr && !parse_rfc3339(*at))
    return refuse(bad_parameter("at", *at, "RFC 3339 with an offset, such as 2026-11-22T10:00:00+01:00"));
  wanted.evaluate = {at != nullptr ? Instant{*at} : call.service.options().clock(), *std::move(pack),
                     *std::move(language)};
  wanted.render.explain = explain_of(call);
  wanted.form = static_cast<Form>(*choose_media(call.request.header("accept"), call.route->gives));
  return wanted;
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = without_byte_order_mark(text).find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Result<Profile> read_profile(const Call& call) {
  const std::string& body = call.request.body;
  const Vocabulary& vocabulary = call.loaded->engine.vocabulary();
  ProfileOptions options = call.service.options().profile;
  if (const std::string* patient = call.query("patient")) options.patient = *patient;
  const std::string type = media_type(call.request.header("content-type"));
  if (type == "application/toml") return Profile::from_toml(body, vocabulary, options);
  if (type == "application/fhir+json") return Profile::from_fhir(body, vocabulary, options);
  // JSON and FHIR are told apart by content. What does not begin as JSON must not be taken for TOML.
  return looks_like_json(body) ? Profile::from_text(body, vocabulary, options)
                               : Profile::from_json(body, vocabulary, options);
}

std::string render(const Evaluation& evaluation, const Wanted& wanted) {
  switch (wanted.form) {
    case Form::kFhir: return evaluation.to_fhir(wanted.render);
    case Form::kHtml: return evaluation.to_html(wanted.render);
    case Form::kMarkdown: return evaluation.to_markdown(wanted.render);
    case Form::kText: return evaluation.to_text(wanted.render);
    case Form::kJson: break;
  }
  return evaluation.to_json(wanted.render);
}

Response answer_with(const Call& call, const Evaluation& evaluation, const Wanted& wanted, std::string text) {
  if (evaluation.error() != nullptr)
    return problem("not-evaluated", "the profile could not be evaluated: nothing may be concluded",
                   *evaluation.error());
  Response response;
  response.type = call.route->gives[static_cast<std::size_t>(wanted.form)];
  if (response.type.starts_with("text/")) response.type += "; charset=utf-8";
  response.body = std::move(text);
  return response;
}

}  // namespace

void post_evaluation(const std::shared_ptr<Call>& call) {
  const auto wanted = read_wanted(*call);
  if (!wanted) return call->reply(wanted.error());
  const auto profile = read_profile(*call);
  if (!profile) return call->reply(problem("bad-profile", "the profile cannot be read as it is", profile.error()));
  const Evaluation evaluation = call->loaded->engine.evaluate(*profile, wanted->evaluate);
  call->service.metrics().evaluated(wanted->evaluate.pack);
  // The log keeps the evaluation as JSON in full, which is what most ask for.
  const bool as_recorded = wanted->form == Form::kJson && wanted->render.explain == Explain::kFull;
  std::optional<std::string> text;
  if (!as_recorded) text = render(evaluation, *wanted);
  call->service.record(evaluation, [call, evaluation, wanted = *wanted, text = std::move(text)](auto recorded) {
    if (!recorded) return call->reply(not_recorded());
    std::string shown = text ? *text : *recorded ? **std::move(recorded) : render(evaluation, wanted);
    call->reply(answer_with(*call, evaluation, wanted, std::move(shown)));
  });
}

}  // namespace caveat::server
