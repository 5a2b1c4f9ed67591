// A profile's text as a tree, the same for both notations: what follows reading need not know which it was.
#pragma once

#include "base/text_file.hpp"
#include "profile/profile.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

enum class InputKind : std::uint8_t { kNull, kBoolean, kNumber, kString, kDate, kDateTime, kTime, kList, kTable };

std::string_view describe(InputKind kind);  ///< `a string`, `a list`, …

using InputId = std::uint32_t;

/// One value. Siblings are linked; 0 (the root) stands for "no node".
struct InputNode {
  InputKind kind = InputKind::kNull;
  bool truth = false;
  InputId child = 0;         ///< first of a list or table
  InputId next = 0;          ///< sibling
  std::uint32_t count = 0;   ///< children
  std::size_t offset = 0;    ///< where the value stands in the text
  std::size_t key_offset = 0;
  std::string_view key;      ///< decoded; in a table
  std::string_view text;     ///< strings decoded; numbers and dates as written, without digit separators
};

/// Owns its nodes and whatever their texts need. Movable; views stay valid.
struct InputTree {
  std::vector<InputNode> nodes;        ///< nodes[0] is the root, a table
  std::deque<std::string> owned;       ///< texts that do not stand in the source as such
  std::shared_ptr<const void> source;  ///< what keeps the views alive
  std::vector<Diagnostic> duplicates;  ///< repeated keys (JSON; TOML's are syntax errors)

  /// Appends a node as the last child of `parent`; `last` is the child appended before it, or 0.
  InputId append(InputId parent, InputId& last, const InputNode& node);
};

Result<InputTree> read_json_tree(std::string_view text, const std::string& file, const TextLimits& limits);
Result<InputTree> read_toml_tree(std::string_view text, const std::string& file, const TextLimits& limits);
/// A profile that has only `facts`, from a document that outlives the tree.
InputTree facts_tree(const TomlValue& facts);

}  // namespace caveat
