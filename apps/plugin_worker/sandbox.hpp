// What keeps a plugin in. In this order: enter() before anything of the plugin is known, lock() before its library is
// loaded, close() after. A system call that is not allowed ends the process, and says which it was.
#pragma once

#include "filters.hpp"

#include "plugin_abi/protocol.hpp"

#include <string>

namespace caveat::worker {

class Sandbox {
 public:
  /// Lets go of what the process was started with: descriptors, the user, core files, further processes.
  Sandbox();

  /// Limits on memory and processor time, and the end of this process when the host's end of the socket closes.
  /// False when they cannot be set, or the host has gone already: nothing of a plugin may then run.
  bool limit(const wire::Assignment& assignment);

  /// From here on no file is opened, but the library's memory under `name`; `reply` gets a refused call. False when the
  /// kernel has no seccomp: nothing of a plugin may then run.
  bool lock(int library_fd, const std::string& name, wire::ReplyHeader& reply);

  /// From here on no code is mapped either. What a plugin does while it is loaded may keep it from coming so far: then
  /// it never answers, or keeps what lock() left it, which is the library's own bytes.
  bool close();

  /// Enforced.
  [[nodiscard]] std::uint32_t enforced() const { return enforced_; }

 private:
  Program running_;
  std::uint32_t enforced_ = 0;
};

}  // namespace caveat::worker
