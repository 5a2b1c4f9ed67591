// Needs a library that a host may not have.
#include "good.hpp"

extern "C" int caveat_bad_helper();

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) {
    if (caveat_bad_helper() != 1) throw std::invalid_argument("no help");
  }
};

CAVEAT_PLUGIN(Bad)
