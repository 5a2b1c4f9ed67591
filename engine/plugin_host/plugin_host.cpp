// Finds plugins, reads and checks all manifests, and only then loads the libraries: a folder with a mistake in it has
// none of its code run.
#include "plugin_host/plugin_host.hpp"

#include "plugin_host/binding.hpp"
#include "plugin_host/in_process.hpp"
#include "plugin_host/isolated.hpp"
#include "plugin_host/worker_program.hpp"

#include <algorithm>

namespace caveat {

namespace {

/// What is kept of a plugin beside what others may know.
struct Held {
  LibraryImage image;
  std::string manifest_bytes;
  std::shared_ptr<InProcessPlugin> in_process;  ///< one of the two
  std::shared_ptr<IsolatedPlugin> isolated;
};

}  // namespace

struct PluginHost::Impl {
  std::vector<PluginInfo> plugins;
  std::unique_ptr<Workers> workers;  ///< outlives what is held
  std::vector<Held> held;            ///< one a plugin, same order

  Result<void> load(std::size_t plugin);
};

namespace {

namespace fs = std::filesystem;

/// The libraries of a folder by file name, so that no result depends on the order of a directory; or one library.
std::vector<fs::path> libraries(const fs::path& folder, Diagnostics& diagnostics) {
  std::vector<fs::path> found;
  std::error_code error;
  if (folder.extension() == ".so" && fs::is_regular_file(folder, error)) return {folder};
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".so") found.push_back(at->path());
  }
  if (error) {
    diagnostics.error("no-such-folder", Place{folder.string(), 0, 0},
                      "the folder of plugins cannot be read: " + error.message(),
                      "give a folder that holds the plugins' .so files");
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Reads one library and its manifest, and has it judged, without loading it.
Result<Held> read_plugin(const fs::path& path, const Guard& guard, const Judge& judge,
                         std::vector<PluginInfo>& plugins) {
  auto image = LibraryImage::read(path);
  if (!image) return Failure(image.error());
  auto text = extract_manifest(image->bytes(), path);
  if (!text) return Failure(text.error());
  auto manifest = read_manifest(*text, path.string() + "(plugin.toml)", guard);
  if (!manifest) return Failure(manifest.error());
  auto standing = judge(path, image->bytes(), *manifest);
  if (!standing) return Failure(standing.error());
  plugins.push_back({std::move(*manifest), path, std::move(*standing)});
  return Held{std::move(*image), std::move(*text), nullptr, nullptr};
}

/// Reports things that two plugins claim. `names` gives a plugin's claims.
template <class Names>
void refuse_two_owners(const std::vector<PluginInfo>& plugins, std::string_view what, Names names,
                       Diagnostics& diagnostics) {
  std::map<std::string, const PluginInfo*> owners;
  for (const PluginInfo& plugin : plugins) {
    for (const std::string& name : names(plugin.manifest)) {
      const auto [owner, first] = owners.try_emplace(name, &plugin);
      if (first) continue;
      diagnostics.error("two-owners", Place{plugin.path.string(), 0, 0},
                        std::string(what) + " `" + name + "` belongs to the plugin `" + owner->second->manifest.id +
                            "` too (" + owner->second->path.string() + ")",
                        "keep one of the two in the folders of plugins");
    }
  }
}

void refuse_conflicts(const std::vector<PluginInfo>& plugins, Diagnostics& diagnostics) {
  refuse_two_owners(plugins, "the id", [](const Manifest& m) { return std::vector{m.id}; }, diagnostics);
  refuse_two_owners(
      plugins, "the kind",
      [](const Manifest& m) {
        std::vector<std::string> names;
        for (const KindSchema& kind : m.kinds) names.push_back(kind.name);
        return names;
      },
      diagnostics);
  refuse_two_owners(
      plugins, "the derived fact",
      [](const Manifest& m) {
        std::vector<std::string> names;
        for (const FactDeclaration& fact : m.derives) names.push_back(fact.name);
        return names;
      },
      diagnostics);
}

}  // namespace

Result<void> PluginHost::Impl::load(std::size_t index) {
  const PluginInfo& plugin = plugins[index];
  Held& to = held[index];
  if (plugin.standing.placement == Placement::kInProcess) {
    auto loaded = load_in_process(plugin, to.image, to.manifest_bytes);
    if (!loaded) return Failure(loaded.error());
    to.in_process = std::move(*loaded);
  } else {
    auto loaded = IsolatedPlugin::load(plugin, to.image, to.manifest_bytes, *workers);
    if (!loaded) return Failure(loaded.error());
    to.isolated = std::move(*loaded);
  }
  return {};
}

Result<PluginHost> PluginHost::load(const std::vector<fs::path>& folders, const Guard& guard, const Judge& judge,
                                    IsolationOptions isolation) {
  auto impl = std::make_unique<Impl>();
  Diagnostics diagnostics;
  for (const fs::path& folder : folders) {
    for (const fs::path& path : libraries(folder, diagnostics)) {
      auto held = read_plugin(path, guard, judge, impl->plugins);
      if (held) impl->held.push_back(std::move(*held));
      if (!held) diagnostics.append(held.error().diagnostics);
    }
  }
  refuse_conflicts(impl->plugins, diagnostics);
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());

