// CDS Hooks 2.0 as a table: each rule of the specification that an answer can break, held against many answers.
#include "http/cds_kit.hpp"
#include "server/cards.hpp"

#include <regex>
#include <set>

using namespace caveat;
using namespace caveat::cds_kit;

namespace {

struct Rule {
  const char* says;
  std::function<bool(const json::object&)> holds;
};

bool has_text(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() && !value->as_string().empty();
}

template <class Holds>
bool each_of(const json::object& object, const char* key, const Holds& holds) {
  const json::value* list = object.if_contains(key);
  if (list == nullptr) return true;
  return list->is_array() &&
         std::all_of(list->as_array().begin(), list->as_array().end(),
                     [&](const json::value& each) { return each.is_object() && holds(each.as_object()); });
}

bool is_coding(const json::object& coding) { return has_text(coding, "code") && has_text(coding, "system"); }
bool is_uuid(const json::value* value) {
  static const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  return value != nullptr && value->is_string() && std::regex_match(std::string(value->as_string()), form);
}
bool is_absolute(const json::value* value) {
  return value != nullptr && (value->as_string().starts_with("https://") || value->as_string().starts_with("http://"));
}
std::size_t utf16_length(std::string_view text) {
  std::size_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte & 0xC0U) != 0x80U ? (byte >= 0xF0U ? 2 : 1) : 0;
  }
  return out;
}
bool nothing_empty(const json::value& value, bool allowed_here = false) {
  if (value.is_null()) return false;
  if (value.is_string()) return !value.as_string().empty();
  if (value.is_array()) {
    if (value.as_array().empty()) return allowed_here;
    return std::all_of(value.as_array().begin(), value.as_array().end(),
                       [](const json::value& v) { return nothing_empty(v); });
  }
  if (!value.is_object()) return true;
  if (value.as_object().empty()) return false;
  return std::all_of(value.as_object().begin(), value.as_object().end(), [](const auto& member) {
    return nothing_empty(member.value(), member.key() == "cards" || member.key() == "services");
  });
}

const std::vector<Rule>& card_rules() {
  static const std::vector<Rule> rules = {
      {"summary is required, and shorter than 140 characters",
       [](const json::object& card) {
         return has_text(card, "summary") && utf16_length(card.at("summary").as_string()) < 140;
       }},
      {"summary is one line",
       [](const json::object& card) { return card.at("summary").as_string().find('\n') == json::string::npos; }},
      {"indicator is required: info, warning, critical",
       [](const json::object& card) {
         return std::set<std::string>{"info", "warning", "critical"}.count(kit::text(card.at("indicator"))) == 1;
       }},
      {"source is required and has a label",
       [](const json::object& card) { return has_text(card.at("source").as_object(), "label"); }},
      {"source.url is absolute",
       [](const json::object& card) {
         const json::value* url = card.at("source").as_object().if_contains("url");
         return url == nullptr || is_absolute(url);
       }},
      {"source.topic is a coding",
       [](const json::object& card) { return is_coding(card.at("source").at("topic").as_object()); }},
      {"detail is text where it is given",
       [](const json::object& card) { return !card.contains("detail") || has_text(card, "detail"); }},
      {"uuid is a UUID", [](const json::object& card) { return is_uuid(card.if_contains("uuid")); }},
      {"selectionBehavior stands with suggestions, and not without",
       [](const json::object& card) { return card.contains("suggestions") == card.contains("selectionBehavior"); }},
      {"selectionBehavior is at-most-one or any",
       [](const json::object& card) {
         const json::value* behaviour = card.if_contains("selectionBehavior");
         return behaviour == nullptr || *behaviour == "at-most-one" || *behaviour == "any";
       }},
      {"a suggestion has a label, and a UUID for feedback",
       [](const json::object& card) {
         return each_of(card, "suggestions", [](const json::object& each) {
           return has_text(each, "label") && is_uuid(each.if_contains("uuid"));
         });
       }},
      {"an action has a type and a description; a delete has a resourceId",
       [](const json::object& card) {
         return each_of(card, "suggestions", [](const json::object& suggestion) {
           return each_of(suggestion, "actions", [](const json::object& action) {
             const std::string type = kit::text(action.at("type"));
             const bool known = type == "create" || type == "update" || type == "delete";
             return known && has_text(action, "description") && (type != "delete" || has_text(action, "resourceId"));
           });
         });
       }},
      {"an override reason is a coding with a display",
       [](const json::object& card) {
         return each_of(card, "overrideReasons",
                        [](const json::object& each) { return is_coding(each) && has_text(each, "display"); });
       }},
      {"a link has a label, an address and a type; appContext belongs to smart alone",
       [](const json::object& card) {
         return each_of(card, "links", [](const json::object& link) {
           const bool smart = link.at("type") == "smart";
           return has_text(link, "label") && is_absolute(link.if_contains("url")) &&
                  (smart || link.at("type") == "absolute") && (smart || !link.contains("appContext"));
         });
       }},
  };
  return rules;
}

