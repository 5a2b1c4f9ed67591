#include "surroundings.hpp"

#include "rules/pack.hpp"
#include "server/configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWordingFolder = "wording";

std::vector<fs::path> split_paths(const char* text) {
  std::vector<fs::path> out;
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0) out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// The folder above the one that the command lies in: a build folder, or an installation's prefix. Both are laid out
// alike.
fs::path prefix() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : self.parent_path().parent_path();
}

std::vector<fs::path> first_folder(const std::vector<fs::path>& candidates) {
  const auto found = std::find_if(candidates.begin(), candidates.end(), is_folder);
  if (found == candidates.end()) return {};
  return {*found};
}

std::vector<fs::path> standard_rules() {
  const fs::path top = prefix();
  return first_folder({top / CAVEAT_DATADIR / "caveat/rules", top / "share/caveat/rules"});
}

std::vector<fs::path> standard_plugins() {
  const fs::path top = prefix();
  return first_folder({top / CAVEAT_LIBDIR / "caveat/plugins", top / "lib/caveat/plugins"});
}

bool holds_lexicons(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") return true;
  }
  return false;
}

bool is_pack(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "pack.toml", ignored);
}

// A site's lexicons lie beside its packs; a pack alone is held to the standard ones.
fs::path find_wording(const Arguments& arguments, const std::vector<fs::path>& rules) {
  if (!arguments.wording.empty()) return arguments.wording;
  if (!arguments.configuration.engine.wording.empty()) return arguments.configuration.engine.wording;
  std::vector<fs::path> candidates;
  for (const fs::path& folder : rules) {
    candidates.push_back(folder / kWordingFolder);
    if (is_pack(folder)) candidates.push_back(fs::absolute(folder / "..").lexically_normal() / kWordingFolder);
  }
  for (const fs::path& folder : standard_rules()) candidates.push_back(folder / kWordingFolder);
  const auto found = std::find_if(candidates.begin(), candidates.end(), holds_lexicons);
  return found == candidates.end() ? fs::path() : *found;
}

// The first of option, environment and configuration that names any; false when none does.
bool choose(const std::vector<std::string>& option, const char* environment, const Folders& configured,
            std::vector<fs::path>& out) {
  out.assign(option.begin(), option.end());
  if (out.empty()) out = split_paths(std::getenv(environment));
  if (out.empty()) out = configured.paths;
  return !out.empty();
}

void choose_folders(const Arguments& arguments, Surroundings& out) {
  out.configured = arguments.configuration.engine;
  out.rules_chosen = choose(arguments.rules, "CAVEAT_RULES", out.configured.rules, out.rules);
  if (!out.rules_chosen) out.rules = standard_rules();
  out.plugins_chosen = choose(arguments.plugins, "CAVEAT_PLUGINS", out.configured.plugins, out.plugins);
  if (!out.plugins_chosen) out.plugins = standard_plugins();
}

// Reads headers only; what is wrong with a pack is reported when it is loaded.
struct PackHeader {
  fs::path folder;
  std::string id;
  std::vector<std::string> uses;
};

std::vector<PackHeader> headers_in(const fs::path& folder) {
  std::vector<PackHeader> out;
  const auto folders = find_packs(folder);
  if (!folders) return out;
  for (const fs::path& each : *folders) {
    Vocabulary vocabulary;
    Diagnostics unused;
    if (const auto draft = read_pack(each, vocabulary, true, unused))
      out.push_back({each, draft->pack.id, draft->pack.uses});
  }
  return out;
}

const PackHeader* find_header(const std::vector<PackHeader>& headers, const std::string& id) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const PackHeader& h) { return h.id == id; });
  return found == headers.end() ? nullptr : &*found;
}

// Adds the folders of packs that are used and not there, looked for beside the folder and in the usual places.
void add_used_packs(const fs::path& folder, const std::vector<fs::path>& usual, std::vector<fs::path>& rules) {
  std::vector<PackHeader> there = headers_in(folder);
  const auto uses_others = [](const PackHeader& header) { return !header.uses.empty(); };
  if (std::none_of(there.begin(), there.end(), uses_others)) return;
  std::vector<PackHeader> elsewhere = headers_in(fs::absolute(folder / "..").lexically_normal());
  for (const fs::path& place : usual) {
    for (PackHeader& header : headers_in(place)) elsewhere.push_back(std::move(header));
  }
  for (std::size_t next = 0; next < there.size(); ++next) {
    for (const std::string& id : std::vector<std::string>(there[next].uses)) {
      const PackHeader* found = find_header(there, id) == nullptr ? find_header(elsewhere, id) : nullptr;
      if (found == nullptr) continue;
      rules.push_back(found->folder);
      there.push_back(*found);
    }
  }
}

}  // namespace

fs::path template_folder() {
  const fs::path top = prefix();
  const auto found = first_folder({top / CAVEAT_DATADIR / "caveat/template", top / "share/caveat/template"});
  return found.empty() ? fs::path() : found.front();
}

// No file is read that nobody named.
Result<Configuration> read_configured(const Arguments& arguments, const ServerTable& server) {
  const char* environment = std::getenv("CAVEAT_CONFIG");
  const std::string file = !arguments.config.empty() || environment == nullptr ? arguments.config : environment;
  if (!arguments.configurable || file.empty()) return Configuration();
  return read_configuration(file, server);
}

Result<Configuration> read_configured(const Arguments& arguments) {
  return read_configured(arguments, server::check_table);
}

Surroundings find_surroundings(const Arguments& arguments) {
  Surroundings out;
  choose_folders(arguments, out);
  out.wording = find_wording(arguments, out.rules);
  return out;
}

Surroundings surroundings_of(const fs::path& folder, const Arguments& arguments) {
  Surroundings out;
  choose_folders(arguments, out);
  const std::vector<fs::path> usual = std::exchange(out.rules, {folder});
  out.wording = find_wording(arguments, out.rules);
  add_used_packs(folder, usual, out.rules);
  out.configured.disabled.clear();
  return out;
}

Result<Guard> load_guard(const Surroundings& surroundings) {
  if (!surroundings.wording.empty()) return Guard::load(surroundings.wording);
  return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                 "no-lexicons",
                                 {},
                                 "no lexicons of the wording guard were found",
                                 "give their folder with --wording DIR, or rules that hold one with --rules DIR"});
}

EngineOptions engine_options(const Surroundings& surroundings, Purpose purpose) {
  EngineOptions options = surroundings.configured;
  options.rules = surroundings.rules;
  options.plugins = surroundings.plugins;
  options.wording = surroundings.wording;
  options.retired = purpose.retired;
  if (!purpose.lasting) options.isolation.warm_spare = false;
  return options;
}

Result<PluginHost> load_plugins(const Surroundings& surroundings, const Guard& guard) {
  const EngineOptions options = engine_options(surroundings);
  const auto trust = Trust::load(options.trust);
  if (!trust) return Failure(trust.error());
  return PluginHost::load(options.plugins.paths, guard, judge_by(*trust), options.isolation);
}

Result<Engine> load_engine(const Surroundings& surroundings, Purpose purpose) {
  if (surroundings.rules.empty()) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "no-rules",
                                   {},
                                   "no rules were found",
                                   "give a folder with --rules DIR, CAVEAT_RULES or a configuration"});
  }
  return Engine::load(engine_options(surroundings, purpose));
}

}  // namespace caveat::cli
