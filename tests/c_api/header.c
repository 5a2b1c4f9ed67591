#include <caveat/caveat.h>

#include <caveat/plugin.h> /* one program may hold both sides */

static const caveat_request request = {sizeof request, "2026-11-22T10:00:00Z", 0, 0};

int test_c_api_header(void);
int test_c_api_header(void) { return request.at != 0 && CAVEAT_OK == 0 ? 0 : 1; }
