// As an administrator works: make keys, sign, trust, evaluate, and find out that something was changed.
#include "cli.hpp"

#include <filesystem>

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Environment;
using caveat::testing::Finished;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::kBuild;
using caveat::testing::kPlugins;
using caveat::testing::kSource;
using caveat::testing::read_file;
using caveat::testing::run_caveat;

namespace fs = std::filesystem;

namespace {

const std::string kPlugin = "org.example.body-mass";

std::string keygen(const Folder& folder, const std::string& name) {
  const Finished done = run_caveat({"plugin", "keygen", folder / name, "--unencrypted"});
  REQUIRE(done.exit_code == 0);
  const std::string file = read_file(folder / name + ".pub");
  return file.substr(file.find('\n') + 1, file.rfind('\n') - file.find('\n') - 1);
}

/// A site: a vendor's plugin and a pack of its own, both signed, and a configuration that trusts their keys.
struct Site {
  Folder folder;
  std::string plugin = folder / "plugins/body_mass.so";
  std::string pack = folder / "packs/tiredness";
  std::string configuration = folder / "caveat.toml";
  std::string lock = folder / "caveat.lock";

  Site() {
    fs::create_directories(folder / "plugins");
    fs::create_directories(folder / "packs");
    fs::copy_file(kBuild / "tests/plugins/body_mass/body_mass.so", plugin);
    write_pack();
    const std::string vendor = keygen(folder, "vendor"), clinic = keygen(folder, "clinic");
    sign(plugin, "vendor");
    sign(pack, "clinic");
    configure("lock = \"caveat.lock\"\n");
    trusted_ = "\n[[trust.key]]\nname = \"Vendor\"\nkey = \"" + vendor + "\"\nplugins = [\"org.example.*\"]\n" +
               "\n[[trust.key]]\nname = \"Clinic\"\nfile = \"clinic.pub\"\npacks = [\"*\"]\n";
    configure("lock = \"caveat.lock\"\n");
  }

  void write_pack() const {
    caveat::testing::write_pack(
        folder, "packs/tiredness",
        "[[contraindication]]\nid = \"tired\"\nwhen = \"tired\"\ntitle = \"Tiredness\"\n"
        "says = \"People who are tired are asked to speak to the nurse.\"\ncite = \"leaflet\"\n"
        "[[reminder]]\nid = \"drink\"\nwhen = \"tired\"\ntitle = \"Drinking\"\n"
        "says = \"Drinking enough is worth a thought.\"\ncite = \"leaflet\"\nnote = \"Water.\"\n",
        "[fact.tired]\ntype = \"boolean\"\nlabel = \"Tiredness\"\nask = \"Tired?\"\n"
        "[fact.weight]\ntype = \"quantity\"\nunit = \"kg\"\nlabel = \"Weight\"\nask = \"Weight?\"\n"
        "[fact.height]\ntype = \"quantity\"\nunit = \"cm\"\nlabel = \"Height\"\nask = \"Height?\"\n");
    std::string header = read_file(pack + "/pack.toml");
    header.replace(header.find("packs/tiredness"), std::string("packs/tiredness").size(), "tiredness");
    folder.write("packs/tiredness/pack.toml", header);
  }

  /// Writes the configuration; `trust` goes into its [trust], `more` to its end.
  void configure(const std::string& trust, const std::string& more = {}) const {
    folder.write("caveat.toml", "[packs]\nfolders = [\"packs\"]\nwording = \"" + (kSource / "rules/wording").string() +
                                    "\"\n\n[plugins]\nfolders = [\"" + kPlugins.string() +
                                    "\", \"plugins\"]\n\n[trust]\n" + trust + trusted_ + more);
  }

  void sign(const std::string& what, const std::string& key) const {
    const Finished done = run_caveat({"plugin", "sign", what, "--key", folder / (key + ".key")});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
  }

  [[nodiscard]] Finished run(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--config", configuration});
    return run_caveat(std::move(arguments));
  }
  [[nodiscard]] Finished evaluate() const {
    const std::string profile = folder.write("profile.json", R"({"id": "p", "facts": {"tired": true}})");
    return run({"evaluate", profile, "--at", kAt, "--format", "json"});
  }
  /// What `plugin list` says of the vendor's plugin.
  [[nodiscard]] std::string listed() const {
    const Finished done = run({"plugin", "list"});
    INFO(done.err);
    CHECK(done.exit_code == 0);
    const std::size_t begin = done.out.find(kPlugin);
    REQUIRE(begin != std::string::npos);
    std::string out;
    for (char c : done.out.substr(begin, done.out.find("\n\n", begin) - begin)) {
      c = c == '\n' ? ' ' : c;
      if (c != ' ' || !out.ends_with(' ')) out += c;
    }
    return out;
  }
  void trust_all() const {
    for (const std::string& what : {plugin, pack}) REQUIRE(run({"plugin", "trust", what}).exit_code == 0);
  }

