// The inside of a Binding. Internal to plugin_host.
#pragma once

#include "plugin_host/briefing.hpp"

#include <mutex>

namespace caveat {

/// A plugin as the host holds it.
struct LoadedPlugin {
  caveat_plugin table{};
  bool serial = false;
  mutable std::mutex one_at_a_time;  ///< taken for every call when `serial`, by all bindings of all packs
};

struct Binding::Impl {
  Impl(const LoadedPlugin& of, std::unique_ptr<Briefing> to, caveat_instance* made)
      : plugin(of), bound(std::move(to)), instance(made) {}
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const LoadedPlugin& plugin;
  std::unique_ptr<Briefing> bound;
  caveat_instance* instance;
};

}  // namespace caveat
