// Scalar evaluation of a typed tree.
#pragma once

#include "conditions/expression.hpp"
#include "conditions/runtime.hpp"

namespace caveat {

/// The value of a tree. Unknown when an operand that matters is; null and an error in `run` when one was raised: an
/// error wins over unknown.
Value evaluate(const Expression& expression, Runtime& run);

/// A fact's value as the language sees it; Unknown when it has none.
Value fact_value(FactId fact, const Vocabulary& vocabulary, const Facts& facts);

/// The value as `type`, by implicit conversion; null where the value is of no fitting type.
Value convert_value(const Value& value, const Type& type, const Runtime& run);

/// Whether a node is a sum, difference, product or negation of decimals: only the outermost of them must fit.
bool is_decimal_arithmetic(const Expression& node);

/// Whether a value that is not null is of the type.
bool has_type(const Value& value, const Type& type);

}  // namespace caveat
