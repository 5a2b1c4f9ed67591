// The one file that knows libjose and jansson.
#include "server/authenticator.hpp"

#include "base/quote.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <array>
extern "C" {
#include <jose/jose.h>
}
#include <optional>

namespace caveat::server {

namespace {

struct Release {
  void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, Release>;

// Clocks of two machines may differ by so much, and a token may be good for so long.
constexpr std::int64_t kSkew = 60, kLongest = 3'600;
constexpr std::size_t kTokenMax = 8'192, kIdMax = 256;

std::string_view text_of(const json_t* object, const char* key) {
  const json_t* value = json_object_get(object, key);
  return json_is_string(value) ? std::string_view(json_string_value(value), json_string_length(value))
                               : std::string_view();
}

std::optional<std::int64_t> number_of(const json_t* object, const char* key) {
  const json_t* value = json_object_get(object, key);
  if (!json_is_integer(value)) return std::nullopt;
  return static_cast<std::int64_t>(json_integer_value(value));
}

Json parse(std::string_view text) {
  return Json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
}

Json text(std::string_view text) { return Json(json_stringn(text.data(), text.size())); }

// A part of a token, decoded and read as an object; null when it is none.
Json decoded(std::string_view part) {
  std::string out(part.size(), '\0');
  const std::size_t size = jose_b64_dec_buf(part.data(), part.size(), out.data(), out.size());
  if (size == SIZE_MAX || part.empty()) return nullptr;
  Json json = parse(std::string_view(out).substr(0, size));
  return json_is_object(json.get()) ? std::move(json) : nullptr;
}

// INVARIANT: what a key is decides what it verifies with, never what the token says: RSA is RS384, EC is ES384.
std::string_view algorithm_of(const json_t* key) {
  const std::string_view type = text_of(key, "kty");
  if (type == "RSA") return "RS384";
  return type == "EC" && text_of(key, "crv") == "P-384" ? "ES384" : "";
}

std::string complaint_of(const json_t* key) {
  constexpr std::size_t kBytesMin = 256;  // 2048 bits
  if (!json_is_object(key)) return "is no key";
  if (text_of(key, "kid").empty()) return "has no `kid`";
  for (const char* secret : {"d", "p", "q", "k"}) {
    if (json_object_get(key, secret) != nullptr) return "holds a secret: only public keys belong here";
  }
  const std::string_view algorithm = algorithm_of(key);
  if (algorithm.empty()) return "is neither RSA nor EC on the curve P-384";
  if (const std::string_view named = text_of(key, "alg"); !named.empty() && named != algorithm)
    return "is for another algorithm than " + std::string(algorithm);
  if (const std::string_view use = text_of(key, "use"); !use.empty() && use != "sig") return "is not for signatures";
  std::array<char, 8'192> modulus{};
  const std::string_view n = text_of(key, "n");
  const std::size_t size = jose_b64_dec_buf(n.data(), n.size(), modulus.data(), modulus.size());
  if (algorithm == "RS384" && (size == SIZE_MAX || size < kBytesMin)) return "is an RSA key of less than 2048 bits";
  return {};
}

void tell_nobody(void*, const char*, int, std::uint64_t, const char*, va_list) {}

struct ReleaseConfiguration {
  void operator()(jose_cfg_t* cfg) const { jose_cfg_decref(cfg); }
};

// libjose writes what it dislikes to standard error, where a token must not be. Its configurations count their users
// without regard to threads, so each call has its own.
std::unique_ptr<jose_cfg_t, ReleaseConfiguration> silent() {
  std::unique_ptr<jose_cfg_t, ReleaseConfiguration> cfg(jose_cfg());
  if (cfg != nullptr) jose_cfg_set_err_func(cfg.get(), tell_nobody, nullptr);
  return cfg;
}

struct Client {
  std::string iss;
  std::vector<std::string> jku;
  std::map<std::string, Json, std::less<>> keys;  ///< by kid
};

// A token taken apart. `signed_part` is what the signature is over.
struct Token {
  std::string_view head, payload, signature;
};

std::optional<Token> split_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() > kTokenMax || authorization.size() < kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return std::nullopt;
  }
  const std::string_view token = authorization.substr(kScheme.size());
  const std::size_t first = token.find('.'), second = token.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Token{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

bool verifies(const Token& token, const json_t* key) {
  const auto cfg = silent();
  const Json pinned(json_deep_copy(key));
  json_object_set_new(pinned.get(), "alg", text(algorithm_of(key)).release());
  const Json jws(json_object());
  json_object_set_new(jws.get(), "protected", text(token.head).release());
  json_object_set_new(jws.get(), "payload", text(token.payload).release());
  json_object_set_new(jws.get(), "signature", text(token.signature).release());
  return cfg != nullptr && jose_jws_ver(cfg.get(), jws.get(), nullptr, pinned.get(), false);
}

bool names_endpoint(const json_t* payload, const std::string& endpoint) {
  const json_t* audience = json_object_get(payload, "aud");
  if (json_is_string(audience)) return text_of(payload, "aud") == endpoint;
  for (std::size_t i = 0; json_is_array(audience) && i < json_array_size(audience); ++i) {
    const json_t* each = json_array_get(audience, i);
    if (json_is_string(each) && std::string_view(json_string_value(each), json_string_length(each)) == endpoint)
      return true;
  }
  return false;
}

}  // namespace

struct Authenticator::Impl {
  std::string base_url;
  std::vector<Client> clients;

