// `caveat plugin sign` and `caveat plugin verify`.
#include "commands.hpp"
#include "password.hpp"
#include "vouched_file.hpp"
#include "written_file.hpp"

#include "base/private_file.hpp"
#include "base/quote.hpp"
#include "base/text_file.hpp"

namespace caveat::cli {

namespace {

Failure bad_key(const std::string& file, const std::string& why) {
  return Failure(
      usage_error("the key " + in_backticks(file) + " cannot be used: " + why, "`caveat plugin keygen` makes keys"));
}

Result<SecretKey> read_secret_key(const Arguments& arguments) {
  const auto text = read_private_file(arguments.key);
  if (!text) return Failure(text.error());
  tl::expected<SecretKey, std::string> key = tl::unexpected(std::string());
  if (is_encrypted(*text)) {
    const auto password = find_password(arguments, false);
    if (!password) return Failure(password.error());
    key = SecretKey::parse(*text, password->text());
  } else {
    key = SecretKey::parse(*text, {});
  }
  if (!key) return bad_key(arguments.key, key.error());
  return std::move(*key);
}

// A key that is given stands for all that the configuration trusts, and may sign anything.
Result<TrustOptions> trust_options(const Arguments& arguments) {
  TrustOptions options = arguments.configuration.engine.trust;
  options.allow_unsigned = true;  // who signed is what is asked, not whether it would be loaded
  if (arguments.key.empty()) return options;
  std::error_code ignored;
  std::string line = arguments.key;
  if (std::filesystem::exists(arguments.key, ignored)) {
    const auto text = read_text(arguments.key, {}, ErrorKind::kInput);
    if (!text) return Failure(text.error());
    line = *text;
  }
  const auto key = parse_public_key(line);
  if (!key) return bad_key(arguments.key, key.error());
  options.keys = {{key->line(), arguments.key, {"*"}, {"*"}}};
  return options;
}

int show_refusal(const Error& error, Console& console) {
  for (const Diagnostic& diagnostic : error.diagnostics) console.out_line(to_string(diagnostic));
  return kDoesNotHold;
}

}  // namespace

int run_plugin_sign(const Arguments& arguments, Console& console) {
  const auto file = read_vouched_file(arguments);
  if (!file) return console.report(file.error());
  const auto key = read_secret_key(arguments);
  if (!key) return console.report(key.error());
  const std::filesystem::path signature = file->signature_file();
  const auto written = replace_file(signature, key->sign(file->message, claim(file->identity())).file());
  if (!written) return console.report(written.error());
  console.out_line("signed " + file->title() + " with the key " + key_name(key->public_key().id) + ": " +
                   signature.string());
  return kDone;
}

int run_plugin_verify(const Arguments& arguments, Console& console) {
  const auto options = trust_options(arguments);
  if (!options) return console.report(options.error());
  const auto file = read_vouched_file(arguments);
  if (!file) return console.report(file.error());
  const auto trust = Trust::load(*options);
  if (!trust) return console.report(trust.error());
  const auto standing = judge(*trust, *file);
  if (!standing) return show_refusal(standing.error(), console);
  const bool holds = standing->builtin || !standing->signer.empty();
  console.out_line((holds ? "" : "not verified: ") + file->title() + ": " + standing->reason);
  return holds ? kDone : kDoesNotHold;
}

}  // namespace caveat::cli
