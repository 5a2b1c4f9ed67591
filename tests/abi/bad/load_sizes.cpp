// Takes its own sizeof for the distance between elements.
#include "good.hpp"

static caveat_status advise(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  caveat_batch as_it_sees_it = *batch;
  as_it_sees_it.outcome_stride = sizeof(caveat_outcome);
  return sdk::detail::Thunks<Good>::advise(instance, &as_it_sees_it, sink);
}

static void change(caveat_plugin& table) { table.advise = &advise; }

BAD_TABLE(Good, change)
