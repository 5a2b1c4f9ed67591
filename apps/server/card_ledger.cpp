#include "server/card_ledger.hpp"

namespace caveat::server {

void CardLedger::remember(const std::string& uuid, ShownCard card) {
  const std::lock_guard lock(mutex_);
  if (!cards_.insert_or_assign(uuid, std::move(card)).second) return;
  order_.push_back(uuid);
  if (order_.size() <= kMost) return;
  cards_.erase(order_.front());
  order_.pop_front();
}

std::optional<ShownCard> CardLedger::find(const std::string& uuid) const {
  const std::lock_guard lock(mutex_);
  const auto found = cards_.find(uuid);
  return found == cards_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace caveat::server
