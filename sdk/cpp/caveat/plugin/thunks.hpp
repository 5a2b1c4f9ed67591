// The only functions that the host calls: each turns the ABI's arguments into views, and whatever is thrown into a
// status. Part of caveat/plugin.hpp.
#pragma once

#include <caveat/plugin.hpp>

#include <exception>
#include <new>
#include <type_traits>

namespace caveat::sdk {

namespace detail {

/// Runs `call` and turns whatever it throws into a status. What an exception says is dropped: it could hold a value.
template <class Call>
caveat_status guarded(Call call) noexcept {
  try {
    call();
    return CAVEAT_OK;
  } catch (const std::bad_alloc&) {
    return CAVEAT_OUT_OF_MEMORY;
  } catch (...) {
    return CAVEAT_EXCEPTION;
  }
}

inline void say(caveat_message* message, std::string_view text) noexcept {
  if (message == nullptr || message->text == nullptr || text.empty()) return;
  message->length = std::min<std::uint64_t>(text.size(), message->capacity);
  std::memcpy(message->text, text.data(), static_cast<std::size_t>(message->length));
}

template <class T, class = void>
struct HasAdvise : std::false_type {};
template <class T>
struct HasAdvise<T, std::void_t<decltype(&T::advise)>> : std::true_type {};
template <class T, class = void>
struct HasCheck : std::false_type {};
template <class T>
struct HasCheck<T, std::void_t<decltype(&T::check)>> : std::true_type {};
template <class T, class = void>
struct HasDerive : std::false_type {};
template <class T>
struct HasDerive<T, std::void_t<decltype(&T::derive)>> : std::true_type {};

/// A host that hands over a rule of no kind of the plugin's is not one that this plugin was written for.
inline void refuse_unknown_kinds(const caveat_binding& binding) {
  for (std::uint32_t i = 0; i < binding.rule_count; ++i) {
    const std::uint32_t kind = element(binding.rules, binding.rule_stride, i).kind;
    if (kind == 0 || kind > binding.kinds.count)
      throw std::invalid_argument("a rule has a kind that its manifest does not have");
  }
}

template <class T>
struct Thunks {
  static caveat_status bind(const caveat_host*, const caveat_binding* binding, caveat_instance** instance,
                            caveat_message* message) {
    try {
      refuse_unknown_kinds(*binding);
      *instance = reinterpret_cast<caveat_instance*>(new T(Binding(binding)));
      return CAVEAT_OK;
    } catch (const std::bad_alloc&) {
      return CAVEAT_OUT_OF_MEMORY;
    } catch (const std::exception& error) {
      say(message, error.what());
      return CAVEAT_FAILED;
    } catch (...) {
      return CAVEAT_EXCEPTION;
    }
  }

  static void unbind(caveat_instance* instance) {
    guarded([&] { delete reinterpret_cast<T*>(instance); });
  }

  static caveat_status advise(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
    return guarded([&] { reinterpret_cast<T*>(instance)->advise(Batch(batch), Sink(sink)); });
  }

  static caveat_status check(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
    return guarded([&] { reinterpret_cast<T*>(instance)->check(Batch(batch), Sink(sink)); });
  }

  static caveat_status derive(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
    return guarded([&] { reinterpret_cast<T*>(instance)->derive(Batch(batch), Sink(sink)); });
  }

  static caveat_plugin table() {
    caveat_plugin plugin{};
    plugin.size = sizeof plugin;
    plugin.abi_major = CAVEAT_ABI_MAJOR;
    plugin.abi_minor = CAVEAT_ABI_MINOR;
    plugin.manifest = {caveat_manifest_begin, CAVEAT_MANIFEST_SIZE};
    plugin.bind = &bind;
    plugin.unbind = &unbind;
    if constexpr (HasAdvise<T>::value) plugin.advise = &advise;
    if constexpr (HasCheck<T>::value) plugin.check = &check;
    if constexpr (HasDerive<T>::value) plugin.derive = &derive;
    return plugin;
  }
};

}  // namespace detail

}  // namespace caveat::sdk
