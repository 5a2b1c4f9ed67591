#include "plugin_host/in_process.hpp"

#include "base/digest.hpp"
#include "plugin_host/calls.hpp"

#include <boost/dll/shared_library.hpp>

#include <dlfcn.h>
#include <limits>
#include <map>
#include <mutex>

namespace caveat {

namespace {

/// A library that was loaded, and the memory that it was loaded from: while that is open, no other memory gets its
/// name.
struct Kept {
  LibraryImage image;
  boost::dll::shared_library library;
  std::shared_ptr<InProcessPlugin> plugin;  ///< null: the library is no plugin that this host can work with
};

/// Every library that this process has loaded, by the digest of its bytes. Never unloaded: GNU-unique symbols and
/// thread-locals keep one half alive, and an instance's code may still be on another thread's stack (docs/decisions).
/// So an engine that is loaded again gets what is there.
class Libraries {
 public:
  static Libraries& all() {
    static auto* const libraries = new Libraries;  // never destroyed, on purpose
    return *libraries;
  }

  Result<std::shared_ptr<InProcessPlugin>> plugin(const PluginInfo& info, const LibraryImage& image,
                                                  std::string_view manifest_bytes) {
    const std::scoped_lock lock(mutex_);
    const Manifest& manifest = info.manifest;
    const std::string digest = sha256(image.bytes());
    auto kept = kept_.find(digest);
    if (kept == kept_.end()) {
      boost::dll::shared_library library;
      if (auto problem = open(image, library)) return refuse_plugin(manifest, image.path(), std::move(*problem));
      kept = kept_.emplace(digest, Kept{image, std::move(library), nullptr}).first;
    }
    if (kept->second.plugin == nullptr) {
      auto made = make(manifest, kept->second, manifest_bytes);
      if (!made) return Failure(made.error());
      kept->second.plugin = std::move(*made);
    }
    return kept->second.plugin;
  }

 private:
  /// What went wrong, or nothing.
  static std::optional<std::string> open(const LibraryImage& image, boost::dll::shared_library& library) {
    boost::dll::fs::error_code error;
    static_cast<void>(dlerror());
    // Symbols stay local: plugins do not see each other's.
    library.load("/proc/self/fd/" + std::to_string(image.fd()),
                 boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local, error);
    if (!error) return std::nullopt;
    const char* said = dlerror();
    return "cannot be loaded: " + (said != nullptr ? std::string(said) : error.message());
  }

  static Result<std::shared_ptr<InProcessPlugin>> make(const Manifest& manifest, const Kept& kept,
                                                       std::string_view manifest_bytes) {
    const auto refuse = [&](std::string why) { return refuse_plugin(manifest, kept.image.path(), std::move(why)); };
    if (!kept.library.has(CAVEAT_PLUGIN_ENTRY)) return refuse("exports no `" CAVEAT_PLUGIN_ENTRY "`");
    const auto entry = &kept.library.get<std::remove_pointer_t<caveat_plugin_entry_fn>>(CAVEAT_PLUGIN_ENTRY);
    auto plugin = std::make_shared<InProcessPlugin>();
    plugin->serial = manifest.threading == Manifest::Threading::kSerial;
    std::string problem = call_entry(entry, manifest_bytes, needed_calls(manifest), plugin->table);
    if (!problem.empty()) return refuse(std::move(problem));
    return plugin;
  }

  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

const caveat_host kHost = plain_host(CAVEAT_VERSION);

class InProcess final : public Runner {
 public:
  InProcess(std::shared_ptr<InProcessPlugin> plugin, caveat_instance* instance)
      : plugin_(std::move(plugin)), instance_(instance) {}
  InProcess(const InProcess&) = delete;
  InProcess& operator=(const InProcess&) = delete;
  ~InProcess() override {
    const auto turn = plugin_->turn();
    call_unbind(plugin_->table, instance_);
  }

  std::string call(Call call, const caveat_batch& batch, Acceptor& acceptor, const CallLimits& limits) override {
    const caveat_sink sink = sink_into(acceptor, limits);
    const auto turn = plugin_->turn();
    return describe(call_batch(plugin_->table, instance_, call, batch, sink));
  }

  [[nodiscard]] std::size_t rows_max() const override { return std::numeric_limits<std::uint32_t>::max(); }
  [[nodiscard]] bool enforces_deadline() const override { return false; }

 private:
  std::shared_ptr<InProcessPlugin> plugin_;
  caveat_instance* instance_;
};

}  // namespace

Failure refuse_plugin(const Manifest& manifest, const std::filesystem::path& path, std::string message,
                      std::string help) {
  return fail(ErrorKind::kLoad, {DiagnosticLevel::kError, "plugin-refused", Place{path.string(), 0, 0},
                                 "the plugin `" + manifest.id + "` " + std::move(message), std::move(help)});
}

NeededCalls needed_calls(const Manifest& manifest) {
  return {!manifest.kinds.empty(), !manifest.checks.empty(), !manifest.derives.empty()};
}

Result<std::shared_ptr<InProcessPlugin>> load_in_process(const PluginInfo& plugin, const LibraryImage& image,
                                                         std::string_view manifest_bytes) {
  return Libraries::all().plugin(plugin, image, manifest_bytes);
}

Result<std::unique_ptr<Runner>> bind_in_process(const PluginInfo& plugin, std::shared_ptr<InProcessPlugin> loaded,
                                                const Briefing& bound) {
  caveat_instance* instance = nullptr;
  const auto turn = loaded->turn();
  const std::string failure = call_bind(loaded->table, kHost, bound.raw(), instance);
  if (!failure.empty()) {
    return refuse_plugin(plugin.manifest, plugin.path, "cannot be bound to the rules: " + failure);
  }
  return std::make_unique<InProcess>(loaded, instance);
}

}  // namespace caveat
