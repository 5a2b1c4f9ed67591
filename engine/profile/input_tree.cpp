#include "profile/input_tree.hpp"

#include <array>

namespace caveat {

std::string_view describe(InputKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"null",        "a Boolean", "a number", "a string", "a date",
                                                      "a date-time", "a time",    "a list",   "a table"};
  return kNames[static_cast<std::size_t>(kind)];
}

InputId InputTree::append(InputId parent, InputId& last, const InputNode& node) {
  const auto id = static_cast<InputId>(nodes.size());
  nodes.push_back(node);
  if (last == 0) {
    nodes[parent].child = id;
  } else {
    nodes[last].next = id;
  }
  ++nodes[parent].count;
  last = id;
  return id;
}

}  // namespace caveat
