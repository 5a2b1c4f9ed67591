// Contraindications: what stands against a treatment. Met, it says what the rule says and why; undetermined or failed,
// it says so first, because the rule's own words read as if the matter were settled.
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

class Contraindications {
 public:
  explicit Contraindications(const sdk::Binding& binding)
      : not_yet_known_(binding.text("not-yet-known")), could_not_be_checked_(binding.text("could-not-be-checked")) {
    for (const sdk::Rule& rule : binding.rules()) rules_.push_back({rule, rule.field("why").text()});
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Contraindication& one : rules_) {
      batch.each(one.rule, [&](std::uint32_t row, sdk::Status status) { sink.advise(row, draft(one, status)); });
    }
  }

 private:
  struct Contraindication {
    sdk::Rule rule;
    sdk::TextId why;
  };

  sdk::Advice draft(const Contraindication& one, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = one.rule.index();
    advice.title = one.rule.title();
    if (status == sdk::Status::kMet) {
      advice.statement = one.rule.says();
    } else {
      advice.statement = status == sdk::Status::kFailed ? could_not_be_checked_ : not_yet_known_;
      advice.detail(one.rule.says());
    }
    advice.detail(one.why);
    return advice;
  }

  std::vector<Contraindication> rules_;
  sdk::TextId not_yet_known_, could_not_be_checked_;
};

}  // namespace

CAVEAT_PLUGIN(Contraindications)