const std::vector<Rule>& service_rules() {
  static const std::vector<Rule> rules = {
      {"hook is required", [](const json::object& service) { return has_text(service, "hook"); }},
      {"id is required, and fit for an address",
       [](const json::object& service) {
         return std::regex_match(kit::text(service.at("id")), std::regex("[a-z0-9-]+"));
       }},
      {"description is required", [](const json::object& service) { return has_text(service, "description"); }},
      {"prefetch is a map of texts",
       [](const json::object& service) {
         const json::value* prefetch = service.if_contains("prefetch");
         if (prefetch == nullptr) return true;
         return std::all_of(prefetch->as_object().begin(), prefetch->as_object().end(),
                            [](const auto& each) { return each.value().is_string(); });
       }},
      {"a prefetch is a read or a search by type, with tokens of the context, equality and no other parameters",
       [](const json::object& service) {
         static const std::regex form(R"([A-Z][A-Za-z]+(/ID|\?patient=ID(&(code|questionnaire)=[^&{}]+)?))");
         const json::object& prefetch = service.at("prefetch").as_object();
         return std::all_of(prefetch.begin(), prefetch.end(), [](const auto& each) {
           std::string search(each.value().as_string());
           constexpr std::string_view kToken = "{{context.patientId}}";
           if (const auto at = search.find(kToken); at != std::string::npos) search.replace(at, kToken.size(), "ID");
           return std::regex_match(search, form);
         });
       }},
  };
  return rules;
}

// Answers of every sort: nothing known, something met, all clear, orders, long titles, characters of every length.
std::vector<json::object> many_answers() {
  std::vector<json::object> out;
  const auto service = http_kit::open();
  const json::object drafts = bundle({order("2", "microneedling")});
  for (const char* language : {"en", "tr"}) {
    for (const auto& conditions : {json::array{}, json::array{condition("77386006")},
                                   json::array{condition("125643001"), condition("33659008")}}) {
      const json::object prefetched = prefetch(bundle(conditions));
      for (const auto& [id, hook, context] :
           {std::tuple{"microneedling-patient-view", "patient-view", json::object{}},
            std::tuple{"microneedling-order-sign", "order-sign", json::object{{"draftOrders", drafts}}},
            std::tuple{"microneedling-order-sign", "order-sign", json::object{{"draftOrders", bundle({})}}}}) {
        const auto response =
            ask_service(*service, id, call(hook, prefetched, context), {{"accept-language", language}});
        REQUIRE(response.status == 200);
        out.push_back(http_kit::as_object(response));
      }
    }
  }
  std::string title;
  for (int i = 0; i < 90; ++i) title += "𝔸ö ";
  const kit::TempFolder folder;
  std::string header = kit::kHeader;
  header.replace(header.find("title = \"A book\""), 16, "title = \"A book\"\nurl = \"https://example.org/book\"");
  const std::string pregnant =
      "[fact.a]\ntype = \"boolean\"\nlabel = \"a\"\nask = \"a?\"\nfhir = [{ resource = \"Condition\", code = "
      "\"urn:x|1\", cite = \"x\" }]\n";
  folder.write("test/pack.toml", header + pregnant + "[[contraindication]]\nid = \"r\"\nwhen = \"a\"\ntitle = \"" +
                                     title +
                                     "\"\nsays = \"Says *this* and <that>.\"\ncite = [\"book#one\", \"book#two\"]\n"
                                     "[[service]]\nid = \"view\"\nhook = \"patient-view\"\ndescription = \"Says.\"\n");
  const auto own = http_kit::open(http_kit::serving(kit::options_for(folder.path())));
  const auto response =
      ask_service(*own, "view", call("patient-view", {{"condition", bundle({condition("1", "urn:x")})}}));
  INFO(response.body);
  REQUIRE(response.status == 200);
  out.push_back(http_kit::as_object(response));
  REQUIRE(out.back().at("cards").as_array().size() == 1);
  return out;
}

}  // namespace

