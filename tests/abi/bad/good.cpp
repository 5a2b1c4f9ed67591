// The plugin with all its parts: every check passes.
#include "good.hpp"

CAVEAT_PLUGIN(Good)
