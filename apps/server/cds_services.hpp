// The CDS Hooks services that the packs in force bind, ready to be found by id. docs/formats/cds-hooks.md.
#pragma once

#include <caveat/caveat.hpp>

#include "rules/hook_service.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

/// A search or read that a service's facts need, by the bindings of its pack.
struct PrefetchTemplate {
  std::string key;   ///< `condition`
  std::string text;  ///< `Condition?patient={{context.patientId}}&code=…`
  /// The same for one patient.
  [[nodiscard]] std::string query(std::string_view patient) const;
};

struct CdsService {
  const HookService* bound = nullptr;  ///< the pack's, borrowed from the engine
  std::string pack;
  std::vector<PrefetchTemplate> prefetch;
};

/// Of every pack, by pack and place.
std::vector<CdsService> cds_services(const Engine& engine);

}  // namespace caveat::server
