/* Every type of the plugin ABI, reached from one function, for abidw to see. */
#include <caveat/plugin.h>

struct caveat_types {
  caveat_plugin_entry_fn entry;
  caveat_decimal decimal;
  caveat_names names;
};

struct caveat_types caveat_every_type(void);
struct caveat_types caveat_every_type(void) {
  const struct caveat_types types = {0};
  return types;
}
