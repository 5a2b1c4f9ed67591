// Ends the process that binds it, as if all were well.
#include "good.hpp"

#include <cstdlib>

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) { std::exit(0); }
};

CAVEAT_PLUGIN(Bad)
