// Bounds on what an author may write. Each refuses with a plain message; none is ever reached by a readable condition.
#pragma once

#include <cstddef>

namespace caveat {

inline constexpr std::size_t kExpressionBytesMax = 64 * 1024;  ///< text of one expression
inline constexpr std::size_t kNestingMax = 200;                ///< parentheses, prefixes and calls inside each other
inline constexpr std::size_t kTreeDepthMax = 400;              ///< depth of the tree, chains of operators included
inline constexpr std::size_t kStringBytesMax = 4 * 1024;       ///< one string literal
inline constexpr std::size_t kNumberDigitsMax = 64;            ///< one number, leading zeros included
inline constexpr std::size_t kTypedNodesMax = 100'000;         ///< one condition with the defines that it names
inline constexpr std::size_t kExpandedElementsMax =
    10'000;                                                ///< a list made by `expand` or `Split`, a text by `Combine`
inline constexpr std::size_t kTextBytesMax = 1024 * 1024;  ///< a text that operators make
inline constexpr std::size_t kQueryRowsMax = 100'000;      ///< rows that the queries of one evaluation look at

}  // namespace caveat
