// Finds plugins, reads and checks all manifests, and only then loads the libraries: a folder with a mistake in it has
// none of its code run.
#include "plugin_host/plugin_host.hpp"

#include "base/digest.hpp"
#include "plugin_host/binding.hpp"
#include "plugin_host/calls.hpp"
#include "plugin_host/library.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace caveat {

struct PluginHost::Impl {
  std::vector<PluginInfo> plugins;
  std::vector<std::unique_ptr<LoadedPlugin>> loaded;  ///< same order
};

namespace {

namespace fs = std::filesystem;

/// The libraries of a folder by file name, so that no result depends on the order of a directory.
std::vector<fs::path> libraries(const fs::path& folder, Diagnostics& diagnostics) {
  std::vector<fs::path> found;
  std::error_code error;
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

std::string digest_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return sha256(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// Reads one library's manifest, without loading it.
void read_plugin(const fs::path& path, const Guard& guard, std::vector<PluginInfo>& plugins,
                 std::vector<std::string>& bytes, Diagnostics& diagnostics) {
  auto text = extract_manifest(path);
  if (!text) return diagnostics.append(text.error().diagnostics);
  auto manifest = read_manifest(*text, path.string() + "(plugin.toml)", guard);
  if (!manifest) return diagnostics.append(manifest.error().diagnostics);
  plugins.push_back({std::move(*manifest), path, digest_of(path)});
  bytes.push_back(std::move(*text));
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

Result<PluginHost> PluginHost::load(const std::vector<fs::path>& folders, const Guard& guard) {
  auto impl = std::make_unique<Impl>();
  std::vector<std::string> bytes;
  Diagnostics diagnostics;
  for (const fs::path& folder : folders) {
    for (const fs::path& path : libraries(folder, diagnostics))
      read_plugin(path, guard, impl->plugins, bytes, diagnostics);
  }
  refuse_conflicts(impl->plugins, diagnostics);
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());

  for (std::size_t i = 0; i < impl->plugins.size(); ++i) {
    auto table = load_library(impl->plugins[i], bytes[i]);
    if (!table) {
      diagnostics.append(table.error().diagnostics);
      continue;
    }
    auto loaded = std::make_unique<LoadedPlugin>();
    loaded->table = *table;
    loaded->serial = impl->plugins[i].manifest.threading == Manifest::Threading::kSerial;
    impl->loaded.push_back(std::move(loaded));
  }
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return PluginHost(std::move(impl));
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
  const LoadedPlugin& loaded = *impl_->loaded[plugin];
  auto bound = Briefing::make(info, std::move(rules), vocabulary, guard);
  if (!bound) return Failure(bound.error());
  caveat_instance* instance = nullptr;
  const auto lock = loaded.serial ? std::unique_lock(loaded.one_at_a_time) : std::unique_lock<std::mutex>();
  const std::string failure = call_bind(loaded.table, (*bound)->raw(), instance);
  if (!failure.empty()) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "plugin-refused",
                                   Place{info.path.string(), 0, 0},
                                   "the plugin `" + info.manifest.id + "` cannot be bound to the rules: " + failure,
                                   {}});
  }
  return Binding(std::make_unique<Binding::Impl>(loaded, std::move(*bound), instance));
}

PluginHost::PluginHost(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PluginHost::PluginHost(PluginHost&&) noexcept = default;
PluginHost& PluginHost::operator=(PluginHost&&) noexcept = default;
PluginHost::~PluginHost() = default;

}  // namespace caveat
