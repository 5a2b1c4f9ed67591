// JSON to a tree by simdjson's on-demand reader, which is lazy: it checks what is asked for and no more. So everything
// is asked for here, and scalars are checked from their own text. Places of its errors are found afterwards, by a plain
// scan that only runs when a text is already known to be wrong.
#include "base/quote.hpp"
#include "profile/input_tree.hpp"

#include <algorithm>
#include <optional>
#include <simdjson.h>

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

struct Slip {
  std::size_t offset = 0;
  std::string message;
  std::string help;
};

// Where brackets or quotes go wrong. Nothing when they do not.
class BracketScan {
 public:
  explicit BracketScan(std::string_view text) : text_(text) {}

  std::optional<Slip> run() {
    while (at_ < text_.size()) {
      if (auto slip = step()) return slip;
    }
    if (open_.empty()) return std::nullopt;
    return Slip{text_.size(), "the text ends before `" + std::string(1, open_.back()) + "`",
                "complete it: close every bracket, brace and quote"};
  }

 private:
  std::optional<Slip> step() {
    const char c = text_[at_];
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (closed_ && !space) return Slip{at_, "more text after the end of the profile", "a profile is one object"};
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

  [[nodiscard]] Slip mismatch(char c) const {
    const std::string wanted = open_.empty() ? "nothing is open" : "`" + std::string(1, open_.back()) + "` is expected";
    return {at_, "`" + std::string(1, c) + "` where " + wanted,
            "close brackets in the order in which they were opened"};
  }

  std::optional<Slip> string() {
    const std::size_t start = at_++;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20U) {
        return Slip{at_, "a line break or control character inside a string",
                    "close the string before it, or write it as an escape such as `\\n`"};
      }
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return Slip{start, "this string is never closed", "add the closing quote"};
    ++at_;
    return std::nullopt;
  }

  std::string_view text_;
  std::string open_;
  std::size_t at_ = 0;
  bool closed_ = false;
};

class JsonTree {
 public:
  JsonTree(std::string_view text, const std::string& file, InputTree& tree) : text_(text), file_(file), tree_(tree) {}

