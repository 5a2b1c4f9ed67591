#include "plugin_abi/calls.hpp"

#include "plugin_abi/abi_struct.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace caveat {

namespace {

/// Runs a call into the plugin. A plugin without the SDK's wrapper may throw: that stops here.
template <class Body>
caveat_status guarded(Body body) {
  try {
    return body();
  } catch (...) {
    return CAVEAT_EXCEPTION;
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

std::string version() { return std::to_string(CAVEAT_ABI_MAJOR) + "." + std::to_string(CAVEAT_ABI_MINOR); }

std::string check_table(const caveat_plugin& table, std::string_view manifest, NeededCalls needed) {
  if (table.abi_major != CAVEAT_ABI_MAJOR) {
    return "returns a table of version " + std::to_string(table.abi_major) + " of the plugin ABI, not " + version();
  }
  const bool same = table.manifest.data != nullptr && table.manifest.size == manifest.size() &&
                    std::memcmp(table.manifest.data, manifest.data(), manifest.size()) == 0;
  if (!same) return "returns another manifest than its section `.caveat.manifest` holds";
  const std::pair<bool, const char*> functions[] = {
      {table.bind != nullptr, "bind"},
      {table.unbind != nullptr, "unbind"},
      {table.advise != nullptr || !needed.advise, "advise"},
      {table.check != nullptr || !needed.check, "check"},
      {table.derive != nullptr || !needed.derive, "derive"},
  };
  for (const auto& [there, name] : functions) {
    if (!there) return "has no function `" + std::string(name) + "`, which its manifest calls for";
  }
  return {};
}

const void* no_extension(const caveat_host*, caveat_str) { return nullptr; }

}  // namespace

std::string call_entry(caveat_plugin_entry_fn entry, std::string_view manifest, NeededCalls needed,
                       caveat_plugin& table) {
  const caveat_plugin* raw = nullptr;
  const caveat_status status = guarded([&] {
    raw = entry(CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR);
    return CAVEAT_OK;
  });
  if (status != CAVEAT_OK || raw == nullptr) {
    return "refuses this engine: it does not work with version " + version() + " of the plugin ABI";
  }
  table = sized(raw);
  return check_table(table, manifest, needed);
}

std::string call_bind(const caveat_plugin& plugin, const caveat_host& host, const caveat_binding& binding,
                      caveat_instance*& instance) {
  std::array<char, 512> buffer{};
  caveat_message message{sizeof(caveat_message), static_cast<std::uint32_t>(buffer.size()), buffer.data(), 0};
  instance = nullptr;
  const std::string failure = describe(guarded([&] { return plugin.bind(&host, &binding, &instance, &message); }));
  if (failure.empty()) return instance == nullptr ? "it made no instance" : std::string();
  instance = nullptr;
  message.text = buffer.data();
  return failure + said(message, buffer.size());
}

void call_unbind(const caveat_plugin& plugin, caveat_instance* instance) {
  // It is gone for the host, whatever it says.
  static_cast<void>(guarded([&] {
    plugin.unbind(instance);
    return CAVEAT_OK;
  }));
}

caveat_status call_batch(const caveat_plugin& plugin, caveat_instance* instance, Call call, const caveat_batch& batch,
                         const caveat_sink& sink) {
  const auto function = call == Call::kAdvise ? plugin.advise : call == Call::kCheck ? plugin.check : plugin.derive;
  return guarded([&] { return function(instance, &batch, &sink); });
}

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

caveat_host plain_host(std::string_view version) {
  return {sizeof(caveat_host), CAVEAT_ABI_MAJOR, CAVEAT_ABI_MINOR, 0, {version.data(), version.size()}, &no_extension};
}

}  // namespace caveat
