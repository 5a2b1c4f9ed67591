// Says every point twice.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note, sdk::Status) const override {
    sdk::Advice advice = draft(note);
    for (const sdk::TextId point : note.points) advice.detail(point);
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
