// FhirIndex: from what stands in a resource to the bindings that read it.
#pragma once

#include "vocabulary/fhir_binding.hpp"

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace caveat {

/// A binding of a fact. Indices, since declarations move while a vocabulary grows.
struct BindingRef {
  FactId fact = 0;
  std::uint32_t binding = 0;
  friend bool operator==(const BindingRef&, const BindingRef&) = default;
};

class FhirIndex {
 public:
  static constexpr std::size_t kTypes = 7;  ///< of FhirType

  void add(FactId fact, std::span<const FhirBinding> bindings);

  /// The bindings of a type that name `system|code`, in the order of declaration.
  [[nodiscard]] std::span<const BindingRef> of_code(FhirType type, std::string_view code) const;
  /// All bindings of a type.
  [[nodiscard]] std::span<const BindingRef> of_type(FhirType type) const { return of_type_[at(type)]; }
  [[nodiscard]] bool empty() const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using ByCode = std::unordered_map<std::string, std::vector<BindingRef>, Hash, std::equal_to<>>;
  static std::size_t at(FhirType type) { return static_cast<std::size_t>(type); }

  std::array<ByCode, kTypes> by_code_;
  std::array<std::vector<BindingRef>, kTypes> of_type_;
};

}  // namespace caveat
