// Result<T>: a value, or an Error that says all that was wrong. The one place that names tl::expected.
#pragma once

#include <caveat/diagnostic.hpp>

#include <tl/expected.hpp>
#include <utility>

namespace caveat {

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

inline Failure fail(ErrorKind kind, std::vector<Diagnostic> diagnostics) {
  return Failure(Error{kind, std::move(diagnostics)});
}

inline Failure fail(ErrorKind kind, Diagnostic diagnostic) {
  return fail(kind, std::vector<Diagnostic>{std::move(diagnostic)});
}

}  // namespace caveat
