#include "base/build.hpp"

namespace caveat {

std::string_view engine_digest() {
  return
#include "engine_digest.inc"
      ;
}

}  // namespace caveat
