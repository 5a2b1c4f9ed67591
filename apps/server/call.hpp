// Call: one request on its way to its answer.
#pragma once

#include "evaluation/snapshot.hpp"
#include "server/service.hpp"

#include <tl/expected.hpp>

namespace caveat::server {

struct Route;

struct Call {
  Service& service;
  std::shared_ptr<const Loaded> loaded;  ///< in force when the request came
  Request request;
  Target target;
  const Route* route = nullptr;
  std::string id{};  ///< what stands for `{id}` in the route's path
  Reply reply;

  /// The value of a parameter of the query, or nullptr.
  [[nodiscard]] const std::string* query(std::string_view name) const {
    for (const Field& field : target.query) {
      if (field.name == name) return &field.value;
    }
    return nullptr;
  }
};

/// A value, or the answer that refuses the request.
template <class T>
using OrRefusal = tl::expected<T, Response>;

inline tl::unexpected<Response> refuse(Response response) { return tl::unexpected<Response>(std::move(response)); }

/// The CDS Hooks service that the path names, or nullptr; and the answer then.
const CdsService* find_service(const Call& call);
Response no_such_service();

/// 400: a parameter of the query is not what it may be.
Response bad_query(std::string code, std::string message, std::string help);
Response bad_parameter(std::string_view name, const std::string& value, std::string help);

/// The language that the query names, else `fallback`; refused when no texts are kept in it.
OrRefusal<std::string> language_of(const Call& call);
/// The language among a pack's that the caller prefers (Accept-Language), else the service's own.
std::string language_for(const Call& call, std::string_view pack);

/// The pack that the query names, or the only one that is served.
OrRefusal<std::string> pack_of(const Call& call);
/// A pack's own facts in the order of its page, then those of the packs that it uses.
std::vector<FactId> facts_of(const LoadedPack& pack);

/// 200, or another status, with a body of that type.
Response json(std::string body);
Response html(std::string body, unsigned status = 200);

/// 503: an evaluation that could not be recorded is not shown.
Response not_recorded();

}  // namespace caveat::server
