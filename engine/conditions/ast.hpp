// The syntax tree: what was written, before any name or type is looked at. Operators stand as calls under the names
// that the signature table gives them (signatures.hpp), so that the checker has one way with all of them.
#pragma once

#include "conditions/types.hpp"
#include "values/value.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caveat {

struct Syntax;
using SyntaxPtr = std::unique_ptr<Syntax>;

/// How far before, after or around something: `6 months or less before`, `within 3 days of`.
struct Offset {
  enum class Direction : std::uint8_t { kBefore, kAfter, kWithin };
  enum class Bound : std::uint8_t { kExactly, kOrMore, kOrLess, kLessThan, kMoreThan };
  Direction direction = Direction::kBefore;
  Bound bound = Bound::kExactly;
  bool inclusive = false;  ///< `on or before`: the point itself counts
  friend bool operator==(const Offset&, const Offset&) = default;
};

/// `from A a, B b let x: … where … aggregate r starting s: … return … sort …`
struct QuerySyntax {
  std::vector<std::pair<std::string, SyntaxPtr>> sources;
  std::vector<std::pair<std::string, SyntaxPtr>> lets;
  SyntaxPtr where;
  SyntaxPtr result;  ///< `return` or `aggregate`
  bool distinct = true;
  bool plural_sources = false;  ///< written with `from`
  std::string accumulator;      ///< `aggregate`
  SyntaxPtr starting;
  struct Sort {
    bool descending = false;
    SyntaxPtr by;  ///< absent: the element itself
  };
  std::vector<Sort> sort;
};

struct Syntax {
  enum class Kind : std::uint8_t {
    kLiteral,
    kName,  ///< a fact, a define or an alias
    kCall,  ///< operator or function
    kList,
    kTuple,
    kInterval,
    kIf,            ///< condition, then, else
    kCase,          ///< [comparand,] when, then, …, else
    kProperty,      ///< operand.name
    kTypeOperator,  ///< is, as, cast, convert, minimum, maximum, with `type`
    kQuery,
  };

  Kind kind = Kind::kLiteral;
  std::size_t begin = 0;  ///< byte offsets in the expression's text
  std::size_t end = 0;
  std::size_t name_at = 0;  ///< where the operator or name stands: what diagnostics point at
  std::size_t depth = 1;
  bool parenthesized = false;

  std::string name;
  std::vector<SyntaxPtr> operands;
  bool is_function = false;  ///< kCall written as `name(…)`

  Value value;                ///< kLiteral
  Type type;                  ///< kLiteral: its type; kTypeOperator, kList: the type named (kError when none)
  bool local_offset = false;  ///< kLiteral: a date-time written without an offset

  std::optional<Precision> precision;
  std::optional<Offset> offset;
  std::vector<std::string> keys;  ///< kTuple
  bool low_closed = true, high_closed = true;
  bool has_comparand = false;  ///< kCase
  std::unique_ptr<QuerySyntax> query;
};

}  // namespace caveat
