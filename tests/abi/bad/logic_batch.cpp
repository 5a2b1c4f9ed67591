// Says more to several than to one.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch& batch, const sdk::Sink& sink, std::uint32_t row, const Note& note,
           sdk::Status) const override {
    sdk::Advice advice = draft(note);
    if (batch.rows() > 1) advice.detail(noted_);
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
