// Looking into a resource. A view of something that is not there, or of another kind than asked for, is empty: what
// nobody understood must fall through to "not usable", never stop the reading.
#pragma once

#include "profile/input_tree.hpp"

#include <string_view>

namespace caveat {

class FhirView {
 public:
  FhirView() = default;
  FhirView(const InputTree& tree, InputId id) : tree_(&tree), id_(id) {}

  explicit operator bool() const { return tree_ != nullptr; }
  [[nodiscard]] bool is(InputKind kind) const { return tree_ != nullptr && node().kind == kind; }
  /// Of a view that is not empty. Valid until the tree grows.
  [[nodiscard]] const InputNode& node() const { return tree_->nodes[id_]; }
  [[nodiscard]] std::size_t offset() const { return tree_ == nullptr ? 0 : node().offset; }

  /// The member of a table.
  FhirView operator[](std::string_view key) const {
    if (!is(InputKind::kTable)) return {};
    for (InputId id = node().child; id != 0; id = tree_->nodes[id].next) {
      if (tree_->nodes[id].key == key) return {*tree_, id};
    }
    return {};
  }
  /// A string's text; empty for all else.
  [[nodiscard]] std::string_view text() const { return is(InputKind::kString) ? node().text : std::string_view(); }
  [[nodiscard]] std::string_view text(std::string_view key) const { return (*this)[key].text(); }

  /// Every element of a list, or every member of a table.
  template <class Visit>
  void for_each(const Visit& visit) const {
    if (tree_ == nullptr) return;
    for (InputId id = node().child; id != 0; id = tree_->nodes[id].next) visit(FhirView(*tree_, id));
  }
  /// How many elements a list has.
  [[nodiscard]] std::size_t count() const { return is(InputKind::kList) ? node().count : 0; }
  [[nodiscard]] const InputTree& tree() const { return *tree_; }

 private:
  const InputTree* tree_ = nullptr;  // and an index, since nodes move while the tree grows
  InputId id_ = 0;
};

/// Calls `visit(system, code)` for each coding of a CodeableConcept.
template <class Visit>
void for_each_coding(const FhirView& concept_view, const Visit& visit) {
  concept_view["coding"].for_each([&](const FhirView& coding) { visit(coding.text("system"), coding.text("code")); });
}

}  // namespace caveat