 private:
  std::string trusted_;
};

void append(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

}  // namespace

TEST_CASE("cli.trust: from fresh keys to an evaluation, and in process only when all agree") {
  const Site site;
  site.folder.write("caveat.lock", "format = 1\n");
  CHECK(contains(site.listed(), "runs: isolated"));
  const Finished pinned = site.run({"plugin", "trust", site.plugin});
  INFO(pinned.out << pinned.err);
  CHECK(pinned.exit_code == 0);
  CHECK(contains(pinned.out, "plugin org.example.body-mass 1.2.0"));
  CHECK(contains(pinned.out, "signed by `Vendor`"));
  CHECK(contains(pinned.out, "before: not pinned"));
  CHECK(contains(pinned.out, "runs: isolated"));
  CHECK(contains(site.listed(), "runs: isolated"));

  site.configure("lock = \"caveat.lock\"\nin_process = [\"" + kPlugin + "\"]\n");
  const Finished unasked = site.run({"plugin", "trust", site.plugin});
  CHECK(unasked.exit_code == 2);
  CHECK(contains(unasked.err, "--in-process"));
  CHECK(contains(site.run({"plugin", "trust", site.plugin, "--in-process"}).out, "runs: in process"));
  CHECK(contains(site.listed(), "runs: in process"));

  CHECK(site.run({"plugin", "trust", site.pack}).exit_code == 0);
  const Finished evaluated = site.evaluate();
  INFO(evaluated.err);
  CHECK(evaluated.exit_code == 0);
  CHECK(contains(evaluated.out, "\"disposition\":\"refer\""));
  CHECK(contains(evaluated.out, "\"complete\":true"));
}

TEST_CASE("cli.trust: list says where each runs, and why") {
  const Site site;
  site.trust_all();
  CHECK(contains(site.listed(), "runs: isolated (signed by `Vendor`"));
  CHECK(contains(site.listed(), "pinned, not named in `in_process`"));
  const Finished json = site.run({"plugin", "list", "--format", "json"});
  CHECK(contains(json.out, "\"state\": \"isolated\""));
  CHECK(contains(json.out, "\"state\": \"in process\""));
  CHECK(contains(json.out, "\"reason\": \"builtin\""));
  CHECK(contains(json.out, "\"signer\": \"Vendor\""));
  CHECK(contains(json.out, "\"pinned\": true"));
  CHECK(contains(json.out, "\"digest\": \"sha256:"));
}

TEST_CASE("cli.trust: a plugin that was changed does not load, whatever is allowed") {
  const Site site;
  site.trust_all();
  REQUIRE(site.evaluate().exit_code == 0);
  append(site.plugin, "x");
  for (const char* trust : {"lock = \"caveat.lock\"\n", "allow_unsigned = true\n",
                            "lock = \"caveat.lock\"\nin_process = [\"org.example.body-mass\"]\n"}) {
    site.configure(trust);
    const Finished refused = site.evaluate();
    INFO(trust << refused.err);
    CHECK(refused.exit_code == 3);
    CHECK(refused.out.empty());
    CHECK(contains(refused.err, "modified"));
    CHECK(contains(refused.err, site.plugin));
    CHECK(contains(refused.err, "help: "));
  }
  fs::remove(site.plugin + ".minisig");
  site.configure("lock = \"caveat.lock\"\n");
  CHECK(site.evaluate().exit_code == 3);  // unsigned, and not what was pinned
}

TEST_CASE("cli.trust: a pack to which a file was added, from which one was taken, or that was edited, does not load") {
  const Site site;
  site.trust_all();
  const auto refused = [&] {
    const Finished done = site.evaluate();
    INFO(done.err);
    CHECK(done.exit_code == 3);
    CHECK(contains(done.err, "modified"));
    CHECK(contains(done.err, site.pack));
  };
  REQUIRE(site.evaluate().exit_code == 0);
  site.folder.write("packs/tiredness/more.toml", "");
  refused();
  fs::remove(site.folder / "packs/tiredness/more.toml");
  REQUIRE(site.evaluate().exit_code == 0);
  site.folder.write("packs/tiredness/cases/one.toml", "");  // a pack's own tests are not part of what it says
  REQUIRE(site.evaluate().exit_code == 0);
  append(site.folder / "packs/tiredness/rules.toml", "# a remark\n");
  refused();
  site.write_pack();
  REQUIRE(site.evaluate().exit_code == 0);
  fs::rename(site.folder / "packs/tiredness/facts.toml", site.folder / "packs/tiredness/fact.toml");
  refused();
  site.write_pack();
  refused();  // the file under its other name is still there
  fs::remove(site.folder / "packs/tiredness/fact.toml");
  REQUIRE(site.evaluate().exit_code == 0);
  site.configure("");  // not pinned: the signature alone
  append(site.folder / "packs/tiredness/rules.toml", "# a remark\n");
  refused();
}

TEST_CASE("cli.trust: verify names who signed, or says that nobody whom it knows did") {
  const Site site;
  site.configure("");  // nothing is pinned yet
  const Finished good = site.run({"plugin", "verify", site.plugin});
  CHECK(good.exit_code == 0);
  CHECK(contains(good.out, "plugin org.example.body-mass 1.2.0: signed by `Vendor`"));
  CHECK(run_caveat({"plugin", "verify", site.pack, "--key", site.folder / "clinic.pub"}).exit_code == 0);
  const Finished unknown = run_caveat({"plugin", "verify", site.pack});
  CHECK(unknown.exit_code == 1);
  CHECK(contains(unknown.out, "which is not trusted here"));
  CHECK(run_caveat({"plugin", "verify", site.pack, "--key", site.folder / "vendor.pub"}).exit_code == 1);
  append(site.plugin, "x");
  const Finished changed = site.run({"plugin", "verify", site.plugin});
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "modified"));
  fs::remove(site.plugin + ".minisig");
  CHECK(contains(site.run({"plugin", "verify", site.plugin}).out, "not signed"));
  CHECK(run_caveat({"plugin", "verify", (kPlugins / "timeline.so").string()}).exit_code == 0);
  CHECK(contains(run_caveat({"plugin", "verify", (kSource / "rules/microneedling").string()}).out, "builtin"));
  CHECK(run_caveat({"plugin", "verify", site.pack, "--key", "RWnonsense"}).exit_code == 2);
}

