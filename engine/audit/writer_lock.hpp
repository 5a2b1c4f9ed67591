// One writer a log: two would each continue the chain from the same record.
#pragma once

#include <caveat/result.hpp>

#include "base/descriptor.hpp"

#include <cstdint>
#include <filesystem>

namespace caveat {

/// Held until destroyed, or until the process ends, however it ends.
class WriterLock {
 public:
  /// Locks `FILE.lock` beside the log, waiting up to `wait_ms` for another writer to end. kInput when it does not.
  static Result<WriterLock> take(const std::filesystem::path& log, std::uint32_t wait_ms);

 private:
  explicit WriterLock(Descriptor held) : held_(std::move(held)) {}
  Descriptor held_;
};

}  // namespace caveat
