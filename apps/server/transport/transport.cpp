// The one translation unit that knows Beast: it takes longer to compile than the rest of the service together.
#include "server/transport.hpp"

#include "server/transport/client.hpp"
#include "server/transport/listener.hpp"

#include <thread>

namespace caveat::server {

namespace {

constexpr std::chrono::milliseconds kStep{20};

std::string url_of(const tcp::endpoint& endpoint, bool tls) {
  const std::string address = endpoint.address().to_string();
  return (tls ? "https://" : "http://") + (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
         std::to_string(endpoint.port());
}

Failure cannot_listen(const ListenOptions& options, const std::string& why) {
  return fail(ErrorKind::kInput,
              {DiagnosticLevel::kError,
               "cannot-listen",
               {},
               "cannot listen on `" + options.address + "`, port " + std::to_string(options.port) + ": " + why,
               "choose another with --bind and --port; port 0 takes any that is free"});
}

Result<tcp::endpoint> open_acceptor(const ListenOptions& options, tcp::acceptor& acceptor) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return cannot_listen(options, "this is no IPv4 or IPv6 address");
  const tcp::endpoint wanted(address, options.port);
  acceptor.open(wanted.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(wanted, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(options, error.message());
  keep_from_children(acceptor.native_handle());
  return acceptor.local_endpoint();
}

}  // namespace

struct Transport::Impl {
  Impl(Handler& handler, ListenOptions listen) : options(std::move(listen)), core(handler, options.limits) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(); }

  void start(unsigned wanted) {
    asio::co_spawn(core.acceptor.get_executor(), accept_connections(core), asio::detached);
    const unsigned count = wanted > 0 ? wanted : std::max(2U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i) threads.emplace_back([this] { run(); });
  }

  // An exception that nothing nearer caught has cost its own connection; the others go on.
  void run() {
    for (bool more = true; more;) {
      try {
        core.io.run();
        more = false;
      } catch (const std::exception&) {
        log_event(LogLevel::kError, "connection failed");
      }
    }
  }

  void stop() {
    if (core.stopping.exchange(true) || threads.empty()) return;  // ended already, or never begun
    asio::post(core.acceptor.get_executor(), [this] { core.acceptor.close(); });
    core.end_connections(false);
    const auto end = std::chrono::steady_clock::now() + core.limits.drain_time;
    while (core.connections.taken() > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(kStep);
      core.end_connections(false);  // one may have become idle between its last answer and the order to end
    }
    core.end_connections(true);
    while (core.connections.taken() > 0) std::this_thread::sleep_for(kStep);
    threads.clear();
  }

  Result<void> read_certificate() {
    if (!options.tls) return {};
    auto context = make_tls(*options.tls);
    if (!context) return Failure(std::move(context.error()));
    core.tls.set(*std::move(context));
    return {};
  }

  ListenOptions options;
  Core core;
  tcp::endpoint endpoint;
  std::vector<std::jthread> threads;
};

Result<Transport> Transport::listen(const ListenOptions& options, Handler& handler) {
  auto impl = std::make_unique<Impl>(handler, options);
  if (auto read = impl->read_certificate(); !read) return Failure(std::move(read.error()));
  const auto endpoint = open_acceptor(options, impl->core.acceptor);
  if (!endpoint) return Failure(endpoint.error());
  impl->endpoint = *endpoint;
  impl->start(options.threads);
  return Transport(std::move(impl));
}

Transport::Transport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transport::Transport(Transport&&) noexcept = default;
Transport& Transport::operator=(Transport&&) noexcept = default;
Transport::~Transport() = default;

std::uint16_t Transport::port() const { return impl_->endpoint.port(); }
std::string Transport::url() const { return url_of(impl_->endpoint, impl_->options.tls.has_value()); }
std::size_t Transport::connections() const { return impl_->core.connections.taken(); }
std::size_t Transport::requests() const { return impl_->core.requests.taken(); }
Result<void> Transport::renew_certificate() { return impl_->read_certificate(); }
void Transport::stop() { impl_->stop(); }

struct HttpClient::Impl {
  Impl(const ClientOptions& options, ssl::context context) : core(options, std::move(context)) {}
  ClientCore core;
};

Result<std::unique_ptr<HttpClient>> HttpClient::open(const ClientOptions& options) {
  ssl::context context(ssl::context::tls_client);
  ::SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (options.authorities.empty())
    context.set_default_verify_paths(error);
  else
    context.load_verify_file(options.authorities.string(), error);
  if (error) {
    return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                    "bad-certificate",
                                    {options.authorities.string()},
                                    "the certificates that are to be trusted cannot be read: " + error.message(),
                                    "a PEM file with one or more certificates"});
  }
  return std::unique_ptr<HttpClient>(new HttpClient(std::make_unique<Impl>(options, std::move(context))));
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

void HttpClient::get(const Address& address, const std::string& bearer, std::chrono::steady_clock::time_point deadline,
                     FetchDone done) {
  impl_->core.get(address, bearer, deadline, std::move(done));
}

}  // namespace caveat::server
