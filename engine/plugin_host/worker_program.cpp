#include "plugin_host/worker_program.hpp"

#include <dlfcn.h>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr const char* kName = "caveat/caveat-plugin-worker";

/// The file that this code is in: a shared library, or the program itself.
fs::path this_file() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&find_worker_program), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  fs::path file = fs::canonical(info.dli_fname, error);
  if (error) file = fs::canonical("/proc/self/exe", error);  // a program's own name may be a bare word
  return error ? fs::path() : file;
}

}  // namespace

fs::path find_worker_program(const fs::path& chosen) {
  if (!chosen.empty()) return fs::absolute(chosen);
  const fs::path folder = this_file().parent_path();
  std::error_code ignored;
  for (const fs::path& lib : {folder, folder / ".." / CAVEAT_LIBDIR, folder / "../lib"}) {
    const fs::path program = (lib / kName).lexically_normal();
    if (fs::exists(program, ignored)) return program;
  }
  return fs::path(CAVEAT_INSTALLED_LIBDIR) / kName;
}

}  // namespace caveat
