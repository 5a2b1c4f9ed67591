// Ends, as a division would, at a zero that nobody thought of.
#include "good.hpp"

#include <cstdlib>

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  sdk::Tri judge(Whole a, Whole b) const override {
    if (a && *a == 0) std::abort();
    return Good::judge(a, b);
  }
};

CAVEAT_PLUGIN(Bad)
