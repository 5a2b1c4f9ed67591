// Atoms that need no interpreter: a Boolean fact, or a fact compared with a literal. Decided once, when the pack is
// loaded.
#pragma once

#include "conditions/comparisons.hpp"

namespace caveat {

struct FastAtom {
  enum class Kind : std::uint8_t { kNone, kConstant, kBoolean, kNumber, kAmount, kDate, kChoice, kChoicesContain };
  Kind kind = Kind::kNone;
  FactComparison::Op op = FactComparison::Op::kEqual;
  Tri constant = Tri::kUnknown;
  bool integer = false;  ///< kNumber: of an integer fact, whose value must fit CQL's Integer
  FactId fact = 0;
  std::uint64_t mask = 0;  ///< kChoice: values that make it true; kChoicesContain: the value's bit
  Int128 units = 0;        ///< kNumber, kAmount
  Date date;               ///< kDate
};

/// The fast path that gives what the interpreter would; kNone when there is none.
FastAtom fast_path(const Expression& node, const Vocabulary& vocabulary);

/// `atom.kind` is not kNone.
AtomValue evaluate(const FastAtom& atom, const Facts& facts);

}  // namespace caveat
