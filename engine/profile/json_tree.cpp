#include "profile/json_tree.hpp"

#include "base/quote.hpp"

#include <algorithm>
#include <new>

namespace caveat {

namespace {

namespace ondemand = simdjson::ondemand;

bool digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_from(std::string_view text, std::size_t at) {
  while (at < text.size() && digit(text[at])) ++at;
  return at;
}

// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_from(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_from(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const bool sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
    const std::size_t first = at + (sign ? 2 : 1);
    at = digits_from(text, first);
    if (at == first) return false;
  }
  return at == text.size();
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

class BracketScan {
 public:
  BracketScan(std::string_view text, std::string_view what) : text_(text), what_(what) {}

  std::optional<JsonSlip> run() {
    while (at_ < text_.size()) {
      if (auto slip = step()) return slip;
    }
    if (open_.empty()) return std::nullopt;
    return JsonSlip{text_.size(), "the text ends before `" + std::string(1, open_.back()) + "`",
                    "complete it: close every bracket, brace and quote"};
  }

 private:
  std::optional<JsonSlip> step() {
    const char c = text_[at_];
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (closed_ && !space) return JsonSlip{at_, "more text after the end", std::string(what_)};
    if (c == '"') return string();
    if (c == '{' || c == '[') open_ += c == '{' ? '}' : ']';
    if (c == '}' || c == ']') {
      if (open_.empty() || open_.back() != c) return mismatch(c);
      open_.pop_back();
      closed_ = open_.empty();
    }
    ++at_;
    return std::nullopt;
  }

  [[nodiscard]] JsonSlip mismatch(char c) const {
    const std::string wanted = open_.empty() ? "nothing is open" : "`" + std::string(1, open_.back()) + "` is expected";
    return {at_, "`" + std::string(1, c) + "` where " + wanted,
            "close brackets in the order in which they were opened"};
  }

  std::optional<JsonSlip> string() {
    const std::size_t start = at_++;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20U) {
        return JsonSlip{at_, "a line break or control character inside a string",
                        "close the string before it, or write it as an escape such as `\\n`"};
      }
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return JsonSlip{start, "this string is never closed", "add the closing quote"};
    ++at_;
    return std::nullopt;
  }

  std::string_view text_, what_;
  std::string open_;
  std::size_t at_ = 0;
  bool closed_ = false;
};

}  // namespace

JsonSource::JsonSource(std::string_view text) {
  padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  padded = text;
}

namespace {

// simdjson 3.0 does not look whether its buffer for decoded strings could be had, and writes to it all the same.
struct Buffered : ondemand::document {
  static bool is(ondemand::document& document) { return (document.*&Buffered::iter).string_buf_loc() != nullptr; }
};

}  // namespace

std::optional<ondemand::document> JsonSource::open() {
  ondemand::document document;
  const simdjson::padded_string_view view(padded.data(), padded.size(), padded.capacity());
  const simdjson::error_code error = parser.iterate(view).get(document);
  if (error == simdjson::MEMALLOC || (!error && !Buffered::is(document))) throw std::bad_alloc();
  if (error) return std::nullopt;
  return document;
}

std::optional<JsonSlip> slip_of_brackets(std::string_view text, std::string_view what) {
  return BracketScan(text, what).run();
}

std::size_t JsonTree::offset_of(const char* at) const {
  return std::min(static_cast<std::size_t>(at - text_.data()), text_.size());
}

JsonSlip JsonTree::slip(ondemand::document& document) const {
  if (slip_) return *slip_;
  if (auto found = slip_of_brackets(text_, what_)) return *found;
  const char* at = nullptr;
  const bool placed = document.current_location().get(at) == simdjson::SUCCESS;
  const std::size_t offset = placed ? offset_of(at) : text_.size();
  if (error_ == simdjson::STRING_ERROR)
    return {offset, "a string with an invalid escape", "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …"};
  return {offset, "this is not JSON", "check the commas, colons and quotes before this place"};
}

bool JsonTree::failed(simdjson::error_code error) {
  error_ = error;
  return false;
}

bool JsonTree::failed(const char* at, std::string message, std::string help, std::string code) {
  slip_ = JsonSlip{offset_of(at), std::move(message), std::move(help), std::move(code)};
  return false;
}

bool JsonTree::read_key(ondemand::field& field, InputNode& node) {
  const char* raw_key = field.key().raw();
  node.key_offset = offset_of(raw_key) - 1;
  if (field.unescaped_key().get(node.key) == simdjson::SUCCESS) return true;
  return failed(raw_key - 1, "a key with an invalid escape", "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …");
}

bool JsonTree::fill_table(InputId id, ondemand::object& object) {
  InputId last = 0;
  for (auto field_result : object) {
    ondemand::field field;
    if (const auto error = std::move(field_result).get(field)) return failed(error);
    InputNode node;
    if (!read_key(field, node) || !add(id, last, node, field.value())) return false;
  }
  find_duplicates(id);
  return true;
}

bool JsonTree::fill_list(InputId id, ondemand::array& array) {
  InputId last = 0;
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = element.get(value)) return failed(error);
    if (!add(id, last, {}, value)) return false;
  }
  return true;
}

