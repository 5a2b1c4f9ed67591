#include <caveat/plugin.h>
/* A second time: the guard holds. */
#include <caveat/plugin.h>

caveat_status caveat_header_in_c(const caveat_sink* sink);
caveat_status caveat_header_in_c(const caveat_sink* sink) { return sink->fail_profile(sink, 0, 0); }
