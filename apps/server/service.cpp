#include "server/service.hpp"

#include "base/log.hpp"
#include "base/quote.hpp"
#include "evaluation/evaluation_data.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"

namespace caveat::server {

namespace {

// A draft is not for patients, and a service without a pack would answer everything with "unknown pack".
Result<void> check_servable(const Engine& engine, bool drafts) {
  std::vector<Diagnostic> found;
  for (const auto& loaded : engine.snapshot().packs) {
    const Pack& pack = loaded->pack;
    if (pack.status != PackStatus::kDraft || drafts) continue;
    found.push_back({DiagnosticLevel::kError, "draft-pack", pack.place,
                     "the pack " + in_backticks(pack.id) + " is a draft, and drafts are not served",
                     "serve it knowingly with --allow-drafts, or take it out of the rules"});
  }
  if (engine.packs().empty())
    found.push_back({DiagnosticLevel::kError, "no-pack", {}, "the rules hold no pack", "name some with --rules DIR"});
  if (!found.empty()) return fail(ErrorKind::kLoad, std::move(found));
  return {};
}

Result<std::shared_ptr<const Loaded>> load(const ServiceOptions& options) {
  auto engine = options.load();
  if (!engine) return Failure(std::move(engine.error()));
  if (auto servable = check_servable(*engine, options.drafts); !servable) return Failure(std::move(servable.error()));
  return std::make_shared<const Loaded>(*std::move(engine));
}

std::string allowed(const std::vector<Method>& methods) {
  std::string out;
  for (const Method method : methods) out += (out.empty() ? "" : ", ") + std::string(to_string(method));
  return out;
}

Response not_found() { return problem(404, "not-found", "there is nothing here; /openapi.json lists what there is"); }

Response wrong_method(const Match& match) {
  Response response = problem(405, "method-not-allowed", "this is not answered to that method");
  response.headers.push_back({"Allow", allowed(match.methods)});
  return response;
}

// What is answered concerns one caller: nobody keeps it, and no browser guesses what it is.
void add_common_headers(Response& response) {
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
}

}  // namespace

Service::Service(ServiceOptions options, std::optional<AuditLog> log)
    : options_(std::move(options)), log_(std::move(log)) {}

Result<std::unique_ptr<Service>> Service::open(ServiceOptions options, std::optional<AuditLog> log) {
  std::unique_ptr<Service> service(new Service(std::move(options), std::move(log)));
  auto loaded = load(service->options_);
  if (!loaded) return Failure(std::move(loaded.error()));
  service->loaded_ = *std::move(loaded);
  return service;
}

Result<void> Service::reload() {
  auto fresh = load(options_);
  metrics_.count(fresh ? Event::kReloaded : Event::kNotReloaded);
  if (!fresh) return Failure(std::move(fresh.error()));
  const std::lock_guard lock(mutex_);
  loaded_ = *std::move(fresh);
  return {};
}

std::shared_ptr<const Loaded> Service::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

bool Service::ready() const {
  constexpr std::chrono::seconds kPause{5};
  const auto failed = unrecorded_.load();
  const bool records = failed == decltype(failed){} || std::chrono::steady_clock::now() - failed > kPause;
  return !ending_ && records;
}

void Service::record(const Evaluation& evaluation, Recorded done) {
  if (!log_) return done(std::nullopt);
  log_->record(evaluation, [this, done = std::move(done)](Result<AuditReceipt> receipt) {
    if (receipt) return done(std::move(receipt->result));
    metrics_.count(Event::kUnrecorded);
    unrecorded_ = std::chrono::steady_clock::now();
    for (const Diagnostic& diagnostic : receipt.error().diagnostics)
      log_event(LogLevel::kError, "not recorded", {{"code", diagnostic.code}});
    done(Failure(std::move(receipt.error())));
  });
}

void Service::remember(const std::vector<IssuedCard>& cards, const Evaluation& evaluation) {
  const std::string id = evaluation.data().id();
  for (const IssuedCard& card : cards) ledger_.remember(card.uuid, {id, card.advisory});
}

std::optional<Response> Service::admit(const Request&) { return std::nullopt; }

void Service::handle(Request request, Reply reply) {
  auto target = parse_target(request.target);
  Match match = target ? find_route(request.method, target->path) : Match{};
  const Route* route = match.route;
  const auto begun = std::chrono::steady_clock::now();
  const Reply answer([this, route, begun, reply = std::move(reply)](Response response) {
    add_common_headers(response);
    const auto took = std::chrono::steady_clock::now() - begun;
    metrics_.answered(route != nullptr ? route->name : "none", response.status, took);
    reply(std::move(response));
  });
  if (!target) return answer(problem(400, "bad-target", "the request's target cannot be read"));
  if (match.methods.empty()) return answer(not_found());
  if (route == nullptr) return answer(wrong_method(match));
  if (auto refusal = check_request(*route, request, *target)) return answer(*std::move(refusal));
  route->answer(std::make_shared<Call>(
      Call{*this, loaded(), std::move(request), std::move(*target), route, std::move(match.id), answer}));
}

}  // namespace caveat::server
