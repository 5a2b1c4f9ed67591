#include "check/subject.hpp"

#include "plugin_host/in_process.hpp"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>

namespace caveat::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDeclaredWorlds = 6;
constexpr std::size_t kGuessedWorlds = 96;  // so that some of them guess two or three facts right

bool requires_it(const Pack& pack, const std::string& id) {
  return std::find(pack.required_plugins.begin(), pack.required_plugins.end(), id) != pack.required_plugins.end();
}

/// The libraries of a folder but those that are the plugin itself, perhaps in another build.
void add_others(const fs::path& folder, const fs::path& file, const std::string& id, const Guard& guard,
                std::vector<fs::path>& out) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unused;
    if (at->path().extension() != ".so" || fs::equivalent(at->path(), file, unused)) continue;
    const auto bytes = extract_manifest(at->path());
    const auto manifest = bytes ? read_manifest(*bytes, at->path().string(), guard) : Failure(bytes.error());
    if (!manifest || manifest->id != id) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
}

std::unique_ptr<World> world_of(const std::shared_ptr<const Snapshot>& packs, const LoadedPack& loaded,
                                const std::string& plugin) {
  auto world = std::make_unique<World>();
  world->name = "the pack `" + loaded.pack.id + "`";
  world->vocabulary = packs->vocabulary;
  world->packs = packs;
  for (const Rule& rule : loaded.pack.rules) {
    if (rule.kind->plugin == plugin) world->rules.push_back(&rule);
  }
  return world;
}

}  // namespace

std::string words_of(const Error& error) {
  std::string out;
  for (const Diagnostic& diagnostic : error.diagnostics) {
    out += (out.empty() ? "" : "\n") + to_string(diagnostic);
  }
  return out;
}

Result<const PluginInfo*> Subject::info() {
  if (info_) return &*info_;
  auto bytes = extract_manifest(options_.file);
  if (!bytes) return Failure(bytes.error());
  auto manifest = read_manifest(*bytes, options_.file.string() + "(plugin.toml)", guard_);
  if (!manifest) return Failure(manifest.error());
  manifest_bytes_ = std::move(*bytes);
  info_ = PluginInfo{std::move(*manifest), options_.file, {}};
  return &*info_;
}

Result<caveat_plugin_entry_fn> Subject::entry() {
  const auto refused = [&](std::string why) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError, "plugin-refused", Place{file().string(), 0, 0}, why, {}});
  };
  note("loading it");
  void* const library = ::dlopen(file().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return refused("cannot be loaded: " + std::string(::dlerror()));
  void* const symbol = ::dlsym(library, CAVEAT_PLUGIN_ENTRY);
  if (symbol == nullptr) return refused("exports no `" CAVEAT_PLUGIN_ENTRY "`");
  caveat_plugin_entry_fn function = nullptr;
  std::memcpy(&function, &symbol, sizeof function);
  return function;
}

Result<const caveat_plugin*> Subject::table() {
  if (table_) return &*table_;
  const auto plugin = info();
  if (!plugin) return Failure(plugin.error());
  const auto function = entry();
  if (!function) return Failure(function.error());
  const Manifest& manifest = (*plugin)->manifest;
  caveat_plugin table{};
  std::string problem = call_entry(*function, manifest_bytes_, needed_calls(manifest), table);
  if (!problem.empty()) return refuse_plugin(manifest, options_.file, std::move(problem));
  table_ = table;
  return &*table_;
}

Result<std::shared_ptr<const Snapshot>> Subject::load_packs(const PluginInfo& plugin) const {
  EngineOptions options;
  options.rules = options_.rules;
  options.plugins = std::vector<fs::path>{options_.file};
  for (const fs::path& folder : options_.plugins) {
    add_others(folder, options_.file, plugin.manifest.id, guard_, options.plugins.paths);
  }
  options.wording = options_.wording;
  return load_snapshot(options);
}

Result<const std::vector<std::unique_ptr<World>>*> Subject::worlds() {
  if (!worlds_.empty()) return &worlds_;
  const auto plugin = info();
  if (!plugin) return Failure(plugin.error());
  if (!options_.rules.empty()) {
    note("loading the rule packs");
    auto loaded = load_packs(**plugin);
    if (!loaded) return Failure(loaded.error());
    packs_ = std::move(*loaded);
    for (const auto& pack : packs_->packs) {
      auto world = world_of(packs_, *pack, (*plugin)->manifest.id);
      const bool used = !world->rules.empty() || requires_it(pack->pack, (*plugin)->manifest.id);
      if (used) worlds_.push_back(std::move(world));
    }
  }
  Random random(seed());
  using Optional = WorldShape::Optional;
  const Optional kinds_of_optional[] = {Optional::kAll, Optional::kNone, Optional::kSome};
  std::size_t count = kDeclaredWorlds;
  for (std::size_t i = 0; i < count; ++i) {
    WorldShape shape;
    shape.optional = kinds_of_optional[std::min<std::size_t>(i, 2)];
    worlds_.push_back(make_up_world(**plugin, shape, known_facts(), random, "made-up rules " + std::to_string(i + 1)));
    if (worlds_.back()->guessed) count = kGuessedWorlds;
  }
  return &worlds_;
}

}  // namespace caveat::cli
