// Cuts a text by bytes.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

 protected:
  void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note, sdk::Status) const override {
    sdk::Advice advice = draft(note);
    if (!note.tag.empty()) advice.detail(sdk::Words::own(note.tag.substr(0, 12)));
    sink.advise(row, advice);
  }
};

CAVEAT_PLUGIN(Bad)
