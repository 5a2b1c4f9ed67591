// What a client says when it calls a CDS Hooks service. docs/formats/cds-hooks.md, 3.
#pragma once

#include <caveat/result.hpp>

#include "rules/hook_service.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

/// Something that is about to be ordered or booked.
struct Order {
  std::string reference;           ///< `ServiceRequest/1`; empty when it has no id
  std::vector<std::string> codes;  ///< of what is ordered, each `system|code`
  bool selected = false;           ///< order-select: among those that were just chosen
};

/// A part of the prefetch, as the client sent it: `null`, a resource, a Bundle, an OperationOutcome.
struct PrefetchPart {
  std::string key;
  std::string_view text;  ///< borrowed from the request
  bool whole = true;      ///< false: a Bundle that has further pages
};

struct CdsRequest {
  std::string patient;  ///< id of the patient
  std::vector<Order> orders;
  std::vector<PrefetchPart> prefetch;
  std::string fhir_server;                  ///< base address; empty when none is given
  std::string access_token;                 ///< for that server; empty when none is given. Never logged
  std::shared_ptr<const std::string> text;  ///< what the parts borrow from

  [[nodiscard]] const PrefetchPart* find(std::string_view key) const;
};

/// Whether a text is a UUID, of any version.
bool is_uuid(std::string_view text);

/// Reads the body of a call to a service that is bound to `hook`. All that is missing or wrong is reported (kInput).
/// What is not known, `extension` above all, is passed over.
Result<CdsRequest> read_cds_request(std::string_view body, Hook hook);

/// The orders that a service is bound to, in the order given: those that have one of its codes and, for order-select,
/// were chosen. Every draft counts as chosen when what was chosen cannot be found among them.
std::vector<const Order*> triggers(const HookService& service, const CdsRequest& request);

}  // namespace caveat::server
