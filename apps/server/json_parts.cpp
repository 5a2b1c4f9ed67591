#include "server/json_parts.hpp"

namespace caveat::server {

namespace {

namespace dom = simdjson::dom;
namespace ondemand = simdjson::ondemand;

// A value as it is written. Nothing after an error, which a text that has been found valid does not have.
std::optional<std::string_view> raw(ondemand::value value) {
  ondemand::json_type type{};
  ondemand::object object;
  ondemand::array array;
  std::string_view out;
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  if (type == ondemand::json_type::object) {
    if (value.get_object().get(object) != simdjson::SUCCESS || object.raw_json().get(out) != simdjson::SUCCESS)
      return std::nullopt;
    return out;
  }
  if (type == ondemand::json_type::array) {
    if (value.get_array().get(array) != simdjson::SUCCESS || array.raw_json().get(out) != simdjson::SUCCESS)
      return std::nullopt;
    return out;
  }
  return value.raw_json_token();
}

void add_members(ondemand::object object, std::vector<RawMember>& out) {
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS) return;
    std::string name(key);
    const auto text = raw(value);
    if (!text) return;
    out.push_back({std::move(name), *text});
  }
}

}  // namespace

std::string_view text_of(dom::element element) {
  std::string_view text;
  return element.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::string_view text_of(dom::object object, std::string_view key) {
  dom::element element;
  return object[key].get(element) == simdjson::SUCCESS ? text_of(element) : std::string_view();
}

std::optional<dom::object> object_of(dom::object object, std::string_view key) {
  dom::object found;
  if (object[key].get_object().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<dom::array> array_of(dom::object object, std::string_view key) {
  dom::array found;
  if (object[key].get_array().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::string_view next_of(dom::object bundle) {
  const auto links = array_of(bundle, "link");
  if (!links) return {};
  for (dom::element each : *links) {
    dom::object link;
    if (each.get_object().get(link) == simdjson::SUCCESS && text_of(link, "relation") == "next")
      return text_of(link, "url");
  }
  return {};
}

PageFacts facts_of_page(const std::string& text) {
  PageFacts out;
  dom::parser parser;
  dom::object root;
  if (parser.parse(text).get_object().get(root) != simdjson::SUCCESS) return out;
  out.is_json = true;
  out.type = text_of(root, "resourceType");
  out.id = text_of(root, "id");
  out.bundle_type = text_of(root, "type");
  out.next = next_of(root);
  dom::element entries;
  out.is_listed = root["entry"].get(entries) != simdjson::SUCCESS || entries.is_array();
  return out;
}

std::string with_padding(std::string_view text) {
  std::string out;
  out.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  out = text;
  return out;
}

std::vector<RawMember> raw_members(const std::string& text, std::string_view key) {
  std::vector<RawMember> out;
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object root, found;
  const simdjson::padded_string_view view(text.data(), text.size(), text.capacity());
  if (parser.iterate(view).get(document) != simdjson::SUCCESS || document.get_object().get(root) != simdjson::SUCCESS)
    return out;
  if (root.find_field_unordered(key).get_object().get(found) != simdjson::SUCCESS) return out;
  add_members(found, out);
  return out;
}

namespace {

// Appends the entries of a page; whatever is there, none is passed over.
void add_entries(const std::string& page, std::string& out) {
  const std::string text = with_padding(page);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array entries;
  const simdjson::padded_string_view view(text.data(), text.size(), text.capacity());
  if (parser.iterate(view).get(document) != simdjson::SUCCESS ||
      document.find_field_unordered("entry").get_array().get(entries) != simdjson::SUCCESS)
    return;
  for (auto entry : entries) {
    ondemand::value value;
    const auto written = entry.get(value) == simdjson::SUCCESS ? raw(value) : std::nullopt;
    out += out.ends_with('[') ? "" : ",";
    out += written.value_or("null");  // which readers take for an entry that they cannot read
  }
}

// What the first page says that there is in all, as a member; readers hold it against what there is.
std::string total_of(const std::string& page) {
  dom::parser parser;
  dom::element total;
  std::uint64_t number = 0;
  if (parser.parse(page)["total"].get(total) != simdjson::SUCCESS || total.get(number) != simdjson::SUCCESS) return {};
  return R"("total":)" + std::to_string(number) + ",";
}

}  // namespace

std::string joined_pages(const std::vector<std::string>& pages) {
  if (pages.size() == 1) return pages.front();
  std::string out = R"({"resourceType":"Bundle","type":"searchset",)" + total_of(pages.front()) + R"("entry":[)";
  for (const std::string& page : pages) add_entries(page, out);
  return out + "]}";
}

}  // namespace caveat::server
