// Does not come back from bind().
#include "good.hpp"

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) {
    for (volatile bool enough = false; !enough;) {}
  }
};

CAVEAT_PLUGIN(Bad)
