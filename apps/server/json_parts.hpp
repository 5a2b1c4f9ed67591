// Reading JSON that others wrote, by simdjson: what a page of FHIR says of itself, and parts of it as they are written.
#pragma once

#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

// Of an element: nothing, or an empty text, when it is not there or something else.
std::string_view text_of(simdjson::dom::element element);
std::string_view text_of(simdjson::dom::object object, std::string_view key);
std::optional<simdjson::dom::object> object_of(simdjson::dom::object object, std::string_view key);
std::optional<simdjson::dom::array> array_of(simdjson::dom::object object, std::string_view key);

/// What a resource says of itself.
struct PageFacts {
  bool is_json = false;  ///< the whole text is, and an object
  std::string type, id;
  std::string bundle_type;
  std::string next;       ///< the address of the next page; empty when this is the last
  bool is_listed = true;  ///< its entries are a list, or it has none
};

PageFacts facts_of_page(const std::string& text);
/// The address that a Bundle's link `next` leads to; empty when it has none.
std::string_view next_of(simdjson::dom::object bundle);

/// The members of an object, or of the object under `key` of one, as they are written: numbers keep their digits.
/// `text` is valid JSON, and has room for simdjson's padding in its capacity.
struct RawMember {
  std::string key;
  std::string_view text;  ///< borrowed
};
std::vector<RawMember> raw_members(const std::string& text, std::string_view key);

/// One Bundle with the entries of all pages, as they are written, and the total that the first tells. A single page
/// comes back as it is. Each is JSON, with entries that are listed.
std::string joined_pages(const std::vector<std::string>& pages);

/// A copy with that room.
std::string with_padding(std::string_view text);

}  // namespace caveat::server
