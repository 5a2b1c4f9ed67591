// Queries. All rows are built first; anything unknown in any of them makes the whole unknown, so that no answer that is
// missing can shorten a list. Errors win over unknown.
#include "conditions/query.hpp"

#include "conditions/limits.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>

namespace caveat {
namespace {

class Rows {
 public:
  Rows(const Expression& node, Runtime& run) : node_(node), query_(*node.query), run_(run) {
    const std::size_t needed =
        std::max(query_.first_slot + query_.sources + query_.lets.size() + 1, query_.sort_slot + 1);
    if (run_.slots.size() < needed) run_.slots.resize(needed);
  }

  Value evaluate() {
    for (std::size_t i = 0; i < query_.sources; ++i) {
      sources_.push_back(caveat::evaluate(*node_.operands[i], run_));
      note(sources_.back());
    }
    if (stopped()) return verdict();
    for (const auto& source : sources_) {
      if (source.is_null()) return Value();
    }
    if (query_.aggregate) {
      accumulated_ = query_.starting ? caveat::evaluate(*query_.starting, run_) : Value();
      note(accumulated_);
    }
    visit(0);
    if (stopped()) return verdict();
    if (query_.aggregate) return accumulated_;
    sort();
    if (stopped()) return verdict();
    const bool single =
        std::none_of(query_.source_is_list.begin(), query_.source_is_list.end(), [](bool list) { return list; });
    if (single) return results_.empty() ? Value() : results_.front();
    return Value(List{std::move(results_)});
  }

 private:
  void note(const Value& value) {
    const auto* unknown = value.get<Unknown>();
    if (!unknown) return;
    found_unknown_ = true;
    std::vector<FactId> all;
    std::set_union(unknown_.facts.begin(), unknown_.facts.end(), unknown->facts.begin(), unknown->facts.end(),
                   std::back_inserter(all));
    unknown_.facts = std::move(all);
  }

  [[nodiscard]] bool stopped() const { return run_.raised() || found_unknown_; }
  Value verdict() { return run_.raised() ? Value() : Value(std::move(unknown_)); }

  void visit(std::size_t source) {
    if (run_.raised()) return;
    if (source == query_.sources) return row();
    Value& slot_value = run_.slots[query_.first_slot + source];
    if (!query_.source_is_list[source]) {
      slot_value = sources_[source];
      return visit(source + 1);
    }
    for (const auto& element : sources_[source].get<List>()->elements) {
      run_.slots[query_.first_slot + source] = element;
      visit(source + 1);
    }
  }

  void row() {
    if (++run_.rows > kQueryRowsMax) {
      run_.raise("`" + text_of(node_) + "` has more than 100000 rows");
      return;
    }
    std::size_t slot = query_.first_slot + query_.sources;
    for (const auto& let : query_.lets) {
      Value value = caveat::evaluate(*let, run_);
      note(value);
      run_.slots[slot++] = std::move(value);
    }
    if (query_.where) {
      const Value wanted = caveat::evaluate(*query_.where, run_);
      note(wanted);
      if (boolean_of(wanted) != true) return;
    }
    if (query_.aggregate) {
      run_.slots[slot] = accumulated_;
      accumulated_ = caveat::evaluate(*query_.result, run_);
      note(accumulated_);
      return;
    }
    Value value = query_.result ? caveat::evaluate(*query_.result, run_) : default_row();
    note(value);
    const bool repeated = query_.distinct && query_.result &&
                          std::any_of(results_.begin(), results_.end(),
                                      [&](const Value& other) { return same_member(other, value) == true; });
    if (!repeated) results_.push_back(std::move(value));
  }

  Value default_row() {
    if (query_.sources == 1) return run_.slots[query_.first_slot];
    Tuple tuple;
    for (std::size_t i = 0; i < query_.sources; ++i)
      tuple.elements.emplace_back(node_.keys[i], run_.slots[query_.first_slot + i]);
    return Value(std::move(tuple));
  }

  // Nulls come first; what cannot be ordered keeps its place.
  static int compare_keys(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() ? (b.is_null() ? 0 : -1) : 1;
    const auto ordering = order(a, b);
    if (!ordering) return compare_uncertain(a, b);
    return *ordering < 0 ? -1 : *ordering > 0 ? 1 : 0;
  }

  static int compare_uncertain(const Value& a, const Value& b) {
    const auto earliest_moment = [](const Value& value) {
      if (const auto* date = value.get<Date>()) return days_from_civil(earliest(*date));
      if (const auto* moment = value.get<DateTime>()) return milliseconds_from_epoch(*moment);
      return std::int64_t{0};
    };
    const auto left = earliest_moment(a);
    const auto right = earliest_moment(b);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  void sort() {
    if (query_.sort.empty()) return;
    struct Keyed {
      Value value;
      std::vector<Value> keys;
    };
    std::vector<Keyed> rows;
    for (auto& value : results_) {
      Keyed keyed{value, {}};
      run_.slots[query_.sort_slot] = value;
      for (const auto& by : query_.sort) {
        keyed.keys.push_back(by.by ? caveat::evaluate(*by.by, run_) : value);
        note(keyed.keys.back());
      }
      rows.push_back(std::move(keyed));
    }
    std::stable_sort(rows.begin(), rows.end(), [this](const Keyed& a, const Keyed& b) {
      for (std::size_t i = 0; i < query_.sort.size(); ++i) {
        const int relation = compare_keys(a.keys[i], b.keys[i]);
        if (relation != 0) return (relation < 0) != query_.sort[i].descending;
      }
      return false;
    });
    results_.clear();
    for (auto& row_value : rows) results_.push_back(std::move(row_value.value));
  }

  const Expression& node_;
  const Query& query_;
  Runtime& run_;
  std::vector<Value> sources_;
  std::vector<Value> results_;
  Value accumulated_;
  Unknown unknown_;
  bool found_unknown_ = false;
};

}  // namespace

Value evaluate_query(const Expression& node, Runtime& run) { return Rows(node, run).evaluate(); }

}  // namespace caveat
