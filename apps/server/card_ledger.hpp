// Which advisory a card showed, for the feedback that comes later. Kept in memory alone, and only the newest.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace caveat::server {

/// What feedback about a card is recorded by.
struct ShownCard {
  std::string evaluation;  ///< the evaluation's id
  std::string advisory;    ///< `pack/rule`
};

class CardLedger {
 public:
  /// Remembers a card; the oldest is forgotten when there are more than `kMost`.
  void remember(const std::string& uuid, ShownCard card);
  [[nodiscard]] std::optional<ShownCard> find(const std::string& uuid) const;

  static constexpr std::size_t kMost = 65'536;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, ShownCard> cards_;
  std::deque<std::string> order_;
};

}  // namespace caveat::server
