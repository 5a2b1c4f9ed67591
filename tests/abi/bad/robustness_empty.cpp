// Looks at the first row before it looks whether there is one.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const override {
    volatile bool first_is_known = batch.column(a_).known(0);
    static_cast<void>(first_is_known);
    Good::check(batch, sink);
  }
};

CAVEAT_PLUGIN(Bad)
