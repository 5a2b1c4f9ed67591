#include "server/service.hpp"

#include "base/log.hpp"
#include "base/quote.hpp"
#include "evaluation/evaluation_data.hpp"
#include "server/epoch.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"

#include <algorithm>

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
  auto authenticator = Authenticator::load(options.authentication);
  if (!authenticator) return Failure(std::move(authenticator.error()));
  return std::make_shared<const Loaded>(*std::move(engine), *std::move(authenticator));
}

std::string allowed(const std::vector<Method>& methods) {
  std::string out;
  for (const Method method : methods) out += (out.empty() ? "" : ", ") + std::string(to_string(method));
  return out;
}

Response unauthorized() {
  Response response = problem(401, "unauthorized", "this is answered to those who show a valid token");
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

Response not_found() { return problem(404, "not-found", "there is nothing here; /openapi.json lists what there is"); }

Response wrong_method(const Match& match) {
  Response response = problem(405, "method-not-allowed", "this is not answered to that method");
  response.headers.push_back({"Allow", allowed(match.methods)});
  return response;
}

// The methods that are answered to; to a browser that asks before it calls, what it may send too.
Response preflight(const Request& request, const Match& match, const Target& target) {
  Response response;
  response.status = 204;
  response.headers.push_back({"Allow", allowed(match.methods)});
  if (target.path.front() != "cds-services" || request.header("access-control-request-method").empty()) return response;
  response.headers.push_back({"Access-Control-Allow-Methods", allowed(match.methods)});
  response.headers.push_back({"Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language"});
  response.headers.push_back({"Access-Control-Max-Age", "600"});
  return response;
}

// A browser shows the answer to those that are allowed, errors too.
void add_cors_headers(const std::vector<std::string>& origins, std::string_view origin, Response& response) {
  const auto listed = [&](std::string_view each) {
    return std::find(origins.begin(), origins.end(), each) != origins.end();
  };
  if (listed("*")) {
    response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  } else {
    response.headers.push_back({"Vary", "Origin"});
    if (listed(origin)) response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  }
}

// What dress() looks at, when the request itself is on its way.
Request head_of(const Request& request) {
  Request out;
  out.method = request.method;
  out.target = request.target;
  if (const std::string_view origin = request.header("origin"); !origin.empty())
    out.headers.push_back({"origin", std::string(origin)});
  return out;
}

// What is answered concerns one caller: nobody keeps it, and no browser guesses what it is.
void add_common_headers(Response& response) {
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  if (!response.type.starts_with("text/html")) return;
  response.headers.push_back({"Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                              "frame-ancestors 'none'"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
}

}  // namespace

Service::Service(ServiceOptions options, std::optional<AuditLog> log)
    : options_(std::move(options)), log_(std::move(log)) {}

Result<std::unique_ptr<Service>> Service::open(ServiceOptions options, std::optional<AuditLog> log) {
  std::unique_ptr<Service> service(new Service(std::move(options), std::move(log)));
  auto loaded = load(service->options_);
  if (!loaded) return Failure(std::move(loaded.error()));
  service->loaded_ = *std::move(loaded);
  service->replays_.refuse_before(epoch_seconds(service->options_.clock()));
  if (service->options_.fhir_servers.empty()) return service;
  auto client = HttpClient::open(service->options_.client);
  if (!client) return Failure(std::move(client.error()));
  service->client_ = *std::move(client);
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

void Service::record(const Feedback& feedback, std::function<void(Result<std::uint64_t>)> done) {
  if (!log_) {
    return done(fail(ErrorKind::kInternal, {DiagnosticLevel::kError, "no-log", {}, "no audit log is named", {}}));
  }
  log_->record(feedback, std::move(done));
}

const FhirServer* Service::fhir_server(std::string_view url) const {
  const auto& servers = options_.fhir_servers;
  const auto found = std::find_if(servers.begin(), servers.end(), [&](const FhirServer& each) { return each.is(url); });
  return found == servers.end() ? nullptr : &*found;
}

// INVARIANT: of a caller that is not known, no body is read, and the answer does not say why.
std::optional<Response> Service::admit(const Request& head) {
  const auto in_force = loaded();
  if (in_force->authenticator == nullptr || head.method == Method::kOptions) return std::nullopt;
  const auto target = parse_target(head.target);
  if (!target) return std::nullopt;
  const Match match = find_route(head.method, target->path);
  if (match.route == nullptr || match.route->open) return std::nullopt;
  const std::string path = head.target.substr(0, head.target.find('?'));
  const bool known =
      in_force->authenticator->admits(head.header("authorization"), path, epoch_seconds(options_.clock()), replays_);
  if (known) return std::nullopt;
  Response refusal = unauthorized();
  metrics_.answered(match.route->name, refusal.status, {});
  dress(head, refusal);
  return refusal;
}

void Service::dress(const Request& head, Response& response) {
  add_common_headers(response);
  const std::string_view origin = head.header("origin");
  const auto target = origin.empty() ? std::nullopt : parse_target(head.target);
  if (!target || target->path.front() != "cds-services") return;
  add_cors_headers(options_.origins, origin, response);
}

void Service::handle(Request request, Reply reply) {
  auto target = parse_target(request.target);
  Match match = target ? find_route(request.method, target->path) : Match{};
  const Route* route = match.route;
  const auto begun = std::chrono::steady_clock::now();
  const Reply answer([this, route, begun, head = head_of(request), reply = std::move(reply)](Response response) {
    dress(head, response);
    const auto took = std::chrono::steady_clock::now() - begun;
    metrics_.answered(route != nullptr ? route->name : "none", response.status, took);
    reply(std::move(response));
  });
  if (!target) return answer(problem(400, "bad-target", "the request's target cannot be read"));
  if (match.methods.empty()) return answer(not_found());
  if (request.method == Method::kOptions) return answer(preflight(request, match, *target));
  if (route == nullptr) return answer(wrong_method(match));
  if (auto refusal = check_request(*route, request, *target)) return answer(*std::move(refusal));
  route->answer(std::make_shared<Call>(
      Call{*this, loaded(), std::move(request), std::move(*target), route, std::move(match.id), answer}));
}

}  // namespace caveat::server
