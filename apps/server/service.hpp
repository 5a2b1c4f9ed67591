// Service: what is served, and how each request finds who answers it. docs/formats/http.md.
#pragma once

#include <caveat/audit.hpp>

#include "server/authenticator.hpp"
#include "server/card_ledger.hpp"
#include "server/cards.hpp"
#include "server/cds_services.hpp"
#include "server/metrics.hpp"
#include "server/record_fetch.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace caveat::server {

struct ServiceOptions {
  /// Loads packs and plugins: at the start, and again at each reload.
  std::function<Result<Engine>()> load{};
  bool drafts = false;          ///< serve packs that are drafts
  std::string language = "en";  ///< of texts, where a caller asks for none
  ProfileOptions profile{};     ///< limits of what is read; the rest is each request's
  std::function<Instant()> clock = now;
  /// Origins that a browser may call the CDS Hooks services from; `*` is any. None: it may not.
  std::vector<std::string> origins = {"*"};
  /// Who may call; none: anybody who can reach the service.
  AuthenticationOptions authentication{};
  /// Servers that missing data may be fetched from; none: they are not fetched.
  std::vector<FhirServer> fhir_servers{};
  ClientOptions client{};
  std::chrono::milliseconds fetch_time{5'000};  ///< for all that one call needs
};

/// What is in force: one engine and all that follows from it. Immutable; a request keeps the one that it began with.
struct Loaded {
  Loaded(Engine of, std::unique_ptr<Authenticator> asks)
      : engine(std::move(of)), packs(engine.packs()), services(cds_services(engine)), authenticator(std::move(asks)) {}
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  Engine engine;
  std::vector<std::string> packs;
  std::vector<CdsService> services;
  std::unique_ptr<const Authenticator> authenticator;  ///< null: nobody is asked who they are
};

class Service final : public Handler {
 public:
  /// kLoad: the packs and plugins could not be loaded, or may not be served: a draft without leave, or no pack at all.
  static Result<std::unique_ptr<Service>> open(ServiceOptions options, std::optional<AuditLog> log);

  std::optional<Response> admit(const Request& head) override;
  void handle(Request request, Reply reply) override;
  void dress(const Request& head, Response& response) override;
  void note(Traffic traffic) override { metrics_.count(traffic); }

  /// Loads again and puts the result in the place of what is in force. On failure that stays, whole.
  Result<void> reload();
  /// From now on the service is not ready: it answers what still comes, and says so to who asks.
  void begin_to_end() { ending_ = true; }

  // For those who answer.
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  [[nodiscard]] std::shared_ptr<const Loaded> loaded() const;
  [[nodiscard]] const ServiceOptions& options() const { return options_; }
  /// Not while it ends, nor for some seconds after something could not be recorded: then it is worth trying again.
  [[nodiscard]] bool ready() const;
  /// Records an evaluation, where there is a log, and calls `done` once: with the evaluation as JSON in full, or with
  /// nothing where none is recorded, or with why it could not be. INVARIANT: no evaluation is shown before.
  using Recorded = std::function<void(Result<std::optional<std::string>>)>;
  void record(const Evaluation& evaluation, Recorded done);
  /// Keeps in mind which advisories the cards showed, for feedback.
  void remember(const std::vector<IssuedCard>& cards, const Evaluation& evaluation);
  [[nodiscard]] const CardLedger& ledger() const { return ledger_; }
  /// Records feedback; `done` as above. An error where there is no log: it would be lost.
  void record(const Feedback& feedback, std::function<void(Result<std::uint64_t>)> done);
  /// What feedback was heard, since it may come twice.
  [[nodiscard]] RecentTexts& heard() { return heard_; }
  /// The server that a client means, if data may be fetched from it.
  [[nodiscard]] const FhirServer* fhir_server(std::string_view url) const;
  [[nodiscard]] HttpClient* client() { return client_.get(); }

 private:
  Service(ServiceOptions options, std::optional<AuditLog> log);

  ServiceOptions options_;
  Metrics metrics_;
  CardLedger ledger_;
  RecentTexts heard_;
  ReplayGuard replays_;
  std::optional<AuditLog> log_;  ///< its thread still answers while it ends, so it goes first
  mutable std::mutex mutex_;
  std::shared_ptr<const Loaded> loaded_;  ///< guarded by mutex_
  std::unique_ptr<HttpClient> client_;    ///< null: nothing is fetched
  std::atomic<bool> ending_{false};
  std::atomic<std::chrono::steady_clock::time_point> unrecorded_{};  ///< when recording last failed
};

}  // namespace caveat::server
