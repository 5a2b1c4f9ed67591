#include "advisory/advisory.hpp"

#include "advisory/messages.hpp"

#include <tuple>

namespace caveat {

namespace {

int status_rank(RuleStatus status) {
  switch (status) {
    case RuleStatus::kMet: return 0;
    case RuleStatus::kFailed: return 1;
    case RuleStatus::kUndetermined: return 2;
    case RuleStatus::kNotMet: break;
  }
  return 3;
}

// Rules that one of the disagreeing answers, or a stale one, would make met come before their peers.
bool pressing(const Advisory& advisory) {
  return advisory.reasons.met_on_conflict || advisory.reasons.in_doubt ||
         (advisory.reasons.last_known && advisory.reasons.last_known->outcome == RuleStatus::kMet);
}

auto rank(const Advisory& advisory) {
  return std::tuple(advisory.subject.role(), status_rank(advisory.status), advisory.severity, !pressing(advisory),
                    advisory.place);
}

}  // namespace

bool Subject::speaks_when(RuleStatus status) const {
  return rule != nullptr ? rule->kind->speaks_when(status) : check->speaks[static_cast<std::size_t>(status)];
}

bool reads_before(const Advisory& a, const Advisory& b) { return rank(a) < rank(b); }

std::string_view fill_placeholders(std::string_view text, std::optional<FactId> subject, const Vocabulary& vocabulary,
                                   const Facts& facts, std::string_view language, TextStore& store) {
  if (!subject || text.find('{') == std::string_view::npos) return text;
  const FactDeclaration& fact = vocabulary[*subject];
  std::string out(text);
  const auto replace = [&](std::string_view placeholder, const auto& filling_of) {
    std::size_t at = out.find(placeholder);
    if (at == std::string::npos) return;
    const std::string filling = filling_of();
    for (; at != std::string::npos; at = out.find(placeholder, at + filling.size())) {
      out.replace(at, placeholder.size(), filling);
    }
  };
  replace("{label}", [&] { return std::string(fact.label.in(language)); });
  replace("{value}", [&] { return display_state(fact, facts[*subject], language); });
  return store.keep(std::move(out));
}

std::string display_state(const FactDeclaration& fact, const FactState& state, std::string_view language) {
  if (state.known) return display(fact, state.value, language);
  const auto reason = static_cast<int>(Message::kNotAsked) + static_cast<int>(state.reason);
  return std::string(message(static_cast<Message>(reason), language));
}

}  // namespace caveat