TEST_CASE("cli.trust: the minisign tool verifies what sign wrote, of plugins and of packs") {
  if (caveat::testing::run({{"minisign", "-v"}}).exit_code != 0) {
    WARN("minisign is not installed: nothing was compared with it");
    return;
  }
  const Site site;
  site.configure("");
  const auto minisign = [&](const std::string& script) {
    return caveat::testing::shell("cd " + site.folder.string() + "; " + script);
  };
  const Finished plugin = minisign("minisign -Vm plugins/body_mass.so -p vendor.pub");
  CHECK(plugin.exit_code == 0);
  CHECK(contains(plugin.out, "caveat plugin id=org.example.body-mass version=1.2.0 abi=1"));
  const std::string listing = "(cd packs/tiredness; LC_ALL=C sha256sum *.toml) > listing; ";
  const Finished pack = minisign(listing + "minisign -Vm listing -x packs/tiredness/pack.minisig -p clinic.pub");
  INFO(pack.err);
  CHECK(pack.exit_code == 0);
  CHECK(contains(pack.out, "caveat pack id=tiredness version=1.0.0 language=1"));
  const Finished signed_by_tool = minisign(listing +
                                           "minisign -S -s clinic.key -m listing -x packs/tiredness/pack.minisig -t "
                                           "'caveat pack id=tiredness version=1.0.0 language=1'");
  INFO(signed_by_tool.err);
  CHECK(signed_by_tool.exit_code == 0);
  CHECK(site.run({"plugin", "verify", site.pack}).exit_code == 0);
  CHECK(minisign(listing + "minisign -S -s clinic.key -m listing -x packs/tiredness/pack.minisig").exit_code == 0);
  const Finished other = site.run({"plugin", "verify", site.pack});
  CHECK(other.exit_code == 1);
  CHECK(contains(other.out, "wrong-signature"));
}

TEST_CASE("cli.trust: the lock file is the same for the same pins, and no older version gets into it unnoticed") {
  const Site site;
  site.trust_all();
  const std::string once = read_file(site.lock);
  site.trust_all();
  CHECK(read_file(site.lock) == once);
  CHECK(contains(once, "[[plugin]]\nid = \"org.example.body-mass\"\nlowest = \"1.2.0\"\ndigest = \"sha256:"));
  CHECK(contains(once, "[[pack]]\nid = \"tiredness\"\nlowest = \"1.0.0\"\ndigest = \"sha256:"));

  std::string header = read_file(site.pack + "/pack.toml");
  header.replace(header.find("1.0.0"), 5, "0.9.0");
  site.folder.write("packs/tiredness/pack.toml", header);
  site.sign(site.pack, "clinic");
  const Finished older = site.run({"plugin", "trust", site.pack});
  CHECK(older.exit_code == 1);
  CHECK(contains(older.err, "too-old"));
  CHECK(read_file(site.lock) == once);
  fs::remove(site.pack + "/pack.minisig");
  CHECK(site.evaluate().exit_code == 3);
}

