// Profiles as columns: what a plugin is shown of a batch. Internal to plugin_host.
#pragma once

#include "plugin_host/briefing.hpp"

namespace caveat {

/// A batch for one call. Borrows nothing from the profiles; `language` must outlive it.
class Columns {
 public:
  /// `outcomes` is null where the call is shown none.
  Columns(const Briefing& bound, Call call, std::span<const Facts* const> profiles, const OutcomeBatch* outcomes,
          std::string_view language);

  [[nodiscard]] const caveat_batch& raw() const { return raw_; }

  Columns(const Columns&) = delete;  // raw_ points into this object
  Columns& operator=(const Columns&) = delete;

 private:
  struct Storage {
    std::vector<std::uint64_t> truth, sets;
    std::vector<std::int64_t> integers;
    std::vector<caveat_decimal> decimals;
    std::vector<std::uint32_t> choices;
  };
  void add_column(const BoundFact& fact, bool seen, std::span<const Facts* const> profiles, std::uint64_t* known,
                  Storage& storage);
  void add_outcomes(const Briefing& bound, const OutcomeBatch& outcomes);

  std::size_t words_;
  caveat_batch raw_{};
  std::vector<caveat_column> columns_;
  std::vector<Storage> storage_;
  std::vector<std::uint64_t> known_;   ///< one plane a column
  std::vector<std::uint64_t> planes_;  ///< three a rule
  std::vector<caveat_outcome> outcomes_;
};

}  // namespace caveat
