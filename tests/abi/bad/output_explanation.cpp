// Concludes more than its parts give.
#include "good.hpp"

class Bad : public Good {
 public:
  using Good::Good;

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const sdk::Tri value = judge(batch.column(a_).integer(row), batch.column(b_).integer(row));
      const sdk::NodeId leaf = sink.leaf(row, found_, value, {a_.id(), b_.id()});
      const sdk::Tri said = value == sdk::Tri::kUnknown ? sdk::Tri::kFalse : value;
      sink.report(row, differ_, said, sink.all(row, {}, said, {leaf}));
    }
  }
};

CAVEAT_PLUGIN(Bad)
