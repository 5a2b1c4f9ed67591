#include "listings/plugins_json.hpp"

namespace caveat::listings {

namespace {

class PluginJson {
 public:
  explicit PluginJson(JsonWriter& json) : json_(json) {}

  void write(const Manifest& manifest, const std::string& path, const Standing* standing) {
    json_.begin_object();
    member("id", manifest.id);
    member("version", manifest.version);
    member("vendor", manifest.vendor);
    member("license", manifest.license);
    json_.member("threading", manifest.threading == Manifest::Threading::kAny ? "any" : "serial");
    json_.member("pure", manifest.pure);
    write_list(json_, "reads", manifest.reads);
    write_expectations(manifest);
    write_kinds(manifest);
    write_derived(manifest);
    write_checks(manifest);
    if (!path.empty()) member("path", path);
    if (standing != nullptr) write_standing(*standing);
    json_.end_object();
  }

 private:
  void write_standing(const Standing& standing) {
    json_.member("state", to_string(standing.placement));
    member("reason", standing.reason);
    if (!standing.signer.empty()) member("signer", standing.signer);
    json_.member("pinned", standing.pinned);
    member("digest", standing.digest);
  }

  void write_expectations(const Manifest& manifest) {
    if (manifest.expects.empty()) return;
    json_.key("expects");
    json_.begin_array();
    for (const ExpectedFact& fact : manifest.expects) {
      json_.begin_object();
      member("fact", fact.name);
      json_.member("type", to_string(fact.type));
      if (!fact.unit.empty()) member("unit", fact.unit);
      if (!fact.values.empty()) write_list(json_, "values", fact.values);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_kinds(const Manifest& manifest) {
    json_.key("kinds");
    json_.begin_array();
    for (const KindSchema& kind : manifest.kinds) {
      json_.begin_object();
      member("name", kind.name);
      json_.member("role", to_string(kind.role));
      json_.member("severity", to_string(kind.severity));
      json_.member("when", kind.when_required ? "required" : "optional");
      write_speaks(kind.speaks);
      write_fields(kind);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_fields(const KindSchema& kind) {
    json_.key("fields");
    json_.begin_array();
    for (const FieldSchema& field : kind.fields) {
      json_.begin_object();
      member("name", field.name);
      member("type", (field.list ? "list of " : "") + std::string(to_string(field.type)));
      json_.member("required", field.required);
      if (!field.choices.empty()) write_list(json_, "choices", field.choices);
      if (!field.documentation.empty()) member("documentation", field.documentation);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_derived(const Manifest& manifest) {
    json_.key("derives");
    json_.begin_array();
    for (const FactDeclaration& fact : manifest.derives) {
      json_.begin_object();
      member("name", fact.name);
      json_.member("type", to_string(fact.type));
      write_list(json_, "reads", fact.reads);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_checks(const Manifest& manifest) {
    json_.key("checks");
    json_.begin_array();
    for (const CheckSchema& check : manifest.checks) {
      json_.begin_object();
      member("id", check.full_id);
      json_.member("role", to_string(check.role));
      json_.member("severity", to_string(check.severity));
      write_speaks(check.speaks);
      write_list(json_, "reads", check.reads);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_speaks(const std::array<bool, 4>& speaks) {
    json_.key("speaks");
    json_.begin_array();
    for (const RuleStatus status :
         {RuleStatus::kMet, RuleStatus::kNotMet, RuleStatus::kUndetermined, RuleStatus::kFailed}) {
      if (speaks[static_cast<std::size_t>(status)]) json_.value(to_string(status));
    }
    json_.end_array();
  }

  void member(const char* key, const std::string& text) { json_.member(key, std::string_view(text)); }

  JsonWriter& json_;
};

}  // namespace

void write_list(JsonWriter& json, const char* key, const std::vector<std::string>& words) {
  json.key(key);
  json.begin_array();
  for (const std::string& word : words) json.value(std::string_view(word));
  json.end_array();
}

void write_plugin(JsonWriter& json, const Manifest& manifest, const std::string& path, const Standing* standing) {
  PluginJson(json).write(manifest, path, standing);
}

std::string plugins_json(const PluginHost& host) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "caveat.plugins/1");
  json.key("plugins");
  json.begin_array();
  for (const PluginInfo& plugin : host.plugins()) write_plugin(json, plugin.manifest, {}, &plugin.standing);
  json.end_array();
  json.end_object();
  return out;
}

}  // namespace caveat::listings
