// Makes a plugin's allocations fail, one at a time. The library's own references to malloc, operator new and their kin
// are pointed at functions of this file; those of the rest of the process are not (but libstdc++'s, on whose strings a
// plugin's allocations depend). Linux, ELF, 64 bits.
#pragma once

#include <cstdint>
#include <string>

namespace caveat::cli {

class Allocations {
 public:
  /// Takes over those of a loaded library (a handle of dlopen), for the rest of the process.
  static bool take_over(void* library);

  /// From now on, on this thread and while the plugin's code runs, allocation number `failing` (from 1) fails. 0: none.
  static void fail_at(std::uint64_t failing);
  /// How many there were since.
  static std::uint64_t count();

  // The plugin's code begins and ends; the host's code, called by it, begins and ends.
  static void enter_plugin();
  static void leave_plugin();
};

}  // namespace caveat::cli
