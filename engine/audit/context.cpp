// Keys stand in the order of their bytes, as RFC 8785 asks.
#include "audit/context.hpp"

#include "base/build.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"

#include <boost/json.hpp>

namespace caveat {

namespace {

namespace json = boost::json;

constexpr std::string_view kSchema = "caveat.audit.context/1";

class ContextWriter {
 public:
  explicit ContextWriter(std::string& out) : json_(out) {}

  void write(const AuditContext& context) {
    json_.begin_object();
    list("disabled", context.disabled, [this](const DisabledRule& rule) {
      text("date", rule.date);
      text("person", rule.person);
      text("reason", rule.reason);
      text("rule", rule.rule);
    });
    json_.key("engine");
    json_.begin_object();
    text("digest", context.engine_digest);
    text("version", context.engine_version);
    json_.end_object();
    text("lexicons", context.lexicons);
    list("packs", context.packs, [this](const AuditContext::Pack& pack) {
      text("digest", pack.digest);
      text("id", pack.id);
      text("status", pack.status);
      text("version", pack.version);
    });
    list("plugins", context.plugins, [this](const AuditContext::Plugin& plugin) {
      text("digest", plugin.digest);
      text("id", plugin.id);
      text("version", plugin.version);
    });
    json_.member("schema", kSchema);
    json_.end_object();
  }

 private:
  void text(std::string_view key, const std::string& content) { json_.member(key, std::string_view(content)); }

  template <class Items, class Members>
  void list(std::string_view key, const Items& items, Members members) {
    json_.key(key);
    json_.begin_array();
    for (const auto& item : items) {
      json_.begin_object();
      members(item);
      json_.end_object();
    }
    json_.end_array();
  }

  JsonWriter json_;
};

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

template <class Read>
void each_of(const json::object& object, std::string_view key, Read read) {
  const json::value* found = object.if_contains(key);
  if (found == nullptr || !found->is_array()) return;
  for (const json::value& item : found->get_array()) {
    if (item.is_object()) read(item.get_object());
  }
}

AuditContent content_of(std::string bytes) {
  std::string digest = sha256(bytes);
  return {std::move(digest), std::move(bytes)};
}

void add_folder(const std::vector<SourceFile>& files, std::vector<AuditContent>& contents) {
  contents.push_back(content_of(listing(files)));
  for (const SourceFile& file : files) contents.push_back(content_of(file.text));
}

}  // namespace

AuditContext context_of(const Snapshot& snapshot) {
  AuditContext context;
  context.engine_version = CAVEAT_VERSION;
  context.engine_digest = engine_digest();
  context.lexicons = sha256(listing(snapshot.guard.files()));
  for (const auto& loaded : snapshot.packs) {
    const Pack& pack = loaded->pack;
    context.packs.push_back({pack.id, pack.version, std::string(to_string(pack.status)), pack.digest});
  }
  for (const PluginInfo& plugin : snapshot.host.plugins()) {
    context.plugins.push_back({plugin.manifest.id, plugin.manifest.version, plugin.standing.digest});
  }
  context.disabled = snapshot.disabled;
  return context;
}

std::string to_text(const AuditContext& context) {
  std::string out;
  ContextWriter(out).write(context);
  return out;
}

std::optional<AuditContext> parse_context(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const json::value* engine = object.if_contains("engine");
  if (text_of(object, "schema") != kSchema || engine == nullptr || !engine->is_object()) return std::nullopt;
  AuditContext context;
  context.engine_version = text_of(engine->get_object(), "version");
  context.engine_digest = text_of(engine->get_object(), "digest");
  context.lexicons = text_of(object, "lexicons");
  each_of(object, "packs", [&](const json::object& pack) {
    context.packs.push_back(
        {text_of(pack, "id"), text_of(pack, "version"), text_of(pack, "status"), text_of(pack, "digest")});
  });
  each_of(object, "plugins", [&](const json::object& plugin) {
    context.plugins.push_back({text_of(plugin, "id"), text_of(plugin, "version"), text_of(plugin, "digest")});
  });
  each_of(object, "disabled", [&](const json::object& rule) {
    context.disabled.push_back(
        {text_of(rule, "rule"), text_of(rule, "reason"), text_of(rule, "person"), text_of(rule, "date")});
  });
  return context;
}

std::vector<AuditContent> contents_of(const Snapshot& snapshot) {
  std::vector<AuditContent> contents;
  contents.push_back(content_of(to_text(context_of(snapshot))));
  add_folder(snapshot.guard.files(), contents);
  for (const auto& loaded : snapshot.packs) add_folder(loaded->pack.files, contents);
  return contents;
}

}  // namespace caveat
