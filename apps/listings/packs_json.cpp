#include "listings/packs_json.hpp"

#include "base/json_writer.hpp"

namespace caveat::listings {

namespace {

class JsonPacks {
 public:
  JsonPacks(std::string_view language, std::string& out) : language_(language), json_(out) {}

  void write(const Snapshot& snapshot) {
    json_.begin_object();
    json_.member("schema", "caveat.packs/1");
    list("packs", snapshot.packs, [&](const auto& loaded) { write(loaded->pack); });
    json_.end_object();
  }

 private:
  template <class Items, class Write>
  void list(std::string_view key, const Items& items, const Write& write_item) {
    json_.key(key);
    json_.begin_array();
    for (const auto& item : items) write_item(item);
    json_.end_array();
  }

  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) json_.member(key, value);
  }

  void write(const Pack& pack) {
    json_.begin_object();
    text("id", pack.id);
    text("version", pack.version);
    json_.member("status", to_string(pack.status));
    text("digest", pack.digest);
    text("title", pack.title.in(language_));
    text("defer_to", pack.defer_to);
    text("deferral", pack.deferral.in(language_));
    if (pack.review_by) json_.member("review_by", std::string_view(to_string(*pack.review_by)));
    list("languages", pack.title.by_language, [&](const auto& each) { json_.value(std::string_view(each.first)); });
    list("authors", pack.authors, [&](const std::string& author) { json_.value(std::string_view(author)); });
    text("approved_by", pack.approved_by);
    text("approved_on", pack.approved_on);
    list("uses", pack.uses, [&](const std::string& used) { json_.value(std::string_view(used)); });
    list("sources", pack.sources, [&](const Source& source) { write(source); });
    list("rules", pack.rules, [&](const Rule& rule) { write(rule); });
    json_.end_object();
  }

  void write(const Source& source) {
    json_.begin_object();
    text("id", source.id);
    text("title", source.title);
    text("url", source.url);
    json_.end_object();
  }

  void write(const Rule& rule) {
    json_.begin_object();
    text("id", rule.full_id);
    text("kind", rule.kind->name);
    json_.member("role", to_string(rule.kind->role));
    json_.member("severity", to_string(rule.severity));
    text("title", rule.title.in(language_));
    json_.end_object();
  }

  std::string_view language_;
  JsonWriter json_;
};

}  // namespace

std::string packs_json(const Snapshot& snapshot, std::string_view language) {
  std::string out;
  JsonPacks(language, out).write(snapshot);
  return out;
}

}  // namespace caveat::listings
