// Timeline factors: what the course of a treatment depends on. Each shows a fact of the profile (its value is filled in
// by the host), and each says that there is no universal timeline.
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

class Timeline {
 public:
  explicit Timeline(const sdk::Binding& binding)
      : value_(binding.text("value")),
        no_universal_timeline_(binding.text("no-universal-timeline")),
        could_not_be_checked_(binding.text("could-not-be-checked")) {
    for (const sdk::Rule& rule : binding.rules()) {
      rules_.push_back({rule, rule.given("fact").fact(), rule.field("why").text()});
    }
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Factor& one : rules_) {
      batch.each(one.rule, [&](std::uint32_t row, sdk::Status status) {
        if (status != sdk::Status::kUndetermined) sink.advise(row, draft(one, status));
      });
    }
  }

 private:
  struct Factor {
    sdk::Rule rule;
    sdk::FactId fact;
    sdk::TextId why;
  };

  sdk::Advice draft(const Factor& one, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = one.rule.index();
    advice.subject = one.fact;
    advice.title = one.rule.title();
    advice.statement = status == sdk::Status::kFailed ? could_not_be_checked_ : one.rule.says();
    if (status == sdk::Status::kMet) {
      advice.detail(value_);
      advice.detail(one.why);
    }
    advice.detail(no_universal_timeline_);
    return advice;
  }

  std::vector<Factor> rules_;
  sdk::TextId value_, no_universal_timeline_, could_not_be_checked_;
};

}  // namespace

CAVEAT_PLUGIN(Timeline)
