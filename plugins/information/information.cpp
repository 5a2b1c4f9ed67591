// Information: what is worth knowing, with its points in the order in which the rule gives them.
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

class Information {
 public:
  explicit Information(const sdk::Binding& binding) : could_not_be_checked_(binding.text("could-not-be-checked")) {
    for (const sdk::Rule& rule : binding.rules()) rules_.push_back({rule, paragraphs(rule)});
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Item& one : rules_) {
      batch.each(one.rule, [&](std::uint32_t row, sdk::Status status) {
        if (status != sdk::Status::kUndetermined) sink.advise(row, draft(one, status));
      });
    }
  }

 private:
  struct Item {
    sdk::Rule rule;
    std::vector<sdk::TextId> paragraphs;
  };

  static std::vector<sdk::TextId> paragraphs(const sdk::Rule& rule) {
    std::vector<sdk::TextId> texts;
    const sdk::Field points = rule.field("points");
    for (std::uint32_t i = 0; i < points.size(); ++i) texts.push_back(points.text(i));
    if (const sdk::TextId why = rule.field("why").text()) texts.push_back(why);
    return texts;
  }

  sdk::Advice draft(const Item& one, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = one.rule.index();
    advice.title = one.rule.title();
    if (status == sdk::Status::kFailed) {
      advice.statement = could_not_be_checked_;
      return advice;
    }
    advice.statement = one.rule.says();
    for (const sdk::TextId text : one.paragraphs) advice.detail(text);
    return advice;
  }

  std::vector<Item> rules_;
  sdk::TextId could_not_be_checked_;
};

}  // namespace

CAVEAT_PLUGIN(Information)
