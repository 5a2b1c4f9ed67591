// The groups of the signature table, each beside its implementations in operators_<group>.cpp.
#pragma once

#include "conditions/signatures.hpp"

namespace caveat {

std::span<const SignatureRow> arithmetic_rows();
std::span<const SignatureRow> comparison_rows();
std::span<const SignatureRow> logic_rows();
std::span<const SignatureRow> temporal_rows();
std::span<const SignatureRow> timing_rows();
std::span<const SignatureRow> list_rows();
std::span<const SignatureRow> interval_rows();
std::span<const SignatureRow> string_rows();
std::span<const SignatureRow> conversion_rows();
std::span<const SignatureRow> aggregate_rows();

}  // namespace caveat
