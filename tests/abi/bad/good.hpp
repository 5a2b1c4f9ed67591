// A plugin that does everything right, of parts that can be replaced one by one: each file beside this one replaces
// one, and is what one check of the validator has to find.
#pragma once

#include <caveat/plugin.hpp>

namespace sdk = caveat::sdk;

using Whole = std::optional<std::int64_t>;

class Good {
 public:
  explicit Good(const sdk::Binding& binding)
      : a_(binding.fact("bad_a")),
        b_(binding.fact("bad_b")),
        c_(binding.fact("bad_c")),
        found_(binding.text("found")),
        noted_(binding.text("noted")),
        sum_(binding.derived("bad_sum")),
        differ_(binding.check("differ")) {
    for (const sdk::Rule& rule : binding.rules()) {
      Note note{rule, rule.given("note").text(), {}, {}};
      const sdk::Field points = rule.field("points");
      for (std::uint32_t i = 0; i < points.size(); ++i) note.points.push_back(points.text(i));
      if (const auto tag = rule.field("tag").string()) note.tag = *tag;
      notes_.push_back(std::move(note));
    }
  }
  virtual ~Good() = default;

  virtual void advise(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (const Note& note : notes_) {
      batch.each(note.rule, [&](std::uint32_t row, sdk::Status status) { say(batch, sink, row, note, status); });
    }
  }

  virtual void derive(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const Whole a = batch.column(a_).integer(row), b = batch.column(b_).integer(row);
      if (a && b && usable(*a) && usable(*b)) sink.derive(row, sum_, sdk::integer_value(*a + *b));
    }
  }

  virtual void check(const sdk::Batch& batch, const sdk::Sink& sink) const {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const sdk::Tri value = judge(batch.column(a_).integer(row), batch.column(b_).integer(row));
      sink.report(row, differ_, value, sink.leaf(row, found_, value, {a_.id(), b_.id()}));
    }
  }

 protected:
  struct Note {
    sdk::Rule rule;
    sdk::TextId note;
    std::vector<sdk::TextId> points;
    std::string_view tag;
  };

  virtual void say(const sdk::Batch&, const sdk::Sink& sink, std::uint32_t row, const Note& note, sdk::Status) const {
    sink.advise(row, draft(note));
  }
  virtual sdk::Tri judge(Whole a, Whole b) const { return a && b ? sdk::tri(*a != *b) : sdk::Tri::kUnknown; }

  static bool usable(std::int64_t value) { return value > -1'000'000 && value < 1'000'000; }
  static sdk::Advice draft(const Note& note) {
    sdk::Advice advice;
    advice.rule = note.rule.index();
    advice.detail(note.note);
    for (const sdk::TextId point : note.points) advice.detail(point);
    return advice;
  }

  sdk::Fact a_, b_, c_;
  sdk::TextId found_, noted_;
  std::uint32_t sum_, differ_;
  std::vector<Note> notes_;
};

/// The entry of a plugin whose table is not quite the one that the wrapper makes: `change` gets it.
#define BAD_TABLE(Type, change)                                                                     \
  extern "C" const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t host_major, std::uint32_t) { \
    if (host_major != CAVEAT_ABI_MAJOR) return nullptr;                                             \
    static const caveat_plugin plugin = [] {                                                        \
      caveat_plugin table = sdk::detail::Thunks<Type>::table();                                     \
      change(table);                                                                                \
      return table;                                                                                 \
    }();                                                                                            \
    return &plugin;                                                                                 \
  }
