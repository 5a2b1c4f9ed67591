// Never asks whether there is memory.
#include "good.hpp"

#include <cstdlib>

class Bad : public Good {
 public:
  using Good::Good;

  void derive(const sdk::Batch& batch, const sdk::Sink& sink) const override {
    auto* const notes = static_cast<volatile char*>(std::malloc(batch.rows() + 1));
    notes[0] = 1;
    Good::derive(batch, sink);
    std::free(const_cast<char*>(notes));
  }
};

CAVEAT_PLUGIN(Bad)
