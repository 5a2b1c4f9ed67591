// JSON into an InputTree by simdjson's on-demand reader, which is lazy: it checks what is asked for and no more. So
// everything is asked for here, and scalars are checked from their own text. Inside this room.
#pragma once

#include "base/text_file.hpp"
#include "profile/input_tree.hpp"

#include <limits>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace caveat {

/// What is wrong with a text, and where.
struct JsonSlip {
  std::size_t offset = 0;
  std::string message;
  std::string help;
  std::string code = "json-syntax";
};

/// The text with the padding that simdjson wants, and the parser, which owns the decoded strings.
struct JsonSource {
  explicit JsonSource(std::string_view text);
  [[nodiscard]] std::string_view text() const { return padded; }
  /// Nothing after a failure: see slip_of_brackets().
  std::optional<simdjson::ondemand::document> open();

  std::string padded;
  simdjson::ondemand::parser parser;
};

/// Where brackets or quotes go wrong, by a plain scan that only runs when a text is already known to be wrong. `what`
/// is what the text should be: "a profile is one object".
std::optional<JsonSlip> slip_of_brackets(std::string_view text, std::string_view what);

class JsonTree {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  /// `text` is the whole, padded; `what` as above. All outlive it. `depth_max` counts from the value that is read;
  /// `nodes_max` is the tree's.
  JsonTree(std::string_view text, const std::string& file, std::string_view what, InputTree& tree,
           std::size_t depth_max = kNoLimit, std::size_t nodes_max = kNoLimit)
      : text_(text), file_(file), what_(what), tree_(tree), depth_max_(depth_max), nodes_max_(nodes_max) {}

  /// Appends a value, and all below it, as the last child of `parent`; `node` has its key, where it has one. False
  /// after a failure.
  bool add(InputId parent, InputId& last, InputNode node, simdjson::ondemand::value value);
  bool fill_table(InputId id, simdjson::ondemand::object& object);
  /// The key of a field and where it stands. False after a failure.
  bool read_key(simdjson::ondemand::field& field, InputNode& node);
  /// Reports keys that stand twice in a table, in the tree's `duplicates`.
  void find_duplicates(InputId table);

  /// What made the last call fail.
  JsonSlip slip(simdjson::ondemand::document& document) const;
  bool failed(simdjson::error_code error);
  bool failed(const char* at, std::string message, std::string help, std::string code = "json-syntax");
  [[nodiscard]] std::size_t offset_of(const char* at) const;

 private:
  bool fill_list(InputId id, simdjson::ondemand::array& array);
  bool read_word(InputNode& node, std::string_view token);
  void report_duplicate(InputId first, InputId second);
  [[nodiscard]] std::string_view key(InputId id) const { return tree_.nodes[id].key; }

  std::string_view text_;
  const std::string& file_;
  std::string_view what_;
  InputTree& tree_;
  std::size_t depth_max_, nodes_max_;
  std::size_t depth_ = 0;
  std::optional<LineIndex> lines_;
  std::optional<JsonSlip> slip_;
  simdjson::error_code error_ = simdjson::SUCCESS;
};

}  // namespace caveat
