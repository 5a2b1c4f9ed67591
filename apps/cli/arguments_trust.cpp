// The commands that say whom to trust.
#include "command_builder.hpp"
#include "commands.hpp"

namespace caveat::cli {

namespace {

constexpr const char* kWhat = "A plugin's library, or a pack's folder";
const std::string kPack = "examples/write_a_rule_pack/giving-blood";
const std::string kFreshKey = "  caveat plugin keygen site --unencrypted\n";
const std::string kSign = "  caveat plugin sign " + kPack + " --key site.key\n";

void add_password(CommandBuilder& builder, CLI::App& command) {
  builder.option(command, "--password-file", builder.arguments().password_file, "FILE",
                 "The secret key's password, the file's first line [CAVEAT_KEY_PASSWORD, else asked for]");
}

void add_keygen(CommandBuilder& builder, CLI::App& plugin) {
  CLI::App& command =
      builder.leaf(plugin, "keygen", "Make a pair of keys: NAME.key signs, NAME.pub is for those who trust it",
                   run_plugin_keygen, kFreshKey + "  CAVEAT_KEY_PASSWORD=example caveat plugin keygen vendor");
  builder.word(command, "NAME", "What the two files are called; neither is ever overwritten", false);
  command.add_flag("--unencrypted", builder.arguments().unencrypted, "Protect the secret key with no password");
  add_password(builder, command);
  builder.add_log_level(command);
}

void add_sign(CommandBuilder& builder, CLI::App& plugin) {
  CLI::App& command = builder.leaf(plugin, "sign", "Sign a plugin or a rule pack", run_plugin_sign, kFreshKey + kSign);
  builder.word(command, "FILE|PACK", kWhat, false);
  builder.option(command, "--key", builder.arguments().key, "FILE", "The secret key")->required();
  add_password(builder, command);
  builder.add_engine_options(command);
}

void add_verify(CommandBuilder& builder, CLI::App& plugin) {
  CLI::App& command =
      builder.leaf(plugin, "verify", "Verify who signed a plugin or a rule pack: 0 somebody trusted, 1 not",
                   run_plugin_verify, kFreshKey + kSign + "  caveat plugin verify " + kPack + " --key site.pub");
  builder.word(command, "FILE|PACK", kWhat, false);
  builder.option(command, "--key", builder.arguments().key, "KEY",
                 "The public key, a file or a line [those of the configuration]");
  builder.add_engine_options(command);
}

void add_trust(CommandBuilder& builder, CLI::App& plugin) {
  CLI::App& command =
      builder.leaf(plugin, "trust", "Pin a plugin or a rule pack in the lock file: these bytes, and no older version",
                   run_plugin_trust, "  caveat plugin trust " + kPack + " --lock caveat.lock");
  builder.word(command, "FILE|PACK", kWhat, false);
  builder.option(command, "--lock", builder.arguments().lock, "FILE", "The lock file [the one of the configuration]");
  command.add_flag("--in-process", builder.arguments().in_process,
                   "Let it run inside the process, where the configuration names it and a trusted key signed it");
  builder.add_engine_options(command);
}

}  // namespace

void add_trust_commands(CommandBuilder& builder, CLI::App& plugin) {
  add_keygen(builder, plugin);
  add_sign(builder, plugin);
  add_verify(builder, plugin);
  add_trust(builder, plugin);
}

}  // namespace caveat::cli
