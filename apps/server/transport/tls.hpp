// The service's certificate. It can be renewed while connections go on.
#pragma once

#include "base/quote.hpp"
#include "server/transport.hpp"

#include <boost/asio/ssl.hpp>

#include <memory>
#include <mutex>

namespace caveat::server {

namespace asio = boost::asio;

/// TLS 1.2 and 1.3, with the library's own choice of ciphers. Files are PEM; a key with a password is refused, since
/// nobody is there to type it.
inline Result<std::shared_ptr<asio::ssl::context>> make_tls(const TlsFiles& files) {
  const auto refused = [](const std::filesystem::path& file, const std::string& why) {
    return fail(ErrorKind::kInput,
                {DiagnosticLevel::kError,
                 "bad-certificate",
                 {file.string()},
                 why,
                 "PEM: the certificate with its chain in one file, its key without a password in another"});
  };
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  ::SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  ::SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
  boost::system::error_code error;
  context->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); },
                                 error);
  context->use_certificate_chain_file(files.certificate.string(), error);
  if (error) return refused(files.certificate, "the certificate cannot be used: " + error.message());
  context->use_private_key_file(files.key.string(), asio::ssl::context::pem, error);
  if (error) return refused(files.key, "the certificate's key cannot be used: " + error.message());
  return context;
}

/// The context that new connections take; null where there is none.
class TlsContext {
 public:
  [[nodiscard]] std::shared_ptr<asio::ssl::context> get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(std::shared_ptr<asio::ssl::context> context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_;
};

}  // namespace caveat::server
