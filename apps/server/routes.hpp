// The one table of what the service answers to. Requests are matched by it, parameters and bodies are checked by it,
// and the OpenAPI document is made from it.
#pragma once

#include "server/call.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace caveat::server {

struct QueryParameter {
  std::string_view name;
  std::string_view description;
  std::vector<std::string_view> values{};  ///< a closed set; empty: any text
};

/// What OpenAPI has to say beyond what a request is checked by.
struct Documentation {
  std::string_view summary;
  std::string_view schema{};   ///< of the JSON answer, by its name among the components; empty: any
  std::string_view example{};  ///< a body that is answered with success; empty where none is taken
};

struct Route {
  Method method;
  std::string_view path;  ///< `/cds-services/{id}`
  std::string_view name;  ///< unique: OpenAPI's operationId, and a label of the metrics
  Documentation documentation;
  void (*answer)(const std::shared_ptr<Call>& call);
  std::vector<std::string_view> takes{};     ///< media types of the body; empty: none is read
  std::vector<std::string_view> gives{};     ///< media types of the answer, the usual one first; empty: of no choice
  std::vector<QueryParameter> parameters{};  ///< of the query; others are refused
  bool open = false;                         ///< answered to anybody, also where callers have to show who they are
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;   ///< null when the path or the method is unknown
  std::string id;                 ///< what stands for `{id}`
  std::vector<Method> methods{};  ///< that the path answers to; empty when the path is unknown
};

/// HEAD is answered where GET is.
Match find_route(Method method, const std::vector<std::string>& path);

/// What the table says about a request's query, body and wishes; nothing when all is well.
std::optional<Response> check_request(const Route& route, const Request& request, const Target& target);

// Those who answer.
void get_page(const std::shared_ptr<Call>& call);
void post_page(const std::shared_ptr<Call>& call);
void post_evaluation(const std::shared_ptr<Call>& call);
void get_cds_services(const std::shared_ptr<Call>& call);
void post_cds_feedback(const std::shared_ptr<Call>& call);
void post_cds_service(const std::shared_ptr<Call>& call);
void get_facts(const std::shared_ptr<Call>& call);
void get_packs(const std::shared_ptr<Call>& call);
void get_plugins(const std::shared_ptr<Call>& call);
void get_health(const std::shared_ptr<Call>& call);
void get_metrics(const std::shared_ptr<Call>& call);
void get_openapi(const std::shared_ptr<Call>& call);
void get_readiness(const std::shared_ptr<Call>& call);

}  // namespace caveat::server
