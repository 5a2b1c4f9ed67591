// Keeps silent where something could not be checked.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note,
           sdk::Status status) const override {
    if (status != sdk::Status::kFailed) sink.advise(row, draft(note));
  }
};

CAVEAT_PLUGIN(Bad)
