// Tokens: made with libjose by a client of one's own, right in every way or wrong in one.
#include "http/cds_kit.hpp"
#include "server/epoch.hpp"
#include "server/routes.hpp"

#include <array>
extern "C" {
#include <jose/jose.h>
}

using namespace caveat;
using http_kit::problem;
using server::Field;
using server::Method;

namespace json = boost::json;

namespace {

constexpr const char* kBase = "https://cds.example.org";
constexpr const char* kIss = "https://ehr.example.org";
constexpr const char* kJku = "https://ehr.example.org/jwks.json";
const std::int64_t kNow = server::epoch_seconds({kit::kAt});

json_t* from(const json::value& value) {
  const std::string text = json::serialize(value);
  return json_loadb(text.data(), text.size(), 0, nullptr);
}

json::value to(const json_t* value) {
  char* text = json_dumps(value, JSON_ENCODE_ANY);
  json::value out = json::parse(text);
  std::free(text);
  return out;
}

std::string encoded(std::string_view text) {
  std::string out(text.size() * 2 + 4, '\0');
  const std::size_t size = jose_b64_enc_buf(text.data(), text.size(), out.data(), out.size());
  return out.substr(0, size);
}

/// A key pair for an algorithm, with its `kid`.
json::object make_key(const std::string& algorithm, const std::string& kid) {
  json_t* key = from({{"alg", algorithm}, {"kid", kid}});
  REQUIRE(jose_jwk_gen(nullptr, key));
  json::object out = to(key).as_object();
  json_decref(key);
  return out;
}

json::object public_part(const json::object& key) {
  json::object out;
  for (const char* name : {"kty", "kid", "alg", "crv", "x", "y", "n", "e"}) {
    if (const json::value* value = key.if_contains(name)) out[name] = *value;
  }
  return out;
}

const json::object& ec_key() {
  static const json::object key = make_key("ES384", "ec-1");
  return key;
}
const json::object& rsa_key() {
  static const json::object key = make_key("RS384", "rsa-1");
  return key;
}

json::object head_for(const json::object& key) {
  return {{"alg", key.at("alg")}, {"kid", key.at("kid")}, {"typ", "JWT"}};
}

json::object claims(const std::string& path) {
  static int count = 0;
  return {{"iss", kIss},
          {"aud", std::string(kBase) + path},
          {"exp", kNow + 300},
          {"iat", kNow},
          {"jti", "token-" + std::to_string(++count)}};
}

std::string signed_by(const json::object& key, const json::object& head, const json::object& payload) {
  json_t* jwk = from(key);
  json_t* jws = from({{"payload", encoded(json::serialize(payload))}});
  json_t* signature = from({{"protected", head}});
  REQUIRE(jose_jws_sig(nullptr, jws, signature, jwk));
  const json::object out = to(jws).as_object();
  for (json_t* each : {jwk, jws, signature}) json_decref(each);
  return kit::text(out.at("protected")) + "." + kit::text(out.at("payload")) + "." + kit::text(out.at("signature"));
}

class Guarded {
 public:
  Guarded() {
    folder_.write("keys.json",
                  json::serialize(json::object{{"keys", json::array{public_part(ec_key()), public_part(rsa_key())}}}));
    server::ServiceOptions options = http_kit::serving(http_kit::shipped());
    options.authentication = {kBase, {{kIss, folder_.path() / "keys.json", {kJku}}}};
    service_ = http_kit::open(std::move(options));
  }

  server::Response with(const std::string& authorization, const std::string& target = "/cds-services") {
    return http_kit::get(*service_, target, {{"authorization", authorization}});
  }
  unsigned status(const std::string& token) { return with("Bearer " + token).status; }
  /// A token for discovery, changed by a function.
  unsigned changed(const std::function<void(json::object& head, json::object& payload)>& change,
                   const json::object& key = ec_key()) {
    json::object head = head_for(key), payload = claims("/cds-services");
    change(head, payload);
    return status(signed_by(key, head, payload));
  }
  server::Service& service() { return *service_; }

 private:
  kit::TempFolder folder_;
  std::unique_ptr<server::Service> service_;
};

}  // namespace

TEST_CASE("http.authentication: ES384 and RS384 tokens of a known client are taken, each once") {
  Guarded guarded;
  for (const json::object& key : {ec_key(), rsa_key()}) {
    const std::string token = signed_by(key, head_for(key), claims("/cds-services"));
    CHECK(guarded.status(token) == 200);
    CHECK(guarded.status(token) == 401);
  }
  CHECK(guarded.changed([](json::object& head, json::object&) { head["jku"] = kJku; }) == 200);
  CHECK(guarded.changed([](json::object&, json::object& payload) {
    payload["aud"] = json::array{"https://else", payload.at("aud")};
  }) == 200);
  CHECK(guarded.changed([](json::object&, json::object& payload) {
    payload["tenant"] = "t", payload["extension"] = json::object{};
  }) == 200);
  const std::string path = "/cds-services/microneedling-patient-view";
  const auto token = signed_by(ec_key(), head_for(ec_key()), claims(path));
  CHECK(cds_kit::ask_service(guarded.service(), "microneedling-patient-view",
                             cds_kit::call("patient-view", cds_kit::prefetch()), {{"authorization", "bearer " + token}})
            .status == 200);
}