  isolation.worker = find_worker_program(isolation.worker);
  impl->workers = std::make_unique<Workers>(std::move(isolation));
  for (std::size_t i = 0; i < impl->plugins.size(); ++i) {
    if (auto loaded = impl->load(i); !loaded) diagnostics.append(loaded.error().diagnostics);
  }
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return PluginHost(std::move(impl));
}

Judge judge_by(const Trust& trust) {
  return [&trust](const fs::path& path, std::string_view bytes, const Manifest& manifest) {
    return trust.plugin(path, bytes, manifest.id, manifest.version, CAVEAT_ABI_MAJOR);
  };
}

std::span<const PluginInfo> PluginHost::plugins() const { return impl_->plugins; }

std::optional<std::size_t> PluginHost::find(std::string_view id) const {
  for (std::size_t i = 0; i < impl_->plugins.size(); ++i) {
    if (impl_->plugins[i].manifest.id == id) return i;
  }
  return std::nullopt;
}

const KindSchema* PluginHost::kind(std::string_view name) const {
  for (const PluginInfo& plugin : impl_->plugins) {
    for (const KindSchema& kind : plugin.manifest.kinds) {
      if (kind.name == name) return &kind;
    }
  }
  return nullptr;
}

std::vector<std::string> PluginHost::kind_names() const {
  std::vector<std::string> names;
  for (const PluginInfo& plugin : impl_->plugins) {
    for (const KindSchema& kind : plugin.manifest.kinds) names.push_back(kind.name);
  }
  return names;
}

Result<Binding> PluginHost::bind(std::size_t plugin, std::vector<const Rule*> rules, const Vocabulary& vocabulary,
                                 const Guard* guard) const {
  const PluginInfo& info = impl_->plugins[plugin];
  const Held& held = impl_->held[plugin];
  auto bound = Briefing::make(info, std::move(rules), vocabulary, guard);
  if (!bound) return Failure(bound.error());
  auto runner = held.in_process != nullptr ? bind_in_process(info, held.in_process, **bound)
                                           : bind_isolated(held.isolated, **bound);
  if (!runner) return Failure(runner.error());
  const std::chrono::milliseconds allowed(impl_->workers->options().deadline_ms);
  return Binding(std::make_unique<Binding::Impl>(std::move(*bound), std::move(*runner), allowed));
}

Result<IsolationSupport> PluginHost::isolation_support() const { return probe_isolation(*impl_->workers); }

PluginHost::PluginHost(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PluginHost::PluginHost(PluginHost&&) noexcept = default;
PluginHost& PluginHost::operator=(PluginHost&&) noexcept = default;
PluginHost::~PluginHost() = default;

}  // namespace caveat
