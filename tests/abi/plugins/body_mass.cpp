// A well-behaved plugin that uses the whole ABI. Built with the SDK alone, as a third party would.
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

__extension__ typedef __int128 Wide;

Wide wide(caveat_decimal decimal) {
  return static_cast<Wide>(decimal.high) * (static_cast<Wide>(1) << 64) + static_cast<Wide>(decimal.low);
}

caveat_decimal narrow(Wide units) {
  return {static_cast<std::uint64_t>(units), static_cast<std::int64_t>(units >> 64)};
}

constexpr std::int64_t kUnit = 100'000'000;

class BodyMass {
 public:
  explicit BodyMass(const sdk::Binding& binding)
      : weight_(binding.fact("weight")),
        height_(binding.fact("height")),
        index_(binding.fact("body_mass_index")),
        derived_(binding.derived("body_mass_index")),
        check_(binding.check("low-body-mass")),
        about_(binding.text("about")),
        low_(binding.text("low")),
        small_(binding.text("small")),
        both_(binding.text("both")),
        by_letter_(binding.text("by-letter")),
        reminder_(binding.kind("reminder")) {
    for (const sdk::Rule& rule : binding.rules()) {
      if (rule.kind() != reminder_) throw std::invalid_argument("a rule of another kind");
      rules_.push_back(rule);
    }
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const sdk::Rule& rule : rules_) {
      batch.each(rule, [&](std::uint32_t row, sdk::Status) { sink.advise(row, draft(rule)); });
    }
  }

  void derive(const sdk::Batch& batch, const sdk::Sink& sink) const {
    const sdk::Column weights = batch.column(weight_);
    const sdk::Column heights = batch.column(height_);
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const auto weight = weights.decimal(row);  // kg
      const auto height = heights.decimal(row);  // cm
      if (!weight || !height || wide(*height) <= 0) continue;
      Wide scale = 1;
      for (int i = 0; i < 20; ++i) scale *= 10;
      const Wide index = wide(*weight) * scale / (wide(*height) * wide(*height));
      sink.derive(row, derived_, sdk::decimal_value(narrow(index / 1'000'000 * 1'000'000)));
    }
  }

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const {
    const sdk::Column indices = batch.column(index_);
    const sdk::Column heights = batch.column(height_);
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const sdk::Tri low = below(indices.decimal(row), 185 * kUnit / 10);
      const sdk::Tri small = below(heights.decimal(row), 100 * kUnit);
      const sdk::Tri applies = negated(small);
      const sdk::NodeId is_low = sink.leaf(row, low_, low, {index_.id()});
      const sdk::NodeId is_small = sink.leaf(row, small_, small, {height_.id()});
      const sdk::NodeId is_applicable = sink.negation(row, {}, applies, is_small);
      const sdk::Tri met = both(low, applies);
      sink.report(row, check_, met, sink.all(row, both_, met, {is_low, is_applicable}));
    }
  }

 private:
  static sdk::Tri below(std::optional<caveat_decimal> value, std::int64_t limit) {
    return value ? sdk::tri(wide(*value) < limit) : sdk::Tri::kUnknown;
  }
  static sdk::Tri negated(sdk::Tri a) {
    if (a == sdk::Tri::kUnknown) return a;
    return a == sdk::Tri::kTrue ? sdk::Tri::kFalse : sdk::Tri::kTrue;
  }
  static sdk::Tri both(sdk::Tri a, sdk::Tri b) {
    if (a == sdk::Tri::kFalse || b == sdk::Tri::kFalse) return sdk::Tri::kFalse;
    return a == sdk::Tri::kTrue && b == sdk::Tri::kTrue ? sdk::Tri::kTrue : sdk::Tri::kUnknown;
  }

  sdk::Advice draft(const sdk::Rule& rule) const {
    sdk::Advice advice;
    advice.rule = rule.index();
    advice.detail(rule.field("note").text());
    const sdk::Field points = rule.field("points");
    for (std::uint32_t i = 0; i < points.size(); ++i) advice.detail(points.text(i));
    advice.subject = rule.field("about").fact();
    if (advice.subject) advice.detail(about_);
    if (rule.field("channel").choice() == "letter") advice.detail(by_letter_);
    if (rule.field("urgent").boolean() == true) advice.severity = sdk::Severity::kWarning;
    if (const auto tag = rule.field("tag").string()) advice.detail(sdk::Words::own(*tag));
    return advice;
  }

  sdk::Fact weight_, height_, index_;
  std::uint32_t derived_, check_;
  sdk::TextId about_, low_, small_, both_, by_letter_;
  std::uint32_t reminder_;
  std::vector<sdk::Rule> rules_;
};

}  // namespace

CAVEAT_PLUGIN(BodyMass)
