// Promises.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note, sdk::Status) const override {
    sdk::Advice advice = draft(note);
    advice.detail(sdk::Words::own("Guaranteed results: you will see permanent improvement in two weeks."));
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
