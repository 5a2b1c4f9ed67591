#include "plugin_host/calls.hpp"

#include <array>
#include <new>

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

static const void* host_extension(const caveat_host*, caveat_str) { return nullptr; }

}  // extern "C"

const caveat_host kHost = {
    sizeof(caveat_host), CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR, 0, {CAVEAT_VERSION, sizeof(CAVEAT_VERSION) - 1},
    &host_extension,
};

std::string describe(caveat_status status) {
  switch (status) {
    case CAVEAT_OK: return {};
    case CAVEAT_FAILED: return "it reported that it failed";
    case CAVEAT_EXCEPTION: return "it raised an exception";
    case CAVEAT_OUT_OF_MEMORY: return "it ran out of memory";
    case CAVEAT_CANCELLED: return "it was cancelled";
    case CAVEAT_UNSUPPORTED: return "it does not implement the call";
    default: return "it returned the status " + std::to_string(status);
  }
}

/// Runs a call into the plugin. A plugin without the SDK's wrapper may throw: that stops here.
template <class Body>
std::string guarded(Body body) {
  try {
    return describe(body());
  } catch (...) {
    return "it raised an exception";
  }
}

/// The plugin's own words on why it cannot be bound: printable, or not at all.
std::string said(const caveat_message& message, std::size_t capacity) {
  if (message.length == 0 || message.length > capacity) return {};
  std::string text(message.text, message.length);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  return ": " + text;
}

}  // namespace

const caveat_plugin* call_entry(caveat_plugin_entry_fn entry) {
  try {
    return entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR);
  } catch (...) {
    return nullptr;
  }
}

std::string call_bind(const caveat_plugin& plugin, const caveat_binding& binding, caveat_instance*& instance) {
  std::array<char, 512> buffer{};
  caveat_message message{sizeof(caveat_message), static_cast<std::uint32_t>(buffer.size()), buffer.data(), 0};
  instance = nullptr;
  std::string failure = guarded([&] { return plugin.bind(&kHost, &binding, &instance, &message); });
  if (!failure.empty()) {
    instance = nullptr;
    message.text = buffer.data();
    return failure + said(message, buffer.size());
  }
  return instance == nullptr ? "it made no instance" : std::string();
}

void call_unbind(const caveat_plugin& plugin, caveat_instance* instance) {
  try {
    plugin.unbind(instance);
  } catch (...) {
    // It is gone for the host either way.
  }
}

std::string call_batch(const caveat_plugin& plugin, caveat_instance* instance, Call call, const caveat_batch& batch,
                       Acceptor& to, const CallLimits& limits) {
  const auto function = call == Call::kAdvise ? plugin.advise : call == Call::kCheck ? plugin.check : plugin.derive;
  const caveat_sink sink = {
      sizeof(caveat_sink), 0,          &to,          limits.cancel, limits.deadline_ns,
      &sink_advise,        &sink_node, &sink_report, &sink_derive,  &sink_fail_profile,
  };
  std::string failure = guarded([&] { return function(instance, &batch, &sink); });
  return failure.empty() ? to.batch_failure() : failure;
}

}  // namespace caveat
