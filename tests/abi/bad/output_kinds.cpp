// Takes a rule of any kind for one of its own.
#include "good.hpp"

static caveat_status bind(const caveat_host*, const caveat_binding* binding, caveat_instance** instance,
                          caveat_message*) {
  return sdk::detail::guarded([&] { *instance = reinterpret_cast<caveat_instance*>(new Good(sdk::Binding(binding))); });
}

static void change(caveat_plugin& table) { table.bind = &bind; }

BAD_TABLE(Good, change)
