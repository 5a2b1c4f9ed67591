// Looks in advise() at a fact that is declared for the check alone: a host never shows it there.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch& batch, const sdk::Sink& sink, std::uint32_t row, const Note& note,
           sdk::Status) const override {
    sdk::Advice advice = draft(note);
    if (batch.column(a_).integer(row).value_or(0) > 5) advice.detail(noted_);
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
