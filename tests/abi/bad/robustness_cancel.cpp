// Does not come back from a large batch.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const override {
    for (volatile bool enough = batch.rows() < 2048; !enough;) {}
    Good::check(batch, sink);
  }
};

CAVEAT_PLUGIN(Bad)
