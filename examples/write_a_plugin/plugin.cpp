// Live vaccines that are injected or given by the nose: the source asks for four weeks between two of them, unless they
// are given on one day.
#include <caveat/plugin.hpp>

#include <array>

namespace {

namespace sdk = caveat::sdk;

constexpr std::int64_t kFourWeeks = 28;  // days

struct Vaccine {
  const char* choice;  // of recent_live_vaccines
  const char* date;    // the fact that holds the day on which it was given
  const char* given;   // the text that says so
};
constexpr std::array<Vaccine, 5> kVaccines = {{
    {"mmr", "mmr_on", "mmr-given"},
    {"mmrv", "mmrv_on", "mmrv-given"},
    {"varicella", "varicella_on", "varicella-given"},
    {"laiv", "laiv_on", "laiv-given"},
    {"yellow-fever", "yellow_fever_on", "yellow-fever-given"},
}};

// ---- Kleene's logic: unknown stays unknown until something settles it

sdk::Tri both(sdk::Tri a, sdk::Tri b) {
  if (a == sdk::Tri::kFalse || b == sdk::Tri::kFalse) return sdk::Tri::kFalse;
  return a == sdk::Tri::kTrue && b == sdk::Tri::kTrue ? sdk::Tri::kTrue : sdk::Tri::kUnknown;
}

sdk::Tri either(sdk::Tri a, sdk::Tri b) {
  if (a == sdk::Tri::kTrue || b == sdk::Tri::kTrue) return sdk::Tri::kTrue;
  return a == sdk::Tri::kFalse && b == sdk::Tri::kFalse ? sdk::Tri::kFalse : sdk::Tri::kUnknown;
}

using Days = std::optional<std::int64_t>;

Days between(Days one, Days other) {
  if (!one || !other) return std::nullopt;
  return *one > *other ? *one - *other : *other - *one;
}

sdk::Tri close_together(Days days) { return days ? sdk::tri(*days > 0 && *days < kFourWeeks) : sdk::Tri::kUnknown; }

/// One bound rule pack.
class LiveVaccines {
 public:
  explicit LiveVaccines(const sdk::Binding& binding)
      : recent_(binding.fact("recent_live_vaccines")),
        planned_(binding.fact("live_vaccine_planned")),
        planned_on_(binding.fact("planned_on")),
        days_between_(binding.derived("days_between_live_vaccines")),
        apart_(binding.check("live-vaccines-apart")),
        value_(binding.text("value")),
        could_not_be_checked_(binding.text("could-not-be-checked")),
        planned_text_(binding.text("planned")),
        one_is_close_(binding.text("one-is-close")),
        close_(binding.text("close")) {
    for (const Vaccine& vaccine : kVaccines) {
      const std::uint32_t place = recent_.choice_place(vaccine.choice);
      if (place == 0) throw std::invalid_argument("`recent_live_vaccines` has no value " + std::string(vaccine.choice));
      vaccines_.push_back({std::uint64_t{1} << (place - 1), binding.fact(vaccine.date), binding.text(vaccine.given)});
    }
    for (const sdk::Rule& rule : binding.rules()) notes_.push_back(note(rule));
  }

  void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Note& note : notes_) {
      batch.each(note.rule, [&](std::uint32_t row, sdk::Status status) {
        if (status != sdk::Status::kUndetermined) sink.advise(row, draft(note, status));
      });
    }
  }

  /// The fewest days between the planned day and a vaccine that was given; nothing while one of the dates is missing.
  void derive(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const Days fewest = fewest_days(batch, row);
      if (fewest) sink.derive(row, days_between_, sdk::integer_value(*fewest));
    }
  }

  void check(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const sdk::Tri planned = batch.column(planned_).truth(row);
      const Node any = any_is_close(batch, sink, row);
      const sdk::Tri met = both(planned, any.value);
      const sdk::NodeId is_planned = sink.leaf(row, planned_text_, planned, {planned_.id()});
      sink.report(row, apart_, met, sink.all(row, {}, met, {is_planned, any.id}));
    }
  }

 private:
  struct Given {
    std::uint64_t bit;  // in the set of recent vaccines
    sdk::Fact date;
    sdk::TextId text;
  };
  struct Note {
    sdk::Rule rule;
    sdk::FactId about;
    std::vector<sdk::TextId> points;
  };
  struct Node {
    sdk::NodeId id;
    sdk::Tri value;
  };

  static Note note(const sdk::Rule& rule) {
    Note out{rule, rule.given("about").fact(), {}};
    const sdk::Field points = rule.field("points");
    for (std::uint32_t i = 0; i < points.size(); ++i) out.points.push_back(points.text(i));
    return out;
  }

  sdk::Advice draft(const Note& note, sdk::Status status) const {
    sdk::Advice advice;
    advice.rule = note.rule.index();
    advice.subject = note.about;
    if (status == sdk::Status::kFailed) {
      advice.statement = could_not_be_checked_;
      return advice;
    }
    advice.detail(value_);
    for (const sdk::TextId point : note.points) advice.detail(point);
    return advice;
  }

  Days fewest_days(const sdk::Batch& batch, std::uint32_t row) const {
    const auto recent = batch.column(recent_).set(row);
    const Days planned_on = batch.column(planned_on_).integer(row);
    if (!recent || !planned_on) return std::nullopt;
    Days fewest;
    for (const Given& vaccine : vaccines_) {
      if ((*recent & vaccine.bit) == 0) continue;
      const Days days = between(planned_on, batch.column(vaccine.date).integer(row));
      if (!days) return std::nullopt;  // it might be the fewest
      if (!fewest || *days < *fewest) fewest = days;
    }
    return fewest;
  }

  /// For every vaccine: it was given, and close to the planned day. A vaccine that was not given settles its own part,
  /// whatever its date.
  Node any_is_close(const sdk::Batch& batch, const sdk::Sink& sink, std::uint32_t row) const {
    const auto recent = batch.column(recent_).set(row);
    const Days planned_on = batch.column(planned_on_).integer(row);
    std::vector<sdk::NodeId> parts;
    sdk::Tri any = sdk::Tri::kFalse;
    for (const Given& vaccine : vaccines_) {
      const sdk::Tri given = recent ? sdk::tri((*recent & vaccine.bit) != 0) : sdk::Tri::kUnknown;
      const sdk::Tri close = close_together(between(planned_on, batch.column(vaccine.date).integer(row)));
      const sdk::Tri part = both(given, close);
      const sdk::NodeId is_given = sink.leaf(row, vaccine.text, given, {recent_.id()});
      const sdk::NodeId is_close = sink.leaf(row, close_, close, {planned_on_.id(), vaccine.date.id()});
      parts.push_back(sink.all(row, {}, part, {is_given, is_close}));
      any = either(any, part);
    }
    return {sink.any(row, one_is_close_, any, parts), any};
  }

  sdk::Fact recent_, planned_, planned_on_;
  std::uint32_t days_between_, apart_;
  sdk::TextId value_, could_not_be_checked_, planned_text_, one_is_close_, close_;
  std::vector<Given> vaccines_;
  std::vector<Note> notes_;
};

}  // namespace

CAVEAT_PLUGIN(LiveVaccines)
