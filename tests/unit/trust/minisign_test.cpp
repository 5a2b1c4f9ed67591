// Our signatures and keys against the `minisign` tool's, both ways, and everything that may be changed about them.
#include "trust/minisign.hpp"

#include "support/catch.hpp"
#include "support/process.hpp"
#include "trust/secret_key.hpp"
#include "trust_support.hpp"

#include <algorithm>

using caveat::parse_public_key;
using caveat::parse_signature;
using caveat::SecretKey;
using caveat::verifies;
using caveat::testing::Finished;
using caveat::testing::Folder;

namespace {

const std::string kMessage(
    "\x7f"
    "ELF and the rest of a plugin\0\n\xff",
    32);
const std::string kComment = "caveat plugin id=org.example.doses version=1.0.0 abi=1";

bool have_minisign() {
  static const bool have = caveat::testing::run({{"minisign", "-v"}}).exit_code == 0;
  if (!have) WARN("minisign is not installed: nothing was compared with it");
  return have;
}

Finished minisign(const Folder& folder, std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "minisign");
  return caveat::testing::run({.arguments = std::move(arguments), .input = input, .directory = folder.path()});
}

/// Whether the tool believes a signature of ours.
bool tool_verifies(const Folder& folder, const SecretKey& key, const std::string& signature) {
  folder.write("message", kMessage);
  folder.write("message.minisig", signature);
  const Finished done = minisign(folder, {"-Vm", "message", "-P", key.public_key().line()});
  return done.exit_code == 0 && done.out.find(kComment) != std::string::npos;
}

SecretKey read_key(const std::string& text, std::string_view password = {}) {
  auto key = SecretKey::parse(text, password);
  if (!key) FAIL(key.error());
  return std::move(*key);
}

}  // namespace

TEST_CASE("trust.minisign: the minisign tool verifies our signatures") {
  if (!have_minisign()) return;
  const Folder folder;
  const SecretKey key = SecretKey::generate();
  const auto signature = key.sign(kMessage, kComment);
  CHECK(verifies(signature, key.public_key(), kMessage));
  CHECK(tool_verifies(folder, key, signature.file()));
  folder.write("a.pub", key.public_key().file());
  CHECK(minisign(folder, {"-Vm", "message", "-p", "a.pub"}).exit_code == 0);

  auto other = signature;
  other.comment += '!';
  CHECK_FALSE(tool_verifies(folder, key, other.file()));
}

TEST_CASE("trust.minisign: we verify the minisign tool's signatures, of either form") {
  if (!have_minisign()) return;
  const Folder folder;
  folder.write("message", kMessage);
  REQUIRE(minisign(folder, {"-GW", "-p", "a.pub", "-s", "a.key"}).exit_code == 0);
  const auto key = parse_public_key(folder.read("a.pub"));
  REQUIRE(key);
  CHECK(parse_public_key(key->line()) == key);
  for (const char* form : {"-S", "-Sl"}) {
    REQUIRE(minisign(folder, {form, "-s", "a.key", "-m", "message", "-t", kComment}).exit_code == 0);
    const auto signature = parse_signature(folder.read("message.minisig"));
    REQUIRE(signature);
    CHECK(signature->hashed == (std::string_view(form) == "-S"));
    CHECK(signature->comment == kComment);
    CHECK(verifies(*signature, *key, kMessage));
    CHECK_FALSE(verifies(*signature, *key, kMessage + '\0'));
    CHECK_FALSE(verifies(*signature, SecretKey::generate().public_key(), kMessage));
  }
}

