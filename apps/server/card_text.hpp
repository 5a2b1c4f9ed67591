// The words of cards, as Markdown: whatever comes from packs, plugins or records is escaped.
#pragma once

#include "evaluation/evaluation_data.hpp"

#include <string>

namespace caveat::server {

/// Whether the advisory gets a card: it bars, and is met or could not be checked.
bool has_own_card(const Advisory& advisory);
/// Whether anything is left to be said beside those cards.
bool has_rest(const EvaluationData& data);
/// The gravest of what bars and is left open; else `info`.
Severity rest_severity(const EvaluationData& data);

std::string detail_of(const EvaluationData& data, const Advisory& advisory);
std::string detail_of_rest(const EvaluationData& data);

}  // namespace caveat::server
