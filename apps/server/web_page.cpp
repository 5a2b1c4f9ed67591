// GET and POST /: a page for people who have a browser and nothing else.
#include "server/problem.hpp"
#include "server/routes.hpp"
#include "server/web_form.hpp"

namespace caveat::server {

namespace {

// A parameter goes before what the browser prefers.
OrRefusal<std::string> page_language(const Call& call, std::string_view pack) {
  if (call.query("language") != nullptr) return language_of(call);
  return language_for(call, pack);
}

OrRefusal<WebForm> form_of(const Call& call) {
  const auto id = pack_of(call);
  if (!id) return refuse(id.error());
  const auto language = page_language(call, *id);
  if (!language) return refuse(language.error());
  const Snapshot& snapshot = call.loaded->engine.snapshot();
  const LoadedPack& pack = *snapshot.find(*id);
  return WebForm{snapshot, pack, facts_of(pack), *language, "/?pack=" + *id + "&language=" + *language};
}

}  // namespace

void get_page(const std::shared_ptr<Call>& call) {
  const bool many = call->loaded->packs.size() > 1 && call->query("pack") == nullptr;
  if (many) {
    const auto language = language_of(*call);
    return call->reply(language ? html(write_pack_choice(call->loaded->engine.snapshot(), *language))
                                : language.error());
  }
  const auto form = form_of(*call);
  call->reply(form ? html(write_web_form(*form)) : form.error());
}

void post_page(const std::shared_ptr<Call>& call) {
  auto form = form_of(*call);
  if (!form) return call->reply(form.error());
  auto given = parse_form(call->request.body);
  if (!given) return call->reply(problem(400, "bad-form", "what was filled in cannot be read"));
  form->given = *std::move(given);
  const Instant now = call->service.options().clock();
  const std::string today = now.rfc3339.substr(0, std::string_view("2026-11-22").size());
  const Engine& engine = call->loaded->engine;
  const auto profile = Profile::from_json(profile_of_form(engine.vocabulary(), form->facts, form->given, today),
                                          engine.vocabulary(), call->service.options().profile);
  if (!profile) {
    form->mistakes = profile.error().diagnostics;
    return call->reply(html(write_web_form(*form), 400));
  }
  const std::string& pack = form->pack.pack.id;
  const Evaluation evaluation = engine.evaluate(*profile, {now, pack, form->language});
  call->service.metrics().evaluated(pack);
  call->service.record(evaluation, [call, evaluation](const auto& recorded) {
    if (!recorded) return call->reply(not_recorded());
    if (evaluation.error() != nullptr)
      return call->reply(
          problem("not-evaluated", "nothing could be evaluated: nothing may be concluded", *evaluation.error()));
    call->reply(html(evaluation.to_html()));
  });
}

}  // namespace caveat::server
