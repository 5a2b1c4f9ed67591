#include "base/toml.hpp"
#include "profile/input_tree.hpp"

#include <algorithm>

namespace caveat {

namespace {

InputKind kind_of(TomlType type) {
  switch (type) {
    case TomlType::kTable: return InputKind::kTable;
    case TomlType::kArray: return InputKind::kList;
    case TomlType::kString: return InputKind::kString;
    case TomlType::kInteger:
    case TomlType::kDecimal: return InputKind::kNumber;
    case TomlType::kBoolean: return InputKind::kBoolean;
    case TomlType::kDate: return InputKind::kDate;
    case TomlType::kDateTime: return InputKind::kDateTime;
    case TomlType::kTime: break;
  }
  return InputKind::kTime;
}

class TomlTree {
 public:
  explicit TomlTree(InputTree& tree) : tree_(tree) {}

  void fill_key(InputId id, std::string_view key, const TomlValue& value) {
    InputId last = 0;
    InputNode child = node(value);
    child.key = key;
    child.key_offset = child.offset;
    fill(tree_.append(id, last, child), value);
  }

  void fill(InputId id, const TomlValue& value) {
    InputId last = 0;
    for (const TomlValue& element : value.elements()) fill(tree_.append(id, last, node(element)), element);
    for (const TomlEntry& entry : value.entries()) {
      InputNode child = node(entry.value);
      child.key = entry.key;
      child.key_offset = entry.key_offset;
      fill(tree_.append(id, last, child), entry.value);
    }
  }

 private:
  InputNode node(const TomlValue& value) {
    InputNode out;
    out.kind = kind_of(value.type());
    out.offset = value.offset();
    out.truth = value.boolean().value_or(false);
    if (out.kind != InputKind::kTable && out.kind != InputKind::kList) out.text = text(value);
    return out;
  }

  // Hexadecimal, octal and binary integers, and digit separators, become plain digits.
  std::string_view text(const TomlValue& value) {
    if (const auto string = value.string()) return *string;
    const std::string_view written = value.source_text();
    if (const auto whole = value.integer()) return kept(written, std::to_string(*whole));
    if (!value.is(TomlType::kDecimal)) return written;
    std::string digits(written);
    digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
    return kept(written, std::move(digits));
  }

  std::string_view kept(std::string_view written, std::string digits) {
    if (digits == written) return written;
    return tree_.owned.emplace_back(std::move(digits));
  }

  InputTree& tree_;
};

}  // namespace

Result<InputTree> read_toml_tree(std::string_view text, const std::string& file, const TextLimits& limits) {
  auto document = TomlDocument::parse(std::string(text), file, ErrorKind::kInput, limits);
  if (!document) return Failure(document.error());
  InputTree tree;
  tree.nodes.emplace_back().kind = InputKind::kTable;
  TomlTree(tree).fill(0, document->root());
  tree.source = std::make_shared<TomlDocument>(*std::move(document));
  return tree;
}

InputTree facts_tree(const TomlValue& facts) {
  InputTree tree;
  tree.nodes.emplace_back().kind = InputKind::kTable;
  TomlTree(tree).fill_key(0, "facts", facts);
  return tree;
}

}  // namespace caveat