TEST_CASE("trust.minisign: secret keys go both ways, encrypted or not") {
  if (!have_minisign()) return;
  const Folder folder;
  folder.write("message", kMessage);
  const SecretKey key = SecretKey::generate();
  for (const std::string password : {"", "correct horse"}) {
    const auto text = key.file(password);
    REQUIRE(text);
    CHECK(caveat::is_encrypted(*text) == !password.empty());
    CHECK(read_key(*text, password).public_key() == key.public_key());
    folder.write("a.key", *text);
    const Finished signed_by_tool =
        minisign(folder, {"-S", "-s", "a.key", "-m", "message", "-t", kComment}, password + '\n');
    INFO(signed_by_tool.err);
    REQUIRE(signed_by_tool.exit_code == 0);
    CHECK(verifies(*parse_signature(folder.read("message.minisig")), key.public_key(), kMessage));
    if (!password.empty()) CHECK(SecretKey::parse(*text, "wrong").error() == "the password is not this key's");
  }

  REQUIRE(minisign(folder, {"-GW", "-p", "b.pub", "-s", "b.key"}).exit_code == 0);
  CHECK(read_key(folder.read("b.key")).public_key() == *parse_public_key(folder.read("b.pub")));
}

TEST_CASE("trust.minisign: a key encrypted by the tool is read with its password") {
  if (!have_minisign()) return;
  const Folder folder;
  REQUIRE(minisign(folder, {"-G", "-p", "c.pub", "-s", "c.key"}, "geheim\ngeheim\n").exit_code == 0);
  const auto key = SecretKey::parse(folder.read("c.key"), "geheim");
  if (!key) {
    WARN(key.error() << ": minisign's own keys ask for 1 GiB");
    return;
  }
  CHECK(key->public_key() == *parse_public_key(folder.read("c.pub")));
}

TEST_CASE("trust.minisign: the same message, comment and key give the same signature") {
  const SecretKey key = SecretKey::generate();
  CHECK(key.sign(kMessage, kComment).file() == key.sign(kMessage, kComment).file());
  CHECK(caveat::key_name(key.public_key().id).size() == 16);
}

TEST_CASE("trust.minisign: no byte of a signature can be changed, but its untrusted comment") {
  const SecretKey key = SecretKey::generate();
  const std::string whole = key.sign(kMessage, kComment).file();
  const std::size_t comment_end = whole.find('\n');
  const auto holds = [&](const std::string& text) {
    const auto signature = parse_signature(text);
    return signature && signature->comment == kComment && verifies(*signature, key.public_key(), kMessage);
  };
  REQUIRE(holds(whole));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    const bool trusted = at >= comment_end || at < std::string_view("untrusted comment: ").size();
    for (const char other : {'A', ' ', '\n', static_cast<char>(whole[at] ^ 1)}) {
      std::string changed = whole;
      changed[at] = other;
      if (changed == whole || (!trusted && other == '\n')) continue;
      INFO("byte " << at << ": " << changed);
      CHECK(holds(changed) == (!trusted || (at + 1 == whole.size() && other == '\n')));
    }
    std::string shorter = whole.substr(0, at);
    if (at + 1 < whole.size()) CHECK_FALSE(holds(shorter));  // the last line needs no end
  }
  CHECK_FALSE(holds(whole + "more\n"));
  CHECK_FALSE(holds(whole + whole));
}

TEST_CASE("trust.minisign: no byte of the message can be changed") {
  const SecretKey key = SecretKey::generate();
  const auto signature = key.sign(kMessage, kComment);
  for (std::size_t at = 0; at < kMessage.size(); ++at) {
    std::string changed = kMessage;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    CHECK_FALSE(verifies(signature, key.public_key(), changed));
    CHECK_FALSE(verifies(signature, key.public_key(), kMessage.substr(0, at)));
  }
}

TEST_CASE("trust.minisign: what is no key and no signature says so") {
  for (const char* text : {"", "\n", "RW", "untrusted comment: x\n", "untrusted comment: x\nRW\n", "not a key at all",
                           "RWQ/kxfJfFK5Z834P5l2RTm0cLz3vxShPngwblVcyU1Xhn1j1Rlcs1W="}) {
    INFO(text);
    CHECK_FALSE(parse_public_key(text));
    CHECK_FALSE(parse_signature(text));
    CHECK_FALSE(SecretKey::parse(text, ""));
    CHECK_FALSE(caveat::is_encrypted(text));
  }
  std::string damaged = *SecretKey::generate().file("");
  damaged[180] = damaged[180] == 'A' ? 'B' : 'A';
  CHECK(SecretKey::parse(damaged, "").error() == "it is damaged");
}
