// The host's sink: every call that a plugin makes into the host goes through this one translation unit, whether the
// plugin runs in the host's process or its words come back from a worker. No exception passes it. Internal to
// plugin_host.
#pragma once

#include "plugin_host/accept.hpp"

namespace caveat {

/// A sink that hands everything to `acceptor`, which outlives it.
caveat_sink sink_into(Acceptor& acceptor, const CallLimits& limits);

}  // namespace caveat
