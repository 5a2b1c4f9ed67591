// Takes any host for its own.
#include "good.hpp"

extern "C" const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t, std::uint32_t) {
  static const caveat_plugin plugin = sdk::detail::Thunks<Good>::table();
  return &plugin;
}
