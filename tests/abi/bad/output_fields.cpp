// Takes it for granted that the first field is there and has a value.
#include "good.hpp"

static caveat_status bind(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                          caveat_message* message) {
  for (std::uint32_t i = 0; i < binding->rule_count; ++i) {
    const volatile caveat_value* first = sdk::element(binding->rules, binding->rule_stride, i).fields->values;
    if (first->type == CAVEAT_TYPE_NONE) return CAVEAT_FAILED;
  }
  return sdk::detail::Thunks<Good>::bind(host, binding, instance, message);
}

static void change(caveat_plugin& table) { table.bind = &bind; }

BAD_TABLE(Good, change)
