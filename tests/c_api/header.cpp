#include <caveat/plugin.h>

#include <caveat/caveat.h>

static_assert(sizeof(caveat_request) == sizeof(size_t) + 3 * sizeof(const char*), "no padding that nobody knows of");
static_assert(CAVEAT_DISPOSITION_NONE == 0, "memory that nobody filled is no finding");
