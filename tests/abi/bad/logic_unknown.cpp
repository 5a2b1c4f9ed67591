// Two missing answers are equal, are they not?
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  sdk::Tri judge(Whole a, Whole b) const override { return !a && !b ? sdk::Tri::kFalse : Good::judge(a, b); }
};

CAVEAT_PLUGIN(Bad)
