/* What a plugin can do, in small: turn outcomes of its own kind of rule into advisories, derive a fact, check in code.
 * Replace all three. Missing is never no: where an answer is missing, nothing is derived and the check says "unknown".
 *
 * Arrays are walked by their stride, never as array[i]: a later host's elements are longer. */
#include <caveat/plugin.h>

#include <stdlib.h>
#include <string.h>

#define FAR_APART 20
#define LARGEST_READING 1000000 /* keeps the sums below from overflowing; what is larger is not used */
#define POINTS_MAX 32           /* paragraphs of one note; bind() refuses more */

/* One a rule pack that uses the plugin. What bind() is told stays valid until unbind(). */
struct caveat_instance {
  const caveat_binding* binding;
  caveat_fact_id readings[2];
  uint32_t columns[2]; /* from 0 */
  caveat_text_id value, far_apart, could_not_be_checked;
  uint32_t mean, readings_differ;
};

/* ---- Small helpers */

static const void* element(const void* first, uint32_t stride, uint32_t index) {
  return (const char*)first + (size_t)stride * index;
}

static int is(caveat_str text, const char* name) {
  return text.size == strlen(name) && memcmp(text.data, name, (size_t)text.size) == 0;
}

static int bit(const uint64_t* plane, uint32_t row) { return (int)(plane[row / 64] >> (row % 64) & 1); }

/* A name's place from 1; 0 when there is none. */
static uint32_t place(const caveat_names* names, const char* name) {
  for (uint32_t i = 0; i < names->count; ++i) {
    if (is(*(const caveat_str*)element(names->names, names->stride, i), name)) return i + 1;
  }
  return 0;
}

static const caveat_rule* rule_at(const struct caveat_instance* self, uint32_t index) {
  return element(self->binding->rules, self->binding->rule_stride, index);
}

static const caveat_field* field_named(const caveat_rule* rule, const char* name, caveat_type type) {
  for (uint32_t i = 0; i < rule->field_count; ++i) {
    const caveat_field* field = element(rule->fields, rule->field_stride, i);
    if (is(field->name, name)) return field->type == type ? field : NULL;
  }
  return NULL;
}

/* ---- bind(): everything is looked up by name once, and what does not fit is refused */

static int find_reading(struct caveat_instance* self, int which, const char* name) {
  const caveat_binding* binding = self->binding;
  for (uint32_t i = 0; i < binding->fact_count; ++i) {
    const caveat_fact* fact = element(binding->facts, binding->fact_stride, i);
    if (!is(fact->name, name) || fact->type != CAVEAT_TYPE_INTEGER || fact->column == 0) continue;
    self->readings[which] = i + 1;
    self->columns[which] = fact->column - 1;
    return 1;
  }
  return 0;
}

static int rules_fit(const struct caveat_instance* self) {
  const uint32_t note = place(&self->binding->kinds, "caveat_template_note");
  for (uint32_t i = 0; i < self->binding->rule_count; ++i) {
    const caveat_rule* rule = rule_at(self, i);
    const caveat_field* about = field_named(rule, "about", CAVEAT_TYPE_FACT);
    const caveat_field* points = field_named(rule, "points", CAVEAT_TYPE_TEXT);
    if (rule->kind != note || about == NULL || about->count != 1) return 0;
    if (points == NULL || points->count > POINTS_MAX) return 0;
  }
  return 1;
}

static int everything_is_there(struct caveat_instance* self) {
  const caveat_binding* binding = self->binding;
  self->value = place(&binding->texts, "value");
  self->far_apart = place(&binding->texts, "far-apart");
  self->could_not_be_checked = place(&binding->texts, "could-not-be-checked");
  self->mean = place(&binding->derived, "caveat_template_mean");
  self->readings_differ = place(&binding->checks, "readings-differ");
  return find_reading(self, 0, "caveat_template_first") && find_reading(self, 1, "caveat_template_second") &&
         self->value != 0 && self->far_apart != 0 && self->could_not_be_checked != 0 && self->mean != 0 &&
         self->readings_differ != 0 && rules_fit(self);
}

static void say(caveat_message* message, const char* text) {
  const size_t size = strlen(text);
  message->length = size < message->capacity ? size : message->capacity;
  memcpy(message->text, text, (size_t)message->length);
}

static caveat_status plugin_bind(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                                 caveat_message* message) {
  struct caveat_instance* self = calloc(1, sizeof *self);
  (void)host;
  if (self == NULL) return CAVEAT_OUT_OF_MEMORY;
  self->binding = binding;
  if (!everything_is_there(self)) {
    say(message, "a name of its manifest is missing, or a rule has other fields");
    free(self);
    return CAVEAT_FAILED;
  }
  *instance = self;
  return CAVEAT_OK;
}

static void plugin_unbind(caveat_instance* self) { free(self); }

