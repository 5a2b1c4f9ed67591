// Nothing is wrong but the manifest.
#include "good.hpp"

CAVEAT_PLUGIN(Good)
