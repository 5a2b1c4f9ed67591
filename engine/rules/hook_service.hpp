// HookService: a moment of a clinical workflow at which a record system asks a pack. docs/formats/rule-pack.md, 10.
#pragma once

#include "rules/texts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// The moments, as CDS Hooks names them.
enum class Hook : std::uint8_t { kPatientView, kOrderSelect, kOrderSign, kAppointmentBook };

std::string_view to_string(Hook hook);  ///< `patient-view`, …
std::optional<Hook> parse_hook(std::string_view name);

struct HookService {
  std::string id;  ///< unique in an engine
  Hook hook = Hook::kPatientView;
  Text title, description;
  /// What must be ordered or booked, each `system|code`; one of them is enough. Empty for patient-view, where it is
  /// enough that the patient is looked at.
  std::vector<std::string> codes;
  Text take_back;  ///< offers to take the order back where a rule that bars is met; empty: nothing is offered
  std::string cite;
  Place place;
};

/// Reads one `[[service]]`. Reports all that is wrong; it is usable only when nothing was. `context` has the texts'
/// language, guard and seal.
HookService read_service(const TomlValue& element, const TextContext& context, Diagnostics& diagnostics);

}  // namespace caveat
