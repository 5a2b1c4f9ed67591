// `caveat serve`: the HTTP service, until it is told to end.
#include "commands.hpp"
#include "profiles.hpp"
#include "recording.hpp"
#include "signals.hpp"
#include "surroundings.hpp"

#include "base/log.hpp"
#include "base/quote.hpp"
#include "evaluation/snapshot.hpp"
#include "server/configuration.hpp"
#include "server/service.hpp"
#include "server/transport.hpp"

#include <charconv>
#include <csignal>
#include <sys/resource.h>

namespace caveat::cli {

namespace {

Diagnostic not_recorded() {
  return {DiagnosticLevel::kWarning,
          "not-recorded",
          {},
          "evaluations are not recorded",
          "--no-audit says so; name a log with --audit FILE"};
}

Result<std::uint16_t> read_port(const std::string& text) {
  constexpr std::uint16_t kUsual = 8787;
  if (text.empty()) return kUsual;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  if (error == std::errc() && stopped == end) return port;
  return Failure(usage_error("--port is " + in_backticks(text), "a number from 0 to 65535; 0 takes any that is free"));
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

/// What is typed, over what the configuration says.
struct Wanted {
  server::ServiceOptions service;
  server::ListenOptions listen;
};

// Whoever reaches the address could ask, and read along: that has to be wanted.
Result<void> check_exposure(const Arguments& arguments, const Wanted& wanted) {
  const bool guarded = wanted.listen.tls && !wanted.service.authentication.issuers.empty();
  if (is_loopback(wanted.listen.address) || guarded || arguments.allow_insecure) return {};
  return Failure(usage_error("--bind is " + in_backticks(wanted.listen.address) +
                                 ", where others could call without encryption and authentication",
                             "give a certificate and name the clients ([[server.client]] in the configuration), bind "
                             "to 127.0.0.1 behind a proxy that does both, or say --allow-insecure"));
}

Result<void> read_listen_options(const Arguments& arguments, server::ListenOptions& options) {
  const auto port = read_port(arguments.port);
  if (!port) return Failure(port.error());
  options.port = *port;
  if (!arguments.bind.empty()) options.address = arguments.bind;
  if (arguments.tls_certificate.empty() != arguments.tls_key.empty())
    return Failure(usage_error("a certificate and its key belong together", "give --tls-certificate and --tls-key"));
  if (!arguments.tls_key.empty()) options.tls = server::TlsFiles{arguments.tls_certificate, arguments.tls_key};
  return {};
}

// Each connection is a descriptor, and the usual bound of a shell is low.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// At a reload the configuration is read again too.
Result<Engine> load_anew(Arguments arguments) {
  auto configuration = read_configured(arguments);
  if (!configuration) return Failure(std::move(configuration.error()));
  arguments.configuration = std::move(*configuration);
  return load_engine(find_surroundings(arguments), {.lasting = true});
}

Result<Wanted> read_wanted(const Arguments& arguments) {
  Wanted out;
  const auto configuration = read_configured(
      arguments, [&](ConfigurationTable& table) { server::read_table(table, out.service, out.listen.limits); });
  if (!configuration) return Failure(configuration.error());
  if (auto read = read_listen_options(arguments, out.listen); !read) return Failure(read.error());
  if (auto exposed = check_exposure(arguments, out); !exposed) return Failure(exposed.error());
  out.service.load = [arguments] { return load_anew(arguments); };
  out.service.profile = configuration->profile;
  out.service.drafts = arguments.allow_drafts;
  out.service.language = arguments.language;
  return out;
}

Result<void> reload_all(server::Service& service, server::Transport& transport) {
  if (auto certificate = transport.renew_certificate(); !certificate) return certificate;
  return service.reload();
}

void reload(server::Service& service, server::Transport& transport, Console& console) {
  const auto reloaded = reload_all(service, transport);
  if (reloaded) return console.err_line("reloaded");
  console.report(reloaded.error());
  console.err_line("not reloaded: what was in force stays");
}

int serve(server::Service& service, const server::ListenOptions& options, Console& console) {
  Signals signals;
  auto transport = server::Transport::listen(options, service);
  if (!transport) return console.report(transport.error());
  console.err_line("listening on " + transport->url());
  int signal = signals.next();
  for (; signal == SIGHUP; signal = signals.next()) reload(service, *transport, console);
  service.begin_to_end();
  transport->stop();
  return kDone;
}

}  // namespace

int run_serve(const Arguments& arguments, Console& console) {
  const auto wanted = read_wanted(arguments);
  if (!wanted) return console.report(wanted.error());
  auto audit = open_service_audit(arguments);
  if (!audit) return console.report(audit.error());
  if (!audit->log) console.report(not_recorded());
  if (!audit->chosen.empty()) console.err_line("recording into " + audit->chosen.string());
  auto service = server::Service::open(wanted->service, std::move(audit->log));
  if (!service) return console.report(service.error());
  const auto loaded = (*service)->loaded();
  const auto languages = loaded->engine.snapshot().guard.languages();
  if (auto known = check_choice("--lang", arguments.language, languages); !known) return console.report(known.error());
  for (const Diagnostic& diagnostic : loaded->engine.diagnostics()) console.report(diagnostic);
  raise_descriptor_limit();
  return serve(**service, wanted->listen, console);
}

}  // namespace caveat::cli
