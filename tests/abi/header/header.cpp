#include <caveat/plugin.h>

caveat_status caveat_header_in_cpp(const caveat_sink* sink);
caveat_status caveat_header_in_cpp(const caveat_sink* sink) { return sink->fail_profile(sink, 0, 0); }
