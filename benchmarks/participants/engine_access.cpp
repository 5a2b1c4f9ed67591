#include "participants/engine_access.hpp"

namespace caveat::bench {

EngineOptions engine_options(const std::string& pack_folder) {
  EngineOptions options;
  options.rules = std::filesystem::path(pack_folder);
  options.plugins = std::filesystem::path(CAVEAT_BINARY_DIR "/lib/caveat/plugins");
  options.wording = CAVEAT_SOURCE_DIR "/rules/wording";
  return options;
}

}  // namespace caveat::bench
