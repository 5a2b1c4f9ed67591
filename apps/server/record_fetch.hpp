// Gets the parts of a record that a call left out, from the client's FHIR server, where a site allows it. The decision
// docs/decisions/what-may-be-fetched.md says what is held against a server that stalls, lies or leads elsewhere.
#pragma once

#include "server/client.hpp"

#include <functional>
#include <string>
#include <vector>

namespace caveat::server {

/// A FHIR server that data may be fetched from: the address of its base, as a site wrote it.
struct FhirServer {
  Address base;

  /// Nothing when it is no address, or would send tokens and records unencrypted beyond this machine.
  static std::optional<FhirServer> parse(std::string_view url);
  /// Whether a client means this server. Only then is it asked, and at the address that the site wrote.
  [[nodiscard]] bool is(std::string_view url) const;
  /// The address that a page's link leads to; nothing when it leads anywhere but to this server.
  [[nodiscard]] std::optional<Address> follow(std::string_view url) const;
};

struct WantedPart {
  std::string key;
  std::string query;  ///< relative to the base: `Patient/1`, `Condition?patient=1&code=…`
};

struct FetchedPart {
  std::string key;
  std::string text;  ///< a resource, or a Bundle with the entries of all pages
};

/// A part that could not be had, as OperationOutcome speaks of it.
struct MissedPart {
  std::string key;
  std::string code;  ///< `timeout`, `transient`, `forbidden`, `not-found`, `invalid`, …
  std::string why;
};

struct FetchedRecord {
  std::vector<FetchedPart> parts;
  std::vector<MissedPart> missed;
};

struct RecordRequest {
  FhirServer server;
  std::string patient;  ///< a `Patient/…` must be this one
  std::string token;    ///< may be empty
  std::vector<WantedPart> wanted;
};

/// Asks for all parts at once. `done` is called once, until the deadline, from a thread of the client's.
void fetch_record(HttpClient& client, RecordRequest request, std::chrono::steady_clock::time_point deadline,
                  std::function<void(FetchedRecord)> done);

}  // namespace caveat::server
