// A certificate of one's own for 127.0.0.1, made on the spot by openssl's command.
#pragma once

#include "evaluation/kit.hpp"
#include "server/transport.hpp"
#include "support/process.hpp"

namespace caveat::tls_kit {

class Certificate {
 public:
  Certificate() {
    testing::Command command;
    command.arguments = {"openssl",
                         "req",
                         "-x509",
                         "-newkey",
                         "ec",
                         "-pkeyopt",
                         "ec_paramgen_curve:prime256v1",
                         "-nodes",
                         "-days",
                         "2",
                         "-subj",
                         "/CN=caveat test",
                         "-addext",
                         "subjectAltName=IP:127.0.0.1",
                         "-keyout",
                         (folder_.path() / "key.pem").string(),
                         "-out",
                         (folder_.path() / "cert.pem").string()};
    const auto made = testing::run(command);
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
  }
  [[nodiscard]] server::TlsFiles files() const { return {folder_.path() / "cert.pem", folder_.path() / "key.pem"}; }

 private:
  kit::TempFolder folder_;
};

}  // namespace caveat::tls_kit
