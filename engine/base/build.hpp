// Which engine this is, beyond its version: for the record, which must be able to tell two builds apart.
#pragma once

#include <string_view>

namespace caveat {

/// `sha256:…` over the engine's own sources as they were built, third-party libraries left out. The same in the
/// library, in the command and in every other program of one tree.
std::string_view engine_digest();

}  // namespace caveat