bool JsonTree::add(InputId parent, InputId& last, InputNode node, ondemand::value value) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return failed(error);
  const std::string_view token = value.raw_json_token();
  node.offset = offset_of(token.data());
  if (tree_.nodes.size() >= nodes_max_) {
    return failed(token.data(), "holds more keys and elements than are read", "split it", "too-many-entries");
  }
  if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
    if (depth_ >= depth_max_) {
      return failed(token.data(), "nests deeper than " + std::to_string(depth_max_) + " levels",
                    "flatten it, or raise the limit on its depth", "too-deep");
    }
    ++depth_;
    bool read = false;
    if (type == ondemand::json_type::object) {
      node.kind = InputKind::kTable;
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return failed(error);
      read = fill_table(tree_.append(parent, last, node), object);
    } else {
      node.kind = InputKind::kList;
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return failed(error);
      read = fill_list(tree_.append(parent, last, node), array);
    }
    --depth_;
    return read;
  }
  if (type == ondemand::json_type::string) {
    node.kind = InputKind::kString;
    if (value.get_string().get(node.text)) {
      return failed(token.data(), "a string with an invalid escape", "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …");
    }
  } else if (!read_word(node, without_trailing_space(token))) {
    return false;
  }
  tree_.append(parent, last, node);
  return true;
}

bool JsonTree::read_word(InputNode& node, std::string_view token) {
  node.text = token;
  if (token == "null") {
    node.kind = InputKind::kNull;
  } else if (token == "true" || token == "false") {
    node.kind = InputKind::kBoolean;
    node.truth = token == "true";
  } else if (is_json_number(token)) {
    node.kind = InputKind::kNumber;
  } else {
    return failed(token.data(), in_backticks(token) + " is not a JSON value",
                  "values are strings in quotes, numbers, true, false, null, lists and objects");
  }
  return true;
}

// Most tables have a handful of keys, whose lengths differ: comparing them all with each other costs next to nothing.
void JsonTree::find_duplicates(InputId table) {
  constexpr std::uint32_t kFew = 16;
  const InputId first = tree_.nodes[table].child;
  if (tree_.nodes[table].count <= kFew) {
    for (InputId b = first; b != 0; b = tree_.nodes[b].next) {
      for (InputId a = first; a != b; a = tree_.nodes[a].next) {
        if (key(a) != key(b)) continue;
        report_duplicate(a, b);
        break;
      }
    }
    return;
  }
  std::vector<InputId> ids;
  ids.reserve(tree_.nodes[table].count);
  for (InputId id = first; id != 0; id = tree_.nodes[id].next) ids.push_back(id);
  std::stable_sort(ids.begin(), ids.end(), [&](InputId a, InputId b) { return key(a) < key(b); });
  for (std::size_t i = 1, same = 0; i < ids.size(); ++i) {
    if (key(ids[i]) != key(ids[same])) {
      same = i;
    } else {
      report_duplicate(ids[same], ids[i]);
    }
  }
}

void JsonTree::report_duplicate(InputId first, InputId second) {
  constexpr std::size_t kReportedMax = 1000;
  if (tree_.duplicates.size() >= kReportedMax) return;
  if (!lines_) lines_.emplace(text_);
  const Place before = lines_->place(tree_.nodes[first].key_offset, "");
  tree_.duplicates.push_back({DiagnosticLevel::kError, "duplicate-key",
                              lines_->place(tree_.nodes[second].key_offset, file_),
                              in_backticks(key(second)) + " is given a second time",
                              "keep one of the two; the first is at " + to_string(before)});
}

namespace {

constexpr std::string_view kOneObject = "a profile is one object";

Failure json_failure(const JsonSlip& slip, std::string_view text, const std::string& file) {
  return fail(ErrorKind::kInput, Diagnostic{DiagnosticLevel::kError, slip.code,
                                            LineIndex(text).place(slip.offset, file), slip.message, slip.help});
}

/// Fills the tree; a message where it cannot.
std::optional<JsonSlip> read_profile_object(ondemand::document& document, std::string_view text,
                                            const std::string& file, InputTree& tree) {
  JsonTree json(text, file, kOneObject, tree);
  tree.nodes.emplace_back().kind = InputKind::kTable;
  tree.nodes[0].offset = text.find('{');
  ondemand::object root;
  if (const auto error = document.get_object().get(root)) {
    json.failed(error);
    return json.slip(document);
  }
  if (!json.fill_table(0, root)) return json.slip(document);
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) {
    return JsonSlip{json.offset_of(rest), "more text after the end", std::string(kOneObject)};
  }
  return std::nullopt;
}

}  // namespace

Result<InputTree> read_json_tree(std::string_view text, const std::string& file, const TextLimits& limits) {
  text = without_byte_order_mark(text);
  if (const auto checked = check_text(text, file, ErrorKind::kInput); !checked) return Failure(checked.error());
  if (const auto bounded = check_bounds(text, Notation::kJson, file, limits, ErrorKind::kInput); !bounded) {
    return Failure(bounded.error());
  }
  const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (first == text.size())
    return json_failure({first, "the text is empty", "a profile is an object: `{ … }`"}, text, file);
  if (text[first] != '{')
    return json_failure({first, "a profile is an object", "write `{ \"facts\": { … } }`"}, text, file);
  const auto source = std::make_shared<JsonSource>(text);
  InputTree tree;
  tree.source = source;
  auto document = source->open();
  if (!document) {
    const auto slip = slip_of_brackets(source->text(), kOneObject);
    return json_failure(slip ? *slip : JsonSlip{first, "this is not JSON", {}}, source->text(), file);
  }
  if (const auto slip = read_profile_object(*document, source->text(), file, tree)) {
    return json_failure(*slip, source->text(), file);
  }
  return tree;
}

}  // namespace caveat
