// Signs with the number of its process.
#include "good.hpp"

#include <unistd.h>

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note, sdk::Status) const override {
    sdk::Advice advice = draft(note);
    const std::string signature = "Noted by " + std::to_string(::getpid()) + ".";
    advice.detail(sdk::Words::own(signature));
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
