// Lets out a second function; built without the SDK's version script.
#include "good.hpp"

extern "C" CAVEAT_EXPORT int caveat_bad_second();
extern "C" int caveat_bad_second() { return 2; }

CAVEAT_PLUGIN(Good)
