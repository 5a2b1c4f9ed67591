#include "vocabulary/fhir_index.hpp"

#include <algorithm>

namespace caveat {

void FhirIndex::add(FactId fact, std::span<const FhirBinding> bindings) {
  for (std::uint32_t i = 0; i < bindings.size(); ++i) {
    const FhirBinding& binding = bindings[i];
    of_type_[at(binding.resource)].push_back({fact, i});
    for (const std::string& code : binding.codes) by_code_[at(binding.resource)][code].push_back({fact, i});
  }
}

std::span<const BindingRef> FhirIndex::of_code(FhirType type, std::string_view code) const {
  const auto found = by_code_[at(type)].find(code);
  return found == by_code_[at(type)].end() ? std::span<const BindingRef>() : found->second;
}

bool FhirIndex::empty() const {
  return std::all_of(of_type_.begin(), of_type_.end(), [](const auto& refs) { return refs.empty(); });
}

}  // namespace caveat
