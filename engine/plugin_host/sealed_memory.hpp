// Memory behind a descriptor that can be sealed. Internal to plugin_host.
#pragma once

#include "base/descriptor.hpp"

#include <cerrno>
#include <string>
#include <sys/mman.h>

namespace caveat {

/// Not open when the machine has none. `executable` where code is to be mapped from it.
inline Descriptor sealable_memory(const std::string& name, bool executable) {
  constexpr unsigned kExecutable = 0x10,
                     kNotExecutable = 0x08;  // MFD_EXEC, MFD_NOEXEC_SEAL: newer than Debian's headers
  const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Descriptor memory(memfd_create(name.c_str(), flags | (executable ? kExecutable : kNotExecutable)));
  if (!memory.is_open() && errno == EINVAL) memory = Descriptor(memfd_create(name.c_str(), flags));  // before Linux 6.3
  return memory;
}

}  // namespace caveat
