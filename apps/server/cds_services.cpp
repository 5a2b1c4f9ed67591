#include "server/cds_services.hpp"

#include "evaluation/snapshot.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

constexpr std::string_view kPatientToken = "{{context.patientId}}";

// `allergyIntolerance`, and with a number where a type of resource is asked for more than once.
std::string key_of(const std::string& resource, const std::vector<PrefetchTemplate>& before) {
  std::string name = resource;
  name.front() = static_cast<char>(name.front() - 'A' + 'a');
  std::string key = name;
  const auto taken = [&](const PrefetchTemplate& other) { return other.key == key; };
  for (int number = 2; std::any_of(before.begin(), before.end(), taken); ++number) key = name + std::to_string(number);
  return key;
}

}  // namespace

std::string PrefetchTemplate::query(std::string_view patient) const {
  std::string out = text;
  if (const auto at = out.find(kPatientToken); at != std::string::npos) out.replace(at, kPatientToken.size(), patient);
  return out;
}

std::vector<CdsService> cds_services(const Engine& engine) {
  std::vector<CdsService> out;
  for (const auto& loaded : engine.snapshot().packs) {
    std::vector<PrefetchTemplate> prefetch;
    for (const RecordQuery& query : engine.record_queries(loaded->pack.id, kPatientToken))
      prefetch.push_back({key_of(query.resource, prefetch), query.query});
    for (const HookService& service : loaded->pack.services) out.push_back({&service, loaded->pack.id, prefetch});
  }
  return out;
}

}  // namespace caveat::server
