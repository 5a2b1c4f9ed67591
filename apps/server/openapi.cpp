// GET /openapi.json, made from the routes' table: what is answered to and what is said to be cannot differ.
#include "base/json_writer.hpp"
#include "server/routes.hpp"

namespace caveat::server {

namespace {

// Schemas of the answers: what a client may rely on. Further keys may come, so none of them is closed.
constexpr std::string_view kSchemas = R"({
"Problem":{"type":"object","description":"RFC 9457","required":["type","title","status","detail"],"properties":{
 "type":{"type":"string","pattern":"^urn:caveat:problem:"},"title":{"type":"string"},"status":{"type":"integer"},
 "detail":{"type":"string"},"diagnostics":{"type":"array","items":{"$ref":"#/components/schemas/Diagnostic"}}}},
"Diagnostic":{"type":"object","required":["level","code","message"],"properties":{
 "level":{"enum":["error","warning","note"]},"code":{"type":"string"},"at":{"type":"string"},
 "message":{"type":"string"},"help":{"type":"string"}}},
"Status":{"type":"object","required":["status"],"properties":{"status":{"type":"string"}}},
"Evaluation":{"type":"object","required":["schema","id","evaluated_at","language","profile","engine","packs","plugins",
  "disposition","complete","summary","deferral","advisories","withheld","outcomes","disabled","questions",
  "diagnostics"],
 "properties":{"schema":{"const":"caveat.evaluation/1"},"id":{"type":"string","pattern":"^[0-9a-f]{32}$"},
 "evaluated_at":{"type":"string"},"complete":{"type":"boolean"},"summary":{"type":"string"},
 "deferral":{"type":"string"},
 "disposition":{"enum":["refer","incomplete","insufficient-information","no-contraindication-found"]},
 "advisories":{"type":"array","items":{"$ref":"#/components/schemas/Advisory"}},
 "outcomes":{"type":"array","items":{"type":"object","required":["rule","kind","status"]}},
 "questions":{"type":"array","items":{"type":"object","required":["fact","ask","type","decides"]}},
 "diagnostics":{"type":"array","items":{"$ref":"#/components/schemas/Diagnostic"}}}},
"Advisory":{"type":"object","required":["id","kind","role","status","severity","title","statement","deferral"],
 "properties":{"role":{"enum":["bars","suggests","informs"]},"status":{"enum":["met","undetermined","failed"]},
 "severity":{"enum":["critical","warning","info"]},"title":{"type":"string"},"statement":{"type":"string"}}},
"CdsServices":{"type":"object","required":["services"],"properties":{"services":{"type":"array",
 "items":{"type":"object","required":["hook","id","description"]}}}},
"CdsCards":{"type":"object","required":["cards"],"properties":{"cards":{"type":"array",
 "items":{"type":"object","required":["uuid","summary","indicator","source"],
 "properties":{"indicator":{"enum":["info","warning","critical"]}}}}}},
"Facts":{"type":"object","required":["schema","facts"],"properties":{
 "schema":{"const":"caveat.facts/1"},
 "facts":{"type":"array","items":{"type":"object","required":["name","type","derived"]}}}},
"Plugins":{"type":"object","required":["schema","plugins"],"properties":{"schema":{"const":"caveat.plugins/1"},
 "plugins":{"type":"array","items":{"type":"object","required":["id","version","kinds","derives","checks","state"]}}}},
"Packs":{"type":"object","required":["schema","packs"],"properties":{"schema":{"const":"caveat.packs/1"},
 "packs":{"type":"array","items":{"type":"object","required":["id","version","status","digest","title","rules"]}}}}
})";

std::string small(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

class OpenApi {
 public:
  explicit OpenApi(std::string& out) : json_(out) {}

  void write() {
    json_.begin_object();
    json_.member("openapi", "3.1.0");
    json_.key("info");
    json_.begin_object();
    json_.member("title", "Caveat");
    json_.member("version", CAVEAT_VERSION);
    json_.member(
        "description",
        "Clinical decision support that explains itself and defers. Not a medical device, and not a substitute for "
        "a professional.");
    json_.end_object();
    write_paths();
    json_.key("components");
    json_.begin_object();
    json_.key("schemas");
    json_.raw(kSchemas);
    json_.end_object();
    json_.end_object();
  }

 private:
  void write_paths() {
    json_.key("paths");
    json_.begin_object();
    std::string_view open;
    for (const Route& route : routes()) {  // INVARIANT: routes of one path stand together
      if (route.path != open && !open.empty()) json_.end_object();
      if (route.path != open) {
        json_.key(route.path);
        json_.begin_object();
      }
      open = route.path;
      write(route);
    }
    json_.end_object();
    json_.end_object();
  }

  void write(const Route& route) {
    json_.key(small(to_string(route.method)));
    json_.begin_object();
    json_.member("operationId", route.name);
    json_.member("summary", route.documentation.summary);
    write_parameters(route);
    if (!route.takes.empty()) write_body(route);
    json_.key("responses");
    json_.begin_object();
    json_.key("200");
    write_answer("It was answered", route.gives, route.documentation.schema);
    json_.key("default");
    write_answer("What went wrong", {"application/problem+json"}, "Problem");
    json_.end_object();
    json_.end_object();
  }

  void write_parameters(const Route& route) {
    const bool has_id = route.path.find("{id}") != std::string_view::npos;
    if (route.parameters.empty() && !has_id) return;
    json_.key("parameters");
    json_.begin_array();
    if (has_id) write_parameter({"id", "Which one"}, "path");
    for (const QueryParameter& parameter : route.parameters) write_parameter(parameter, "query");
    json_.end_array();
  }

  void write_parameter(const QueryParameter& parameter, const char* where) {
    json_.begin_object();
    json_.member("name", parameter.name);
    json_.member("in", where);
    if (std::string_view(where) == "path") json_.member("required", true);
    json_.member("description", parameter.description);
    json_.key("schema");
    json_.begin_object();
    json_.member("type", "string");
    if (!parameter.values.empty()) {
      json_.key("enum");
      json_.begin_array();
      for (const std::string_view value : parameter.values) json_.value(value);
      json_.end_array();
    }
    json_.end_object();
    json_.end_object();
  }

  void write_body(const Route& route) {
    json_.key("requestBody");
    json_.begin_object();
    json_.member("required", true);
    json_.key("content");
    json_.begin_object();
    for (const std::string_view type : route.takes) {
      json_.key(type);
      json_.begin_object();
      if (type == "application/json" && !route.documentation.example.empty()) {
        json_.key("example");
        json_.raw(route.documentation.example);
      }
      json_.end_object();
    }
    json_.end_object();
    json_.end_object();
  }

  void write_answer(std::string_view description, const std::vector<std::string_view>& types, std::string_view schema) {
    json_.begin_object();
    json_.member("description", description);
    if (types.empty()) return json_.end_object();
    json_.key("content");
    json_.begin_object();
    for (const std::string_view type : types) {
      json_.key(type);
      json_.begin_object();
      if (!schema.empty() && type.ends_with("json") && type != "application/fhir+json") {
        json_.key("schema");
        json_.begin_object();
        json_.member("$ref", std::string_view("#/components/schemas/" + std::string(schema)));
        json_.end_object();
      }
      json_.end_object();
    }
    json_.end_object();
    json_.end_object();
  }

  JsonWriter json_;
};

}  // namespace

void get_openapi(const std::shared_ptr<Call>& call) {
  Response response;
  response.type = "application/json";
  OpenApi(response.body).write();
  call->reply(std::move(response));
}

}  // namespace caveat::server