TEST_CASE("http.authentication: a token that is wrong in anything is refused") {
  Guarded guarded;
  using Change = std::function<void(json::object & head, json::object & payload)>;
  const auto set = [](const char* claim, json::value value) -> Change {
    return [claim, value](json::object&, json::object& payload) { payload[claim] = value; };
  };
  const auto head = [](const char* name, json::value value) -> Change {
    return [name, value](json::object& changed, json::object&) { changed[name] = value; };
  };
  const auto without = [](const char* claim) -> Change {
    return [claim](json::object&, json::object& payload) { payload.erase(claim); };
  };
  const std::vector<std::pair<const char*, Change>> wrong = {
      {"of a client that is not known", set("iss", "https://else.example.org")},
      {"no issuer", without("iss")},
      {"for another endpoint", set("aud", json::string(std::string(kBase) + "/cds-services/x"))},
      {"for another service", set("aud", "https://else.example.org/cds-services")},
      {"for the base alone", set("aud", kBase)},
      {"for a list without it", set("aud", json::array{kBase})},
      {"for nobody", without("aud")},
      {"ended", set("exp", kNow)},
      {"without an end", without("exp")},
      {"good for a day", set("exp", kNow + 86'400)},
      {"with an end that is a text", set("exp", "4000000000")},
      {"with an end that is no whole number", set("exp", 4e9)},
      {"issued in an hour", set("iat", kNow + 3'600)},
      {"issued before the service began", set("iat", kNow - 1)},
      {"without a time of issue", without("iat")},
      {"not good yet", set("nbf", kNow + 3'600)},
      {"with a beginning that is no time", set("nbf", "now")},
      {"without an id", without("jti")},
      {"with an empty id", set("jti", "")},
      {"with an id that is a number", set("jti", 7)},
      {"with an id that is too long", set("jti", json::string(300, 'x'))},
      {"signed with a key that is not known", head("kid", "ec-2")},
      {"signed with the other key", head("kid", "rsa-1")},
      {"of another type", head("typ", "JWS")},
      {"with an address of keys that is not listed", head("jku", "https://evil.example/jwks.json")},
      {"with an address of keys that is no text", head("jku", json::array{})},
  };
  for (const auto& [what, change] : wrong) {
    INFO(what);
    CHECK(guarded.changed(change) == 401);
  }
  // What libjose would not sign, or would sign differently: heads that are put together by hand.
  const auto forged = [&](const json::object& forged_head, const std::string& signature) {
    return guarded.status(encoded(json::serialize(forged_head)) + "." +
                          encoded(json::serialize(claims("/cds-services"))) + "." + signature);
  };
  json::object none = head_for(ec_key());
  none["alg"] = "none";
  CHECK(forged(none, "") == 401);
  CHECK(forged(none, "AAAA") == 401);
  CHECK(forged(head_for(ec_key()), "") == 401);
  CHECK(forged(head_for(ec_key()), encoded(std::string(96, '\0'))) == 401);
}

TEST_CASE("http.authentication: symmetric and other algorithms are refused, by whatever key") {
  Guarded guarded;
  for (const char* algorithm : {"HS256", "HS384", "HS512", "ES256", "ES512", "RS256", "RS512", "PS384"}) {
    INFO(algorithm);
    const json::object key = make_key(algorithm, "ec-1");
    json::object head = head_for(key);
    CHECK(guarded.status(signed_by(key, head, claims("/cds-services"))) == 401);
    head["alg"] = "ES384";  // and a signature of the other
    const std::string token = signed_by(key, head_for(key), claims("/cds-services"));
    CHECK(guarded.status(encoded(json::serialize(head)) + token.substr(token.find('.'))) == 401);
  }
  // The public key as a secret that both sides know: the mistake that gave this attack its name.
  json::object secret = {{"kty", "oct"}, {"alg", "HS384"}, {"kid", "rsa-1"}, {"k", rsa_key().at("n")}};
  json::object head = head_for(secret);
  CHECK(guarded.status(signed_by(secret, head, claims("/cds-services"))) == 401);
  // A critical extension that is not understood.
  head = head_for(ec_key());
  head["crit"] = json::array{"exp"};
  head["exp"] = kNow + 300;
  CHECK(guarded.changed([&](json::object& changed, json::object&) { changed = head; }) == 401);
}

TEST_CASE("http.authentication: what is no token is refused") {
  Guarded guarded;
  const std::string good = signed_by(ec_key(), head_for(ec_key()), claims("/cds-services"));
  std::string tampered = good;
  const std::size_t payload = good.find('.') + 1;
  tampered[payload + 5] = tampered[payload + 5] == 'A' ? 'B' : 'A';
  for (const std::string& wrong :
       {std::string(), std::string("Bearer"), std::string("Bearer "), std::string("Bearer a.b"),
        std::string("Bearer a.b.c.d"), std::string("Bearer ..."), std::string("Basic dXNlcjpwYXNz"),
        "Bearer " + tampered, "Bearer " + good.substr(0, good.rfind('.') + 1), "Bearer " + good + "A",
        "Bearer " + good + ".", "Bearer  " + good, good, "Bearer " + std::string(9'000, 'a'),
        "Bearer " + encoded("[]") + "." + encoded("{}") + ".AA",
        "Bearer " + encoded("{\"alg\":\"ES384\",\"alg\":\"none\"}") + "." + encoded("{}") + ".AA"}) {
    INFO(wrong.substr(0, 80));
    CHECK(guarded.with(wrong).status == 401);
  }
  CHECK(guarded.status(good) == 200);  // none of it used it up
}

TEST_CASE("http.authentication: a refusal says nothing but that it is one") {
  Guarded guarded;
  const auto nothing = guarded.with("");
  CHECK(problem(nothing) == "401 unauthorized");
  CHECK(http_kit::header(nothing, "WWW-Authenticate") == "Bearer");
  CHECK(http_kit::header(nothing, "Cache-Control") == "no-store");
  const auto expired = guarded.with("Bearer " + [] {
    json::object payload = claims("/cds-services");
    payload["exp"] = kNow - 1;
    return signed_by(ec_key(), head_for(ec_key()), payload);
  }());
  CHECK(expired.body == nothing.body);
}

TEST_CASE("http.authentication: everything is guarded but what says how the service is") {
  Guarded guarded;
  for (const auto& route : server::routes()) {
    INFO(route.path);
    std::string path(route.path);
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "microneedling-patient-view");
    const auto response =
        http_kit::ask(guarded.service(), {route.method, path, {{"content-type", "application/json"}}, "{}"});
    CHECK((response.status == 401) == !route.open);
  }
  for (const char* open : {"/healthz", "/readyz", "/metrics", "/openapi.json"})
    CHECK(http_kit::get(guarded.service(), open).status == 200);
  CHECK(http_kit::ask(guarded.service(), {Method::kHead, "/v1/packs", {}, {}}).status == 401);
  CHECK(http_kit::ask(guarded.service(), {Method::kOptions, "/cds-services", {}, {}}).status == 204);
}

TEST_CASE("http.authentication: a key that may not be used is refused when it is loaded") {
  const kit::TempFolder folder;
  const auto complaint = [&](const std::string& text) -> std::string {
    folder.write("keys.json", text);
    const auto loaded = server::Authenticator::load({kBase, {{kIss, folder.path() / "keys.json", {}}}});
    if (loaded) return "loaded";
    CHECK(loaded.error().kind == ErrorKind::kInput);
    return loaded.error().diagnostics.front().message;
  };
  const auto keys = [](json::array list) { return json::serialize(json::object{{"keys", std::move(list)}}); };
  CHECK(complaint(keys({public_part(ec_key())})) == "loaded");
  CHECK(complaint("{") == "there are no keys");
  CHECK(complaint("{}") == "there are no keys");
  CHECK(complaint(keys({})) == "there are no keys");
  CHECK(complaint(keys({1})) == "key 1 is no key");
  CHECK(complaint(keys({ec_key()})) == "key 1 holds a secret: only public keys belong here");
  CHECK(complaint(keys({make_key("HS384", "x")})) == "key 1 holds a secret: only public keys belong here");
  CHECK(complaint(keys({{{"kty", "oct"}, {"kid", "x"}}})) == "key 1 is neither RSA nor EC on the curve P-384");
  CHECK(complaint(keys({public_part(make_key("ES256", "x"))})) == "key 1 is neither RSA nor EC on the curve P-384");
  CHECK(complaint(keys({public_part(ec_key()), public_part(ec_key())})) == "two keys have the `kid` `ec-1`");
  json::object key = public_part(ec_key());
  key.erase("kid");
  CHECK(complaint(keys({key})) == "key 1 has no `kid`");
  key = public_part(rsa_key());
  key["alg"] = "RS256";
  CHECK(complaint(keys({key})) == "key 1 is for another algorithm than RS384");
  key = public_part(rsa_key());
  key["use"] = "enc";
  CHECK(complaint(keys({key})) == "key 1 is not for signatures");
  key = public_part(rsa_key());
  key["n"] = encoded(std::string(128, 'x'));
  CHECK(complaint(keys({key})) == "key 1 is an RSA key of less than 2048 bits");
  CHECK_FALSE(server::Authenticator::load({kBase, {{kIss, folder.path() / "none.json", {}}}}));
}

TEST_CASE("http.authentication: seconds since 1970") {
  CHECK(server::epoch_seconds({"1970-01-01T00:00:00Z"}) == 0);
  CHECK(server::epoch_seconds({"2026-11-22T10:00:00Z"}) == 1'795'341'600);
  CHECK(server::epoch_seconds({"2026-11-22T11:30:00+01:30"}) == 1'795'341'600);
  CHECK(server::epoch_seconds({"now"}) == 0);
}