TEST_CASE("http.cds_rules: every card of every answer keeps every rule of CDS Hooks 2.0") {
  std::size_t cards = 0;
  for (const json::object& answer : many_answers()) {
    INFO(json::serialize(answer));
    CHECK(answer.size() == 1);  // no system action is ever proposed
    CHECK(nothing_empty(answer));
    for (const json::value& card : answer.at("cards").as_array()) {
      ++cards;
      for (const Rule& rule : card_rules()) {
        INFO(rule.says);
        CHECK(rule.holds(card.as_object()));
      }
    }
  }
  CHECK(cards > 10);
}

TEST_CASE("http.cds_rules: every service of discovery keeps every rule of CDS Hooks 2.0") {
  const auto service = http_kit::open();
  const json::object answer = http_kit::as_object(http_kit::get(*service, "/cds-services"));
  CHECK(nothing_empty(answer));
  std::set<std::string> ids;
  for (const json::value& each : answer.at("services").as_array()) {
    CHECK(ids.insert(kit::text(each.at("id"))).second);
    for (const Rule& rule : service_rules()) {
      INFO(rule.says << "\n" << json::serialize(each));
      CHECK(rule.holds(each.as_object()));
    }
  }
}

TEST_CASE("http.cds_rules: the rules can be broken") {
  const json::object bad = {
      {"summary", std::string(140, 'x')},
      {"indicator", "alarm"},
      {"source", {{"label", ""}, {"url", "x"}, {"topic", json::object{}}}},
      {"detail", ""},
      {"uuid", "x"},
      {"suggestions", json::array{{{"label", ""}, {"actions", json::array{{{"type", "delete"}}}}}}},
      {"overrideReasons", json::array{{{"code", "x"}}}},
      {"links", json::array{{{"label", "x"}, {"url", "x"}, {"type", "smart"}}}}};
  std::size_t broken = 0;
  for (const Rule& rule : card_rules()) broken += rule.holds(bad) ? 0U : 1U;
  CHECK(broken ==
        card_rules().size() - 2);  // all but "one line" and the values of a selectionBehavior that is not there
  CHECK_FALSE(nothing_empty(json::object{{"x", nullptr}}));
  CHECK_FALSE(nothing_empty(json::object{{"x", json::array{}}}));
  CHECK(nothing_empty(json::object{{"cards", json::array{}}}));
}

TEST_CASE("http.cds_rules: a text is shortened by characters, as a client counts them") {
  CHECK(server::shortened("abc", 3) == "abc");
  CHECK(server::shortened("abcd", 3) == "ab…");
  CHECK(server::shortened("öäüß", 3) == "öä…");
  CHECK(server::shortened("𝔸𝔸", 4) == "𝔸𝔸");
  CHECK(server::shortened("𝔸𝔸𝔸", 4) == "𝔸…");
  CHECK(server::shortened("", 3) == "");
}

TEST_CASE("http.cds_rules: an id is a UUID of version 8") {
  CHECK(server::uuid_of("a") == server::uuid_of("a"));
  CHECK(server::uuid_of("a") != server::uuid_of("b"));
  for (const char* text : {"a", "b", "c", "d", "e"}) {
    const json::value uuid(server::uuid_of(text));
    CHECK(is_uuid(&uuid));
  }
}
