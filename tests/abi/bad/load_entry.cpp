// Has another table for every other caller.
#include "good.hpp"

#include <atomic>

extern "C" const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t host_major, std::uint32_t) {
  static const caveat_plugin plugins[] = {sdk::detail::Thunks<Good>::table(), sdk::detail::Thunks<Good>::table()};
  static std::atomic<unsigned> calls{0};
  return host_major == CAVEAT_ABI_MAJOR ? &plugins[calls++ % 2] : nullptr;
}
