// Not one check's: it never comes back from bind().
#include "good.hpp"

#include <chrono>
#include <thread>

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

CAVEAT_PLUGIN(Bad)
