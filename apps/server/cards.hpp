// An evaluation as CDS Hooks shows it. The one place where an advisory is called a card. docs/formats/cds-hooks.md, 4.
#pragma once

#include <caveat/caveat.hpp>

#include "rules/hook_service.hpp"
#include "server/cds_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

/// A card that was made: its id, and which advisory it shows.
struct IssuedCard {
  std::string uuid;
  std::string advisory;  ///< `pack/rule`; for the card of all the rest the pack's id and `/-`
};

struct Cards {
  std::string json;  ///< `{"cards":[…]}`, on one line
  std::vector<IssuedCard> issued;
};

/// A card for each rule and check that bars and is met or could not be checked, in reading order; then at most one for
/// all the rest: what is not determined, asked, withheld, suggested, told. `orders` triggered the service. The same
/// inputs make the same bytes.
Cards make_cards(const Evaluation& evaluation, const HookService& service, const std::vector<const Order*>& orders);

/// A version 8 UUID that follows from the text.
std::string uuid_of(std::string_view text);

/// At most `most` characters (as UTF-16 counts them), with an ellipsis where something was left out.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace caveat::server