  /// Fills the tree; a message where it cannot.
  std::optional<Slip> read(ondemand::document& document) {
    ondemand::object root;
    tree_.nodes.emplace_back().kind = InputKind::kTable;
    tree_.nodes[0].offset = text_.find('{');
    if (const auto error = document.get_object().get(root)) return slip(error, document);
    if (!fill_table(0, root)) return slip_ ? slip_ : slip(error_, document);
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS) {
      return Slip{offset_of(rest), "more text after the end of the profile", "a profile is one object"};
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::size_t offset_of(const char* at) const {
    return std::min(static_cast<std::size_t>(at - text_.data()), text_.size());
  }

  Slip slip(simdjson::error_code error, ondemand::document& document) const {
    if (auto found = BracketScan(text_).run()) return *found;
    const char* at = nullptr;
    const bool placed = document.current_location().get(at) == simdjson::SUCCESS;
    std::size_t offset = placed ? offset_of(at) : text_.size();
    if (error == simdjson::STRING_ERROR)
      return {offset, "a string with an invalid escape", "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …"};
    return {offset, "this is not JSON", "check the commas, colons and quotes before this place"};
  }

  bool failed(simdjson::error_code error) {
    error_ = error;
    return false;
  }

  bool failed(const char* at, std::string message, std::string help) {
    slip_ = Slip{offset_of(at), std::move(message), std::move(help)};
    return false;
  }

  bool fill_table(InputId id, ondemand::object& object) {
    InputId last = 0;
    for (auto field_result : object) {
      ondemand::field field;
      if (const auto error = std::move(field_result).get(field)) return failed(error);
      InputNode node;
      const char* raw_key = field.key().raw();
      node.key_offset = offset_of(raw_key) - 1;
      if (field.unescaped_key().get(node.key)) {
        return failed(raw_key - 1, "a key with an invalid escape", "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …");
      }
      if (!add(id, last, node, field.value())) return false;
    }
    find_duplicates(id);
    return true;
  }

  bool fill_list(InputId id, ondemand::array& array) {
    InputId last = 0;
    for (auto element : array) {
      ondemand::value value;
      if (const auto error = element.get(value)) return failed(error);
      if (!add(id, last, {}, value)) return false;
    }
    return true;
  }

  bool add(InputId parent, InputId& last, InputNode node, ondemand::value value) {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return failed(error);
    const std::string_view token = value.raw_json_token();
    node.offset = offset_of(token.data());
    switch (type) {
      case ondemand::json_type::object: {
        node.kind = InputKind::kTable;
        ondemand::object object;
        if (const auto error = value.get_object().get(object)) return failed(error);
        return fill_table(tree_.append(parent, last, node), object);
      }
      case ondemand::json_type::array: {
        node.kind = InputKind::kList;
        ondemand::array array;
        if (const auto error = value.get_array().get(array)) return failed(error);
        return fill_list(tree_.append(parent, last, node), array);
      }
      case ondemand::json_type::string:
        node.kind = InputKind::kString;
        if (value.get_string().get(node.text)) {
          return failed(token.data(), "a string with an invalid escape",
                        "escapes are `\\\"`, `\\\\`, `\\n`, `\\u00e9`, …");
        }
        break;
      default:
        if (!read_word(node, without_trailing_space(token))) return false;
    }
    tree_.append(parent, last, node);
    return true;
  }

  bool read_word(InputNode& node, std::string_view token) {
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

  void find_duplicates(InputId table) {
    std::vector<InputId> ids;
    ids.reserve(tree_.nodes[table].count);
    for (InputId id = tree_.nodes[table].child; id != 0; id = tree_.nodes[id].next) ids.push_back(id);
    std::stable_sort(ids.begin(), ids.end(), [&](InputId a, InputId b) { return key(a) < key(b); });
    for (std::size_t i = 1, first = 0; i < ids.size(); ++i) {
      if (key(ids[i]) != key(ids[first])) {
        first = i;
      } else {
        report_duplicate(ids[first], ids[i]);
      }
    }
  }

  [[nodiscard]] std::string_view key(InputId id) const { return tree_.nodes[id].key; }

  void report_duplicate(InputId first, InputId second) {
    constexpr std::size_t kReportedMax = 1000;
    if (tree_.duplicates.size() >= kReportedMax) return;
    const LineIndex& index = lines();
    const Place before = index.place(tree_.nodes[first].key_offset, "");
    tree_.duplicates.push_back({DiagnosticLevel::kError, "duplicate-key",
                                index.place(tree_.nodes[second].key_offset, file_),
                                in_backticks(key(second)) + " is given a second time",
                                "keep one of the two; the first is at " + to_string(before)});
  }

  const LineIndex& lines() {
    if (!lines_) lines_.emplace(text_);
    return *lines_;
  }

  std::string_view text_;
  const std::string& file_;
  InputTree& tree_;
  std::optional<LineIndex> lines_;
  std::optional<Slip> slip_;
  simdjson::error_code error_ = simdjson::SUCCESS;
};

struct Source {
  std::string padded;
  ondemand::parser parser;  // owns the decoded strings
};

Failure json_failure(const Slip& slip, std::string_view text, const std::string& file) {
  return fail(ErrorKind::kInput, Diagnostic{DiagnosticLevel::kError, "json-syntax",
                                            LineIndex(text).place(slip.offset, file), slip.message, slip.help});
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
  const auto source = std::make_shared<Source>();
  source->padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  source->padded = text;
  const std::string_view padded = source->padded;
  InputTree tree;
  tree.source = source;
  ondemand::document document;
  const simdjson::padded_string_view view(padded.data(), padded.size(), source->padded.capacity());
  if (source->parser.iterate(view).get(document)) {
    const auto slip = BracketScan(padded).run();
    return json_failure(slip ? *slip : Slip{first, "this is not JSON", {}}, padded, file);
  }
  if (const auto slip = JsonTree(padded, file, tree).read(document)) return json_failure(*slip, padded, file);
  return tree;
}

}  // namespace caveat
