// Looks something up in a file, whenever it is asked.
#include "good.hpp"

#include <fcntl.h>
#include <unistd.h>

class Bad : public Good {
 public:
  using Good::Good;

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const override {
    const int file = ::open("/proc/version", O_RDONLY | O_CLOEXEC);
    if (file >= 0) ::close(file);
    Good::check(batch, sink);
  }
};

CAVEAT_PLUGIN(Bad)