TEST_CASE(
    "cli.trust: trust refuses what was changed after it was signed, and what nobody signed where that is asked for") {
  const Site site;
  append(site.plugin, "x");
  const Finished changed = site.run({"plugin", "trust", site.plugin});
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.err, "modified"));
  fs::remove(site.plugin + ".minisig");
  site.configure("lock = \"caveat.lock\"\nallow_unsigned = false\n");
  CHECK(site.run({"plugin", "trust", site.plugin}).exit_code == 1);
  CHECK_FALSE(fs::exists(site.lock));
  CHECK(run_caveat({"plugin", "trust", site.pack}).exit_code == 2);  // no lock file is named
  CHECK(run_caveat({"plugin", "trust", site.pack, "--lock", site.folder / "nowhere/caveat.lock"}).exit_code == 2);
}

TEST_CASE("cli.trust: what is denied does not load, and the message says where that stands") {
  const Site site;
  site.trust_all();
  site.configure("lock = \"caveat.lock\"\n",
                 "\n[[trust.deny]]\nid = \"tiredness\"\nversion = \"< 2\"\nreason = \"withdrawn\"\n");
  const Finished denied = site.evaluate();
  CHECK(denied.exit_code == 3);
  CHECK(contains(denied.err, "is denied: withdrawn"));
  CHECK(contains(denied.err, "caveat.toml:"));
}

TEST_CASE("cli.trust: a lock file that is named has to be there, unless trust makes it") {
  const Site site;
  const Finished missing = site.evaluate();
  CHECK(missing.exit_code == 3);
  CHECK(contains(missing.err, "caveat.lock"));
}

TEST_CASE("cli.trust: a key is never overwritten, and is for its owner alone") {
  const Folder folder;
  keygen(folder, "site");
  const std::string secret = read_file(folder / "site.key"), open = read_file(folder / "site.pub");
  CHECK((fs::status(folder / "site.key").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  for (const char* kept : {"site.key", "site.pub"}) {
    fs::remove(folder / (std::string(kept) == "site.key" ? "site.pub" : "site.key"));
    const Finished again = run_caveat({"plugin", "keygen", folder / "site", "--unencrypted"});
    CHECK(again.exit_code == 2);
    CHECK(contains(again.err, "never overwritten"));
    CHECK(read_file(folder / kept) == (std::string(kept) == "site.key" ? secret : open));
    folder.write("site.key", secret);
    folder.write("site.pub", open);
  }
  CHECK(run_caveat({"plugin", "keygen", folder / "nowhere/site", "--unencrypted"}).exit_code == 2);
}

TEST_CASE("cli.trust: a password comes from a file, the environment or a terminal, and stands in no output") {
  const Folder folder;
  const std::string pack = caveat::testing::write_pack(folder, "tired", caveat::testing::kTiredRule);
  const Environment given = {{"CAVEAT_KEY_PASSWORD", "correct horse"}};
  const std::string file = folder.write("password", "correct horse\nsecond line\n");
  const Finished made = run_caveat({"plugin", "keygen", folder / "site"}, {}, given);
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  CHECK(run_caveat({"plugin", "sign", pack, "--key", folder / "site.key", "--password-file", file}).exit_code == 0);
  const Finished wrong = run_caveat({"plugin", "sign", pack, "--key", folder / "site.key"}, {},
                                    {{"CAVEAT_KEY_PASSWORD", "wrong battery"}});
  CHECK(wrong.exit_code == 2);
  CHECK(contains(wrong.err, "the password is not this key's"));
  CHECK_FALSE(contains(wrong.err, "battery"));
  CHECK_FALSE(contains(made.out + made.err, "correct horse"));
  const Finished nobody = run_caveat({"plugin", "sign", pack, "--key", folder / "site.key"});
  CHECK(nobody.exit_code == 2);
  CHECK(contains(nobody.err, "--password-file"));
  CHECK(run_caveat({"plugin", "keygen", folder / "other"}, {}, {{"CAVEAT_KEY_PASSWORD", ""}}).exit_code == 2);
  CHECK_FALSE(fs::exists(folder / "other.key"));
  CHECK(run_caveat({"plugin", "sign", pack, "--key", folder / "site.pub"}).exit_code == 2);
  fs::permissions(folder / "site.key", fs::perms::group_read, fs::perm_options::add);
  CHECK(contains(run_caveat({"plugin", "sign", pack, "--key", folder / "site.key"}).err, "chmod 600"));
}