  [[nodiscard]] const Client* find(std::string_view iss) const {
    const auto found =
        std::find_if(clients.begin(), clients.end(), [&](const Client& each) { return each.iss == iss; });
    return found == clients.end() ? nullptr : &*found;
  }

  // The key that the head names, if all else in the head is as it must be.
  static const json_t* key_for(const Client& client, const json_t* head) {
    const auto key = client.keys.find(text_of(head, "kid"));
    if (key == client.keys.end() || text_of(head, "typ") != "JWT") return nullptr;
    if (text_of(head, "alg") != algorithm_of(key->second.get()) || json_object_get(head, "crit") != nullptr)
      return nullptr;
    const json_t* jku = json_object_get(head, "jku");
    const bool listed = std::find(client.jku.begin(), client.jku.end(), text_of(head, "jku")) != client.jku.end();
    return jku == nullptr || (json_is_string(jku) && listed) ? key->second.get() : nullptr;
  }

  static bool is_timely(const json_t* payload, std::int64_t now, std::int64_t begun) {
    const auto issued = number_of(payload, "iat"), ends = number_of(payload, "exp"), begins = number_of(payload, "nbf");
    if (!issued || !ends || (json_object_get(payload, "nbf") != nullptr && !begins)) return false;
    if (*ends <= now || *ends > now + kLongest || *issued > now + kSkew || *issued > *ends) return false;
    return *issued >= begun && (!begins || *begins <= now + kSkew);
  }
};

Result<std::unique_ptr<Authenticator>> Authenticator::load(const AuthenticationOptions& options) {
  if (options.issuers.empty()) return nullptr;
  std::vector<Diagnostic> found;
  const auto complain = [&](const std::filesystem::path& file, std::string what) {
    found.push_back({DiagnosticLevel::kError,
                     "bad-keys",
                     {file.string()},
                     std::move(what),
                     "a JWK Set of the client's public keys"});
  };
  auto impl = std::make_unique<Impl>();
  impl->base_url = options.base_url;
  for (const Issuer& issuer : options.issuers) {
    Client client{issuer.iss, issuer.jku, {}};
    const auto text = read_text(issuer.keys, {}, ErrorKind::kInput);
    const Json set = text ? parse(*text) : nullptr;
    const json_t* keys = json_object_get(set.get(), "keys");
    if (!text) found.insert(found.end(), text.error().diagnostics.begin(), text.error().diagnostics.end());
    if (text && json_array_size(keys) == 0) complain(issuer.keys, "there are no keys");
    for (std::size_t i = 0; i < json_array_size(keys); ++i) {
      json_t* key = json_array_get(keys, i);
      const std::string kid(text_of(key, "kid"));
      if (const std::string complaint = complaint_of(key); !complaint.empty())
        complain(issuer.keys, "key " + std::to_string(i + 1) + " " + complaint);
      else if (!client.keys.emplace(kid, Json(json_incref(key))).second)
        complain(issuer.keys, "two keys have the `kid` " + in_backticks(kid));
    }
    impl->clients.push_back(std::move(client));
  }
  if (!found.empty()) return fail(ErrorKind::kInput, std::move(found));
  return std::unique_ptr<Authenticator>(new Authenticator(std::move(impl)));
}

bool Authenticator::admits(std::string_view authorization, std::string_view path, std::int64_t now,
                           ReplayGuard& replays) const {
  const auto token = split_token(authorization);
  if (!token) return false;
  const Json head = decoded(token->head), payload = decoded(token->payload);
  if (head == nullptr || payload == nullptr) return false;
  const Client* client = impl_->find(text_of(payload.get(), "iss"));
  const json_t* key = client == nullptr ? nullptr : Impl::key_for(*client, head.get());
  if (key == nullptr || !verifies(*token, key)) return false;
  const std::string_view id = text_of(payload.get(), "jti");
  if (id.empty() || id.size() > kIdMax || !names_endpoint(payload.get(), impl_->base_url + std::string(path)))
    return false;
  if (!Impl::is_timely(payload.get(), now, replays.begun())) return false;
  return replays.use(client->iss + '\n' + std::string(id), *number_of(payload.get(), "exp"), now);
}

Authenticator::Authenticator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Authenticator::~Authenticator() = default;

bool RecentTexts::first(const std::string& text) {
  constexpr std::size_t kMost = 65'536;
  const std::lock_guard lock(mutex_);
  if (!seen_.insert(text).second) return false;
  order_.push_back(text);
  if (order_.size() > kMost) {
    seen_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

void RecentTexts::forget(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (seen_.erase(text) > 0) order_.erase(std::find(order_.begin(), order_.end(), text));
}

bool ReplayGuard::use(const std::string& token, std::int64_t ends, std::int64_t now) {
  constexpr std::size_t kMost = 1'000'000;
  const std::lock_guard lock(mutex_);
  while (!by_end_.empty() && by_end_.begin()->first <= now) {
    used_.erase(by_end_.begin()->second);
    by_end_.erase(by_end_.begin());
  }
  if (used_.size() >= kMost || !used_.emplace(token, ends).second) return false;
  by_end_.emplace(ends, token);
  return true;
}

}  // namespace caveat::server
