#include "plugin_host/library.hpp"

#include "plugin_host/calls.hpp"

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <mutex>

namespace caveat {

namespace {

/// Keeps every library mapped. Unloading is not safe: GNU-unique symbols and thread-locals keep one half alive, and an
/// instance's code may still be on another thread's stack (docs/decisions).
void keep(boost::dll::shared_library library) {
  static std::mutex mutex;
  static auto* const kept = new std::vector<boost::dll::shared_library>;  // never destroyed, on purpose
  const std::scoped_lock lock(mutex);
  kept->push_back(std::move(library));
}

class Loader {
 public:
  explicit Loader(const PluginInfo& plugin) : plugin_(plugin) {}

  Result<caveat_plugin> load(std::string_view manifest_bytes) {
    boost::dll::fs::error_code error;
    boost::dll::shared_library library;
    static_cast<void>(dlerror());
    // An absolute path: a bare name would be searched for. Symbols stay local: plugins do not see each other's.
    library.load(std::filesystem::absolute(plugin_.path),
                 boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local, error);
    if (error) return refuse("cannot be loaded: " + reason(error));
    if (!library.has(CAVEAT_PLUGIN_ENTRY)) return refuse("exports no `" CAVEAT_PLUGIN_ENTRY "`");
    const auto entry = &library.get<std::remove_pointer_t<caveat_plugin_entry_fn>>(CAVEAT_PLUGIN_ENTRY);
    keep(std::move(library));
    const caveat_plugin* raw = call_entry(entry);
    if (raw == nullptr) {
      return refuse("refuses this engine: it does not work with version " + version() + " of the plugin ABI");
    }
    return check(*raw, manifest_bytes);
  }

 private:
  static std::string version() { return std::to_string(CAVEAT_ABI_MAJOR) + "." + std::to_string(CAVEAT_ABI_MINOR); }

  static std::string reason(const boost::dll::fs::error_code& error) {
    const char* said = dlerror();
    return said != nullptr ? std::string(said) : error.message();
  }

  Failure refuse(std::string message) const {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "plugin-refused",
                                   Place{plugin_.path.string(), 0, 0},
                                   "the plugin `" + plugin_.manifest.id + "` " + std::move(message),
                                   {}});
  }

  Result<caveat_plugin> check(const caveat_plugin& raw, std::string_view manifest_bytes) const {
    caveat_plugin table{};
    std::memcpy(&table, &raw, std::min<std::size_t>(raw.size, sizeof table));
    if (table.abi_major != CAVEAT_ABI_MAJOR) {
      return refuse("returns a table of version " + std::to_string(table.abi_major) + " of the plugin ABI, not " +
                    version());
    }
    const bool same = table.manifest.data != nullptr && table.manifest.size == manifest_bytes.size() &&
                      std::memcmp(table.manifest.data, manifest_bytes.data(), manifest_bytes.size()) == 0;
    if (!same) return refuse("returns another manifest than its section `.caveat.manifest` holds");
    const Manifest& manifest = plugin_.manifest;
    const std::pair<bool, std::string_view> functions[] = {
        {table.bind != nullptr, "bind"},
        {table.unbind != nullptr, "unbind"},
        {table.advise != nullptr || manifest.kinds.empty(), "advise"},
        {table.check != nullptr || manifest.checks.empty(), "check"},
        {table.derive != nullptr || manifest.derives.empty(), "derive"},
    };
    for (const auto& [there, name] : functions) {
      if (!there) return refuse("has no function `" + std::string(name) + "`, which its manifest calls for");
    }
    return table;
  }

  const PluginInfo& plugin_;
};

}  // namespace

Result<caveat_plugin> load_library(const PluginInfo& plugin, std::string_view manifest_bytes) {
  return Loader(plugin).load(manifest_bytes);
}

}  // namespace caveat
