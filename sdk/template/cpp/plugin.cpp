// What a plugin can do, in small: turn outcomes of its own kind of rule into advisories, derive a fact, check in code.
// Replace all three. Missing is never no: where an answer is missing, nothing is derived and the check says "unknown".
#include <caveat/plugin.hpp>

namespace {

namespace sdk = caveat::sdk;

constexpr std::int64_t kFarApart = 20;
constexpr std::int64_t kLargestReading =
    1'000'000;  // keeps the sums below from overflowing; what is larger is not used

/// One a rule pack that uses the plugin. Everything is looked up by name once, here; a name that does not exist throws,
/// and the pack does not load.
class CaveatTemplate {
 public:
  explicit CaveatTemplate(const sdk::Binding& binding)
      : first_(binding.fact("caveat_template_first")),
        second_(binding.fact("caveat_template_second")),
        mean_(binding.derived("caveat_template_mean")),
        readings_differ_(binding.check("readings-differ")),
        value_(binding.text("value")),
        far_apart_(binding.text("far-apart")),
        could_not_be_checked_(binding.text("could-not-be-checked")) {
    for (const sdk::Rule& rule : binding.rules()) {
      Note note{rule, rule.given("about").fact(), {}};
      const sdk::Field points = rule.field("points");
      for (std::uint32_t i = 0; i < points.size(); ++i) note.points.push_back(points.text(i));
      notes_.push_back(std::move(note));
    }
  }

  /// The rules of its kind. The manifest says on which outcomes they speak: then there must be an advisory, else none.
  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Note& note : notes_) {
      batch.each(note.rule, [&](std::uint32_t row, sdk::Status status) {
        if (status != sdk::Status::kUndetermined) sink.advise(row, draft(note, status));
      });
    }
  }

  void derive(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const auto first = reading(batch, first_, row);
      const auto second = reading(batch, second_, row);
      if (!first || !second) continue;
      // A decimal counts units of 10^-8: half of the sum is 50,000,000 of them for each.
      const std::int64_t units = (*first + *second) * 50'000'000;
      sink.derive(row, mean_, sdk::decimal_value({static_cast<std::uint64_t>(units), units < 0 ? -1 : 0}));
    }
  }

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const auto first = reading(batch, first_, row);
      const auto second = reading(batch, second_, row);
      sdk::Tri differ = sdk::Tri::kUnknown;
      if (first && second) differ = sdk::tri(std::max(*first, *second) - std::min(*first, *second) >= kFarApart);
      const sdk::NodeId finding = sink.leaf(row, far_apart_, differ, {first_.id(), second_.id()});
      sink.report(row, readings_differ_, differ, finding);
    }
  }

 private:
  struct Note {
    sdk::Rule rule;
    sdk::FactId about;
    std::vector<sdk::TextId> points;
  };

  static std::optional<std::int64_t> reading(const sdk::Batch& batch, const sdk::Fact& fact, std::uint32_t row) {
    const auto value = batch.column(fact).integer(row);
    const bool usable = value && *value >= -kLargestReading && *value <= kLargestReading;
    return usable ? value : std::nullopt;
  }

  sdk::Advice draft(const Note& note, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = note.rule.index();
    advice.subject = note.about;  // fills {label} and {value}
    if (status == sdk::Status::kFailed) {
      advice.statement = could_not_be_checked_;
      return advice;
    }
    advice.detail(value_);
    for (const sdk::TextId point : note.points) advice.detail(point);
    return advice;
  }

  sdk::Fact first_, second_;
  std::uint32_t mean_, readings_differ_;
  sdk::TextId value_, far_apart_, could_not_be_checked_;
  std::vector<Note> notes_;
};

}  // namespace

CAVEAT_PLUGIN(CaveatTemplate)
