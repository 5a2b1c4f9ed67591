#include "plugin_host/calls.hpp"

namespace caveat {

namespace {

Acceptor& acceptor(const caveat_sink* sink) { return *static_cast<Acceptor*>(sink->host); }

/// What the sink does for a plugin: nothing that it throws goes back into the plugin.
template <class Result, class Body>
Result answer(const caveat_sink* sink, Result refused, Body body) noexcept {
  if (sink == nullptr || sink->host == nullptr) return refused;
  try {
    return body(acceptor(sink));
  } catch (...) {
    try {
      acceptor(sink).fail_batch("memory ran out while its words were copied");
    } catch (...) {
      // The row that could not be copied stays without a draft, which the evaluation sees as left out.
    }
    return refused;
  }
}

extern "C" {

static caveat_status sink_advise(const caveat_sink* sink, std::uint32_t row, const caveat_advice* advice) {
  return answer(sink, CAVEAT_REFUSED, [&](Acceptor& to) { return to.advise(row, advice); });
}

static caveat_node_id sink_node(const caveat_sink* sink, std::uint32_t row, const caveat_node* node) {
  return answer(sink, caveat_node_id{0}, [&](Acceptor& to) { return to.node(row, node); });
}

static caveat_status sink_report(const caveat_sink* sink, std::uint32_t row, const caveat_report* report) {
  return answer(sink, CAVEAT_REFUSED, [&](Acceptor& to) { return to.report(row, report); });
}

static caveat_status sink_derive(const caveat_sink* sink, std::uint32_t row, std::uint32_t fact,
                                 const caveat_value* value) {
  return answer(sink, CAVEAT_REFUSED, [&](Acceptor& to) { return to.derive(row, fact, value); });
}

static caveat_status sink_fail_profile(const caveat_sink* sink, std::uint32_t row, caveat_text_id reason) {
  return answer(sink, CAVEAT_REFUSED, [&](Acceptor& to) { return to.fail_profile(row, reason); });
}

}  // extern "C"

}  // namespace

caveat_sink sink_into(Acceptor& to, const CallLimits& limits) {
  return {
      sizeof(caveat_sink), 0,          &to,          limits.cancel, limits.deadline_ns,
      &sink_advise,        &sink_node, &sink_report, &sink_derive,  &sink_fail_profile,
  };
}

}  // namespace caveat
