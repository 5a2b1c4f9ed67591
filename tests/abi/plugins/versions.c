/* A plugin against the bare C ABI that uses all of it: a kind with a field, a derived fact, a check in code. It is
 * compiled three times: with the header of 1.0 as it was frozen, with today's, and with that of a later minor
 * (CAVEAT_TEST_LATER), whose added members it uses where the host has them. All three have to work with every host of
 * version 1. */
#include <caveat/plugin.h>

#include <stdlib.h>
#include <string.h>

struct caveat_instance {
  const caveat_binding* binding;
  uint32_t fact;    /* `pregnant`: its handle */
  uint32_t column;  /* and its column, from 0 */
  uint32_t finding; /* texts */
  uint32_t older_host;
  uint32_t later_host;
};

/* Elements are a stride apart, and not sizeof: those of a later host are larger. */
static const void* element(const void* first, uint32_t stride, uint32_t index) {
  return (const char*)first + (size_t)stride * index;
}

static int is(caveat_str text, const char* name) {
  return text.size == strlen(name) && memcmp(text.data, name, text.size) == 0;
}

/* From 1; 0 when there is none. */
static uint32_t named(const caveat_names* names, const char* name) {
  for (uint32_t i = 0; i < names->count; ++i) {
    if (is(*(const caveat_str*)element(names->names, names->stride, i), name)) return i + 1;
  }
  return 0;
}

static int bit(const uint64_t* plane, uint32_t row) { return (int)(plane[row / 64] >> (row % 64) & 1); }

static void find_fact(struct caveat_instance* self) {
  const caveat_binding* binding = self->binding;
  for (uint32_t i = 0; i < binding->fact_count; ++i) {
    const caveat_fact* fact = element(binding->facts, binding->fact_stride, i);
    if (!is(fact->name, "pregnant") || fact->type != CAVEAT_TYPE_BOOLEAN || fact->column == 0) continue;
    self->fact = i + 1;
    self->column = fact->column - 1;
  }
}

static caveat_status bind(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                          caveat_message* message) {
  struct caveat_instance* self = calloc(1, sizeof *self);
  (void)host;
  (void)message;
  if (self == NULL) return CAVEAT_OUT_OF_MEMORY;
  self->binding = binding;
  self->finding = named(&binding->texts, "finding");
  self->older_host = named(&binding->texts, "older-host");
  self->later_host = named(&binding->texts, "later-host");
  find_fact(self);
  if (self->fact == 0 || self->finding == 0 || self->older_host == 0 || self->later_host == 0) {
    free(self);
    return CAVEAT_FAILED;
  }
  *instance = self;
  return CAVEAT_OK;
}

static void unbind(caveat_instance* instance) { free(instance); }

/* Which of the two texts says what this plugin sees of its host. */
static caveat_text_id host_seen(const struct caveat_instance* self, const caveat_sink* sink,
                                const caveat_batch* batch) {
#ifdef CAVEAT_TEST_LATER
  if (CAVEAT_HAS(sink->size, caveat_sink, appended) && CAVEAT_HAS(batch->outcome_stride, caveat_outcome, appended)) {
    return self->later_host;
  }
#endif
  (void)sink;
  (void)batch;
  return self->older_host;
}

static const caveat_field* field_of(const caveat_rule* rule, uint32_t index) {
  return index < rule->field_count ? element(rule->fields, rule->field_stride, index) : NULL;
}

static void say(const struct caveat_instance* self, uint32_t index, uint32_t row, const caveat_batch* batch,
                const caveat_sink* sink) {
  const caveat_rule* rule = element(self->binding->rules, self->binding->rule_stride, index);
  const caveat_field* notes = field_of(rule, 0);
  caveat_words details[8] = {{0}};
  caveat_advice advice = {0};
  details[advice.detail_count++].handle = host_seen(self, sink, batch);
  for (uint32_t i = 0; notes != NULL && i < notes->count && advice.detail_count < 8; ++i) {
    const caveat_value* note = element(notes->values, notes->value_stride, i);
    details[advice.detail_count++].handle = note->number;
  }
  advice.size = (uint32_t)sizeof advice;
  advice.rule = index + 1;
  advice.details = details;
  advice.detail_stride = (uint32_t)sizeof *details;
  sink->advise(sink, row, &advice);
}

static caveat_status advise(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t rule = 0; rule < self->binding->rule_count; ++rule) {
    const caveat_outcome* outcome = element(batch->outcomes, batch->outcome_stride, rule);
    for (uint32_t row = 0; row < batch->rows; ++row) {
      if (!bit(outcome->not_met, row)) say(self, rule, row, batch, sink);
    }
  }
  return CAVEAT_OK;
}

static caveat_tri answer(const struct caveat_instance* self, const caveat_batch* batch, uint32_t row) {
  const caveat_column* column = element(batch->columns, batch->column_stride, self->column);
  if (!bit(column->known, row)) return CAVEAT_UNKNOWN;
  return bit(column->truth, row) ? CAVEAT_TRUE : CAVEAT_FALSE;
}

static caveat_status check(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t row = 0; row < batch->rows; ++row) {
    caveat_node leaf = {0};
    caveat_report report = {0};
    leaf.size = (uint32_t)sizeof leaf;
    leaf.op = CAVEAT_OP_LEAF;
    leaf.value = answer(self, batch, row);
    leaf.reads = &self->fact;
    leaf.read_count = 1;
    leaf.words.handle = self->finding;
    report.size = (uint32_t)sizeof report;
    report.check = 1;
    report.value = leaf.value;
    report.root = sink->node(sink, row, &leaf);
    sink->report(sink, row, &report);
  }
  return CAVEAT_OK;
}

static caveat_status derive(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t row = 0; row < batch->rows; ++row) {
    const caveat_tri known = answer(self, batch, row);
    caveat_value value = {0};
    if (known == CAVEAT_UNKNOWN) continue;
    value.type = CAVEAT_TYPE_INTEGER;
    value.integer = known == CAVEAT_TRUE ? 1 : 0;
    sink->derive(sink, row, 1, &value);
  }
  return CAVEAT_OK;
}

const caveat_plugin* caveat_plugin_entry_v1(uint32_t host_major, uint32_t host_minor) {
  static caveat_plugin plugin;
  (void)host_minor;
  if (host_major != CAVEAT_ABI_MAJOR) return NULL;
  plugin.size = (uint32_t)sizeof plugin;
  plugin.abi_major = CAVEAT_ABI_MAJOR;
  plugin.abi_minor = CAVEAT_ABI_MINOR;
  plugin.manifest.data = caveat_manifest_begin;
  plugin.manifest.size = CAVEAT_MANIFEST_SIZE;
  plugin.bind = bind;
  plugin.unbind = unbind;
  plugin.advise = advise;
  plugin.check = check;
  plugin.derive = derive;
  return &plugin;
}
