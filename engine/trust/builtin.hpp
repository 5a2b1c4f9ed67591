// What is part of Caveat itself, known by its bytes wherever a copy of it lies. A changed copy is not part of it.
#pragma once

#include <string_view>

namespace caveat {

/// `digest` as sha256() writes it. The digests are taken when Caveat is built, after the files that they are of.
bool is_builtin(std::string_view digest);

}  // namespace caveat
