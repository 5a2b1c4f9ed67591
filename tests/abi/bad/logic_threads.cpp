// Keeps a number of one call where another call finds it.
#include "good.hpp"

#include <atomic>
#include <thread>

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  sdk::Tri judge(Whole a, Whole b) const override {
    static std::atomic<std::int64_t> kept;
    kept = a.value_or(0);
    for (int i = 0; i < 20; ++i) std::this_thread::yield();
    return Good::judge(a ? Whole(kept) : a, b);
  }
};

CAVEAT_PLUGIN(Bad)
