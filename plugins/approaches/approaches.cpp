// Approaches: what people explore for a concern, and what it may support. Each ends with the reminder that suitability
// is individual and for a professional to judge.
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

class Approaches {
 public:
  explicit Approaches(const sdk::Binding& binding)
      : individual_(binding.text("individual")), could_not_be_checked_(binding.text("could-not-be-checked")) {
    for (const sdk::Rule& rule : binding.rules()) {
      rules_.push_back({rule, rule.field("why").text(), rule.field("supports").text()});
    }
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Approach& one : rules_) {
      batch.each(one.rule, [&](std::uint32_t row, sdk::Status status) {
        if (status != sdk::Status::kUndetermined) sink.advise(row, draft(one, status));
      });
    }
  }

 private:
  struct Approach {
    sdk::Rule rule;
    sdk::TextId why, supports;
  };

  sdk::Advice draft(const Approach& one, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = one.rule.index();
    advice.title = one.rule.title();
    if (status == sdk::Status::kFailed) {
      advice.statement = could_not_be_checked_;
      return advice;
    }
    advice.statement = one.rule.says();
    advice.detail(one.why);
    advice.detail(one.supports);
    advice.detail(individual_);
    return advice;
  }

  std::vector<Approach> rules_;
  sdk::TextId individual_, could_not_be_checked_;
};

}  // namespace

CAVEAT_PLUGIN(Approaches)
