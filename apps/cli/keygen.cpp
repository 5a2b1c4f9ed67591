// `caveat plugin keygen`: a pair of keys in minisign's format.
#include "commands.hpp"
#include "password.hpp"
#include "written_file.hpp"

#include "base/private_file.hpp"

namespace caveat::cli {

namespace {

/// The secret key file's text, and what goes with it.
struct KeyPair {
  PublicKey key;
  std::string secret_file;
};

Result<KeyPair> make_pair(std::string_view password) {
  const SecretKey secret = SecretKey::generate();
  auto text = secret.file(password);
  if (text) return KeyPair{secret.public_key(), std::move(*text)};
  return fail(ErrorKind::kInternal, {DiagnosticLevel::kError, "no-memory", {}, text.error(), {}});
}

Result<KeyPair> make_pair(const Arguments& arguments) {
  if (arguments.unencrypted) return make_pair(std::string_view());
  const auto password = find_password(arguments, true);
  if (!password) return Failure(password.error());
  return make_pair(password->text());
}

// Neither is written when the other one cannot be.
Result<void> write_pair(const KeyPair& pair, const std::string& name) {
  const std::filesystem::path secret = name + ".key";
  if (auto made = make_private_file(secret, pair.secret_file); !made) return made;
  auto written = write_new(name + ".pub", pair.key.file());
  std::error_code ignored;
  if (!written) std::filesystem::remove(secret, ignored);
  return written;
}

// Before a password is asked for: nobody likes to type one for nothing.
Result<void> refuse_existing(const std::string& name) {
  for (const char* suffix : {".key", ".pub"}) {
    std::error_code ignored;
    const std::filesystem::path path = name + suffix;
    if (std::filesystem::symlink_status(path, ignored).type() == std::filesystem::file_type::not_found) continue;
    return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                    "exists",
                                    {path.string()},
                                    "there is a file of this name, and a key is never overwritten",
                                    "choose another name"});
  }
  return {};
}

}  // namespace

int run_plugin_keygen(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.words.front();
  if (const auto free = refuse_existing(name); !free) return console.report(free.error());
  const auto pair = make_pair(arguments);
  if (!pair) return console.report(pair.error());
  if (const auto written = write_pair(*pair, name); !written) return console.report(written.error());
  console.out(
      "secret key: " + name + ".key" + (arguments.unencrypted ? " (without a password)" : "") +
      "\npublic key: " + name + ".pub\nkey id: " + key_name(pair->key.id) +
      "\n\nKeep the secret key to yourself, and a copy of it where it cannot get lost. A site that trusts it writes\n"
      "in its configuration, with your name and the ids of your plugins and packs:\n\n"
      "[[trust.key]]\nname = \"…\"\nkey = \"" +
      pair->key.line() + "\"\nplugins = [\"org.example.*\"]\n");
  return kDone;
}

}  // namespace caveat::cli
