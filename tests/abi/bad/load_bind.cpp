// Wants nothing of it.
#include "good.hpp"

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) { throw std::invalid_argument("not today"); }
};

CAVEAT_PLUGIN(Bad)
