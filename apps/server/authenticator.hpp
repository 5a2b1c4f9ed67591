// Who calls: JSON Web Tokens as CDS Hooks asks for them. Cryptography is libjose's; which tokens count is decided here.
// docs/formats/cds-hooks.md, 6.
#pragma once

#include <caveat/result.hpp>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

/// A client that may call: who it says it is, and its public keys.
struct Issuer {
  std::string iss;
  std::filesystem::path keys;      ///< a JWK Set of public keys: EC on P-384, RSA of 2048 bits or more
  std::vector<std::string> jku{};  ///< what its tokens may name as the keys' address. They are read from `keys` alone
};

struct AuthenticationOptions {
  std::string base_url{};  ///< that clients call, without a slash at its end: `https://cds.example.org`
  std::vector<Issuer> issuers{};
};

/// Texts that were seen lately: the newest 65,536.
class RecentTexts {
 public:
  /// Whether the text comes for the first time.
  bool first(const std::string& text);
  /// It came to nothing: the next time is the first.
  void forget(const std::string& text);

 private:
  std::mutex mutex_;
  std::set<std::string> seen_;
  std::deque<std::string> order_;
};

/// Tokens that were used, until they end: none counts twice.
class ReplayGuard {
 public:
  /// What was issued before is refused, since nobody remembers whether it was used.
  void refuse_before(std::int64_t seconds) { begun_ = seconds; }
  [[nodiscard]] std::int64_t begun() const { return begun_; }
  /// False when it was used before, or when more are in use than are remembered.
  bool use(const std::string& token, std::int64_t ends, std::int64_t now);

 private:
  std::int64_t begun_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> used_;
  std::multimap<std::int64_t, std::string> by_end_;
};

class Authenticator {
 public:
  /// Reads the keys. Null without issuers. kInput when a file is no JWK Set, or holds a key that may not be used:
  /// private, symmetric, of another curve, too short, without a `kid` of its own.
  static Result<std::unique_ptr<Authenticator>> load(const AuthenticationOptions& options);

  /// Whether an Authorization header shows a token that counts for this path now. Uses it up.
  [[nodiscard]] bool admits(std::string_view authorization, std::string_view path, std::int64_t now,
                            ReplayGuard& replays) const;

  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  ~Authenticator();

 private:
  struct Impl;
  explicit Authenticator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat::server