/* ---- advise(): the rules of its kind. The manifest says on which outcomes they speak: then there must be an advisory,
 * else none. */

static void advise_one(const struct caveat_instance* self, uint32_t index, uint32_t row, int met,
                       const caveat_sink* sink) {
  const caveat_rule* rule = rule_at(self, index);
  const caveat_value* about = field_named(rule, "about", CAVEAT_TYPE_FACT)->values;
  const caveat_field* points = field_named(rule, "points", CAVEAT_TYPE_TEXT);
  caveat_words details[1 + POINTS_MAX] = {{0}};
  caveat_advice advice = {0};
  advice.size = (uint32_t)sizeof advice;
  advice.rule = index + 1;
  advice.subject = about->number; /* fills {label} and {value} */
  if (met) {
    details[advice.detail_count++].handle = self->value;
    for (uint32_t i = 0; i < points->count; ++i) {
      const caveat_value* point = element(points->values, points->value_stride, i);
      details[advice.detail_count++].handle = point->number;
    }
  } else {
    advice.statement.handle = self->could_not_be_checked;
  }
  advice.details = details;
  advice.detail_stride = (uint32_t)sizeof *details;
  sink->advise(sink, row, &advice);
}

static caveat_status plugin_advise(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t rule = 0; rule < self->binding->rule_count; ++rule) {
    const caveat_outcome* outcome = element(batch->outcomes, batch->outcome_stride, rule);
    for (uint32_t row = 0; row < batch->rows; ++row) {
      const int met = bit(outcome->met, row);
      if (met || bit(outcome->failed, row)) advise_one(self, rule, row, met, sink);
    }
  }
  return CAVEAT_OK;
}

/* ---- derive() and check(): the facts that they read */

static int reading(const struct caveat_instance* self, const caveat_batch* batch, int which, uint32_t row,
                   int64_t* out) {
  const caveat_column* column = element(batch->columns, batch->column_stride, self->columns[which]);
  if (!bit(column->known, row)) return 0;
  *out = column->integers[row];
  return *out >= -LARGEST_READING && *out <= LARGEST_READING;
}

static caveat_status plugin_derive(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t row = 0; row < batch->rows; ++row) {
    int64_t first = 0, second = 0, units = 0;
    caveat_value value = {0};
    if (!reading(self, batch, 0, row, &first) || !reading(self, batch, 1, row, &second)) continue;
    units = (first + second) * 50000000; /* a decimal counts units of 10^-8; this is half of the sum */
    value.type = CAVEAT_TYPE_DECIMAL;
    value.decimal.low = (uint64_t)units;
    value.decimal.high = units < 0 ? -1 : 0;
    sink->derive(sink, row, self->mean, &value);
  }
  return CAVEAT_OK;
}

static caveat_tri far_apart(const struct caveat_instance* self, const caveat_batch* batch, uint32_t row) {
  int64_t first = 0, second = 0;
  if (!reading(self, batch, 0, row, &first) || !reading(self, batch, 1, row, &second)) return CAVEAT_UNKNOWN;
  return (first > second ? first - second : second - first) >= FAR_APART ? CAVEAT_TRUE : CAVEAT_FALSE;
}

static caveat_status plugin_check(caveat_instance* self, const caveat_batch* batch, const caveat_sink* sink) {
  for (uint32_t row = 0; row < batch->rows; ++row) {
    caveat_node finding = {0};
    caveat_report report = {0};
    finding.size = (uint32_t)sizeof finding;
    finding.op = CAVEAT_OP_LEAF;
    finding.value = far_apart(self, batch, row);
    finding.reads = self->readings;
    finding.read_count = 2;
    finding.words.handle = self->far_apart;
    report.size = (uint32_t)sizeof report;
    report.check = self->readings_differ;
    report.value = finding.value;
    report.root = sink->node(sink, row, &finding);
    sink->report(sink, row, &report);
  }
  return CAVEAT_OK;
}

/* ---- The one exported function */

const caveat_plugin* caveat_plugin_entry_v1(uint32_t host_major, uint32_t host_minor) {
  static caveat_plugin plugin = {
      .size = (uint32_t)sizeof plugin,
      .abi_major = CAVEAT_ABI_MAJOR,
      .abi_minor = CAVEAT_ABI_MINOR,
      .bind = plugin_bind,
      .unbind = plugin_unbind,
      .advise = plugin_advise,
      .check = plugin_check,
      .derive = plugin_derive,
  };
  (void)host_minor; /* what later minors added is asked for with CAVEAT_HAS() */
  if (host_major != CAVEAT_ABI_MAJOR) return NULL;
  plugin.manifest.data = caveat_manifest_begin; /* the same every time; no constant in C */
  plugin.manifest.size = CAVEAT_MANIFEST_SIZE;
  return &plugin;
}
