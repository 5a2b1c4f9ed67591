#include "plugin_host/columns.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace caveat {

namespace {

std::uint32_t count(std::size_t size) { return static_cast<std::uint32_t>(size); }

void set_bit(std::uint64_t* plane, std::size_t row) { plane[row / 64] |= std::uint64_t{1} << (row % 64); }

/// A bit for each of at most 64 rows that stands so, eight rows at a time: a status is a byte, and small.
std::uint64_t plane_of(std::span<const RuleStatus> rows, RuleStatus status) {
  static_assert(sizeof(RuleStatus) == 1 && std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighBits = kOnes << 7, kGather = 0x0102040810204080;
  std::uint64_t plane = 0;
  for (std::size_t i = 0; i < rows.size(); i += 8) {
    std::uint64_t eight = kOnes << 6;  // no status at all, where there are no rows
    std::memcpy(&eight, rows.data() + i, std::min<std::size_t>(8, rows.size() - i));
    const std::uint64_t same = ~((eight ^ kOnes * static_cast<std::uint8_t>(status)) + (kHighBits - kOnes)) & kHighBits;
    plane |= (same >> 7) * kGather >> 56 << i;
  }
  return plane;
}

template <class T, class Store>
void collect(std::vector<T>& out, std::span<const Facts* const> profiles, FactId fact, std::uint64_t* known,
             Store store) {
  out.resize(profiles.size());
  for (std::size_t row = 0; row < profiles.size(); ++row) {
    const FactState& state = (*profiles[row])[fact];
    if (!is_shown(state)) continue;
    set_bit(known, row);
    out[row] = store(state.value);
  }
}

}  // namespace

Columns::Columns(const Briefing& bound, Call call, std::span<const Facts* const> profiles, const OutcomeBatch* outcomes,
                 std::string_view language)
    : words_((profiles.size() + 63) / 64),
      columns_(bound.columns()),
      storage_(bound.columns()),
      known_(bound.columns() * words_) {
  for (std::size_t i = 0; i < bound.columns(); ++i) {
    const BoundFact& fact = bound.facts()[i];
    add_column(fact, fact.seen_in(call), profiles, known_.data() + i * words_, storage_[i]);
    columns_[i] = caveat_column{bound.raw().facts[i].type,
                                0,
                                known_.data() + i * words_,
                                storage_[i].truth.empty() ? nullptr : storage_[i].truth.data(),
                                storage_[i].integers.empty() ? nullptr : storage_[i].integers.data(),
                                storage_[i].decimals.empty() ? nullptr : storage_[i].decimals.data(),
                                storage_[i].choices.empty() ? nullptr : storage_[i].choices.data(),
                                storage_[i].sets.empty() ? nullptr : storage_[i].sets.data()};
  }
  if (outcomes != nullptr) add_outcomes(bound, *outcomes);
  raw_.size = sizeof raw_;
  raw_.rows = count(profiles.size());
  raw_.words = count(words_);
  raw_.columns = columns_.data();
  raw_.column_count = count(columns_.size());
  raw_.column_stride = sizeof(caveat_column);
  raw_.outcomes = outcomes_.data();
  raw_.outcome_count = count(outcomes_.size());
  raw_.outcome_stride = sizeof(caveat_outcome);
  raw_.language = borrow(language);
}

// A fact that the call did not declare gets a column of its type in which nothing is known.
void Columns::add_column(const BoundFact& fact, bool seen, std::span<const Facts* const> profiles, std::uint64_t* known,
                         Storage& storage) {
  const std::size_t rows = profiles.size();
  const auto shown = seen ? profiles : std::span<const Facts* const>();
  switch (fact.declaration->type) {
    case FactType::kBoolean:
      storage.truth.resize(words_);
      for (std::size_t row = 0; row < shown.size(); ++row) {
        const FactState& state = (*shown[row])[fact.id];
        if (!state.known) continue;
        set_bit(known, row);
        if (std::get<bool>(state.value)) set_bit(storage.truth.data(), row);
      }
      break;
    case FactType::kInteger:
      collect(storage.integers, shown, fact.id, known, [](const FactValue& v) { return std::get<std::int64_t>(v); });
      storage.integers.resize(rows);
      break;
    case FactType::kDate:
      collect(storage.integers, shown, fact.id, known,
              [](const FactValue& v) { return days_from_civil(std::get<Date>(v)); });
      storage.integers.resize(rows);
      break;
    case FactType::kDecimal:
      collect(storage.decimals, shown, fact.id, known, [](const FactValue& v) { return to_abi(std::get<Decimal>(v)); });
      storage.decimals.resize(rows);
      break;
    case FactType::kQuantity:
      collect(storage.decimals, shown, fact.id, known,
              [](const FactValue& v) { return to_abi(std::get<Quantity>(v).value); });
      storage.decimals.resize(rows);
      break;
    case FactType::kChoice:
      collect(storage.choices, shown, fact.id, known, [](const FactValue& v) { return std::get<Choice>(v).index + 1; });
      storage.choices.resize(rows);
      break;
    case FactType::kChoices:
      collect(storage.sets, shown, fact.id, known, [](const FactValue& v) { return std::get<ChoiceSet>(v).bits; });
      storage.sets.resize(rows);
      break;
  }
}

void Columns::add_outcomes(const Briefing& bound, const OutcomeBatch& outcomes) {
  const std::size_t rules = bound.rules().size();
  assert(outcomes.statuses.size() == rules * outcomes.profiles);
  planes_.resize(rules * 3 * words_);
  for (std::size_t rule = 0; rule < rules; ++rule) {
    std::uint64_t* met = planes_.data() + rule * 3 * words_;
    std::uint64_t* not_met = met + words_;
    std::uint64_t* failed = not_met + words_;
    const auto statuses = outcomes.statuses.subspan(rule * outcomes.profiles, outcomes.profiles);
    for (std::size_t word = 0; word < words_; ++word) {
      const auto rows = statuses.subspan(word * 64, std::min<std::size_t>(64, statuses.size() - word * 64));
      met[word] = plane_of(rows, RuleStatus::kMet);
      not_met[word] = plane_of(rows, RuleStatus::kNotMet);
      failed[word] = plane_of(rows, RuleStatus::kFailed);
    }
    outcomes_.push_back({met, not_met, failed});
  }
}

}  // namespace caveat
