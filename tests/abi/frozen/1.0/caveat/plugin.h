/* The Caveat plugin ABI, version 1. Normative text: docs/formats/plugin-abi.md.
 *
 * A plugin is a shared library with one exported function, caveat_plugin_entry_v1. What it is (its id, its kinds of
 * rules, the facts that it derives, its checks and all its texts) stands in a TOML manifest in the ELF section
 * `.caveat.manifest`: the host reads that without loading the library, and afterwards demands that the struct which the
 * entry returns points to the same bytes. docs/formats/plugin-manifest.md says what may stand in it.
 *
 * The rules of this header:
 *
 *  - Zero means "unknown" or "none" everywhere: handles and indices into lists count from 1, a zero truth value is
 *    unknown, a zero value type is no value. Only rows of a batch count from 0. Zeroed or forgotten memory is thus the
 *    safe value: it never reads as "no".
 *  - A struct that begins with `size` holds its own sizeof as its writer knew it. A reader takes the smaller of that
 *    and its own sizeof, and reads zero for the rest. Arrays come with a stride in bytes: an element's own size. Never
 *    index one as `array[i]`.
 *  - Minor versions add constants, extensions, and members at the end of structs that begin with `size` and of the
 *    elements of arrays that the host hands over (caveat_rule, caveat_field, caveat_fact, caveat_column,
 *    caveat_outcome); CAVEAT_HAS() asks for one. Nothing else changes.
 *  - Strings are UTF-8, {pointer, length}, not terminated. They and everything else that is handed over are borrowed:
 *    for the call, where nothing else is said. What a plugin hands to the sink, the host copies. No memory is freed
 *    across the boundary, and no exception crosses it.
 *  - Every function pointer carries the tag [thread, state, lifetime]:
 *        thread    any-thread      may be called from any thread, at the same time as any other call; a plugin whose
 *                                  manifest says threading = "serial" gets one call at a time, still from any thread
 *                  calling-thread  only from the thread, and during the call, that it was handed to
 *        state     declared        needs no instance
 *                  bound           needs an instance that bind() made and unbind() has not yet destroyed
 *        lifetime  call            pointers in its arguments and results are valid until the call returns
 *                  binding         … until unbind() returns
 *                  process         … until the process ends
 */
#ifndef CAVEAT_PLUGIN_H
#define CAVEAT_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define CAVEAT_ABI_MAJOR 1u
#define CAVEAT_ABI_MINOR 0u

/* Whether a struct of which its writer knew `bytes` (its `size`, or the stride of its array) has the member: asked
 * before a member is used that a minor after 1.0 added. */
#define CAVEAT_HAS(bytes, type, member) ((bytes) >= offsetof(type, member) + sizeof(((const type*)0)->member))

#if defined(__GNUC__)
#define CAVEAT_EXPORT __attribute__((visibility("default")))
#else
#define CAVEAT_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Numbers -------------------------------------------------------------------------------------------------- */

/* What a call came to. Anything but CAVEAT_OK from a plugin makes the plugin fail for the profiles of the call. */
typedef uint32_t caveat_status;
#define CAVEAT_OK 0u
#define CAVEAT_FAILED 1u        /* it could not be done */
#define CAVEAT_EXCEPTION 2u     /* an exception was caught at the boundary */
#define CAVEAT_OUT_OF_MEMORY 3u
#define CAVEAT_CANCELLED 4u     /* given up because of the cancel word or the deadline */
#define CAVEAT_UNSUPPORTED 5u   /* not implemented */
#define CAVEAT_REFUSED 6u       /* by the host: what was handed to the sink is not valid; the profile has failed */

/* Three-valued truth. */
typedef uint32_t caveat_tri;
#define CAVEAT_UNKNOWN 0u
#define CAVEAT_FALSE 1u
#define CAVEAT_TRUE 2u

/* Types of facts and of rules' fields. */
typedef uint32_t caveat_type;
#define CAVEAT_TYPE_NONE 0u
#define CAVEAT_TYPE_BOOLEAN 1u
#define CAVEAT_TYPE_INTEGER 2u
#define CAVEAT_TYPE_DECIMAL 3u
#define CAVEAT_TYPE_QUANTITY 4u /* facts only: a decimal in the fact's declared unit */
#define CAVEAT_TYPE_CHOICE 5u   /* one of a closed set, by its place in the declaration, from 1 */
#define CAVEAT_TYPE_CHOICES 6u  /* facts only: a set of them, bit 0 is the first */
#define CAVEAT_TYPE_DATE 7u     /* facts only: days since 1970-01-01 */
#define CAVEAT_TYPE_TEXT 8u     /* fields only: a text handle */
#define CAVEAT_TYPE_STRING 9u   /* fields only: one untranslated string */
#define CAVEAT_TYPE_FACT 10u    /* fields only: a fact handle */

/* How grave an advisory is. A plugin may make one graver, never less grave. */
typedef uint32_t caveat_severity;
#define CAVEAT_SEVERITY_RULE 0u /* as the rule says */
#define CAVEAT_SEVERITY_INFO 1u
#define CAVEAT_SEVERITY_WARNING 2u
#define CAVEAT_SEVERITY_CRITICAL 3u

/* How an explanation's node comes to its value. */
typedef uint32_t caveat_op;
#define CAVEAT_OP_NONE 0u
#define CAVEAT_OP_LEAF 1u /* the plugin's own finding from the facts that it reads */
#define CAVEAT_OP_ALL 2u  /* true when all children are, false when one is false */
#define CAVEAT_OP_ANY 3u  /* true when one child is, false when all are false */
#define CAVEAT_OP_NOT 4u  /* one child, turned round; unknown stays unknown */

/* Handles. 0 is none. A text handle from 1 to the number of the manifest's [text.…] tables is that table, in the order
 * of the file; texts of rules have the handles that bind() tells. A fact handle is an index from 1 into
 * caveat_binding.facts. A node handle is what caveat_sink.node returned for the same row. */
typedef uint32_t caveat_text_id;
typedef uint32_t caveat_fact_id;
typedef uint32_t caveat_node_id;

/* ---- Values --------------------------------------------------------------------------------------------------- */

typedef struct caveat_str {
  const char* data; /* may be null when size is 0 */
  uint64_t size;    /* bytes */
} caveat_str;

/* An exact decimal: a 128-bit two's complement count of units of 10^-8. 1.5 is {150000000, 0}. */
typedef struct caveat_decimal {
  uint64_t low;
  int64_t high;
} caveat_decimal;

/* One value. `type` says which member holds it; the others are zero. */
typedef struct caveat_value {
  caveat_type type;       /* CAVEAT_TYPE_NONE: no value, unknown */
  uint32_t number;        /* boolean: a caveat_tri; choice: its place from 1; text, fact: its handle */
  int64_t integer;        /* integer; date: days since 1970-01-01 */
  caveat_decimal decimal; /* decimal; quantity: in the declared unit */
  uint64_t set;           /* choices */
  caveat_str string;      /* string; choice of a field: its name */
} caveat_value;

/* Words for a person. `handle` when it is not 0: a text of the manifest or of the pack, in all its languages, vetted at
 * load. Else `own`: the plugin's own words in the language of the batch, put to the wording guard when they are handed
 * over, and the cause of a failure when it refuses them. Both zero: nothing said. */
typedef struct caveat_words {
  caveat_text_id handle;
  uint32_t reserved;
  caveat_str own;
} caveat_words;

/* ---- What bind() tells: valid until unbind() returns ---------------------------------------------------------- */

/* A fact that the plugin knows of: first those whose values it sees, in the order in which its manifest first names
 * them under `reads`; then those that a field of a rule names, which it may show but whose values it never sees. */
typedef struct caveat_fact {
  caveat_str name;
  caveat_type type;
  uint32_t column;              /* index from 1 into caveat_batch.columns; 0: the value is not shown to the plugin */
  caveat_str unit;              /* quantity: a UCUM code */
  const caveat_str* choices;    /* choice, choices: the values' names */
  uint32_t choice_count;
  uint32_t choice_stride;
} caveat_fact;

/* A field of a rule, in the order of the kind's schema. Absent optional fields stand there too, with count 0. */
typedef struct caveat_field {
  caveat_str name;
  caveat_type type;
  uint32_t list;    /* 1: a list of the type */
  uint32_t present; /* 1: the rule gives it (a list may be given and empty) */
  uint32_t count;
  const caveat_value* values;
  uint32_t value_stride;
  uint32_t reserved;
} caveat_field;

/* A rule of one of the plugin's kinds. */
typedef struct caveat_rule {
  caveat_str id;            /* `microneedling/open-wound` */
  uint32_t kind;            /* index from 1 into the manifest's [kind.…] tables, in the order of the file */
  caveat_severity severity; /* never CAVEAT_SEVERITY_RULE */
  caveat_text_id title;
  caveat_text_id says;
  const caveat_field* fields;
  uint32_t field_count;
  uint32_t field_stride;
} caveat_rule;

/* Names in the manifest, in the order of the file: what stands at index i has the handle or index i + 1. */
typedef struct caveat_names {
  const caveat_str* names;
  uint32_t count;
  uint32_t stride;
} caveat_names;

typedef struct caveat_binding {
  uint32_t size;
  uint32_t reserved;
  caveat_names kinds;   /* [kind.…] */
  caveat_names derived; /* [derived.…] */
  caveat_names checks;  /* [check.…] */
  caveat_names texts;   /* [text.…] */
  const caveat_rule* rules; /* a rule's index from 1 is what an advice names, and its place in caveat_batch.outcomes */
  uint32_t rule_count;
  uint32_t rule_stride;
  const caveat_fact* facts;
  uint32_t fact_count;
  uint32_t fact_stride;
} caveat_binding;

/* Where bind() may say, in lower-case English, why it failed. No patient's data exist at that time. The buffer is the
 * host's: write at most `capacity` bytes to `text`, and how many to `length`. */
typedef struct caveat_message {
  uint32_t size;
  uint32_t capacity;
  char* text;
  uint64_t length;
} caveat_message;

/* ---- A batch of profiles: valid for the call ------------------------------------------------------------------ */

/* A bit plane has one bit a row: row r is bit r % 64 of word r / 64. Bits past the last row are 0. A pointer that does
 * not belong to the column's type is null. A fact that the call does not declare to read is unknown in every row: an
 * advise() sees the facts of [plugin] reads, a check() those of its [check.…], a derive() those of its [derived.…]. */
typedef struct caveat_column {
  caveat_type type;
  uint32_t reserved;
  const uint64_t* known;          /* bit plane: the fact has a value */
  const uint64_t* truth;          /* boolean: bit plane: it is known and true */
  const int64_t* integers;        /* integer, date: one a row, 0 where not known */
  const caveat_decimal* decimals; /* decimal, quantity */
  const uint32_t* choices;        /* choice, from 1 */
  const uint64_t* sets;           /* choices */
} caveat_column;

/* Where one rule stands in each row. None of the bits: undetermined. At most one of them is set. */
typedef struct caveat_outcome {
  const uint64_t* met;
  const uint64_t* not_met;
  const uint64_t* failed;
} caveat_outcome;

typedef struct caveat_batch {
  uint32_t size;
  uint32_t rows;
  uint32_t words; /* 64-bit words of a bit plane: (rows + 63) / 64 */
  uint32_t reserved;
  const caveat_column* columns; /* one a fact with a column, see caveat_fact.column */
  uint32_t column_count;
  uint32_t column_stride;
  const caveat_outcome* outcomes; /* one a rule of the binding; none in derive() and check() */
  uint32_t outcome_count;
  uint32_t outcome_stride;
  caveat_str language; /* of free text, `en`; empty in derive() */
} caveat_batch;

/* ---- What a plugin says: borrowed by the host for the sink's call --------------------------------------------- */

/* An advisory on one of the plugin's rules. At most one a rule and row; one for every rule whose outcome is among those
 * that its kind `speaks` on, none for any other: the host fails the plugin for the row otherwise. */
typedef struct caveat_advice {
  uint32_t size;
  uint32_t rule;            /* index from 1 */
  caveat_fact_id subject;   /* fills `{label}` and `{value}` in the texts; needed when one of them has these */
  caveat_severity severity;
  caveat_words title;       /* nothing said: the rule's own title */
  caveat_words statement;   /* nothing said: the rule's own `says` */
  const caveat_words* details; /* further paragraphs */
  uint32_t detail_count;
  uint32_t detail_stride;
} caveat_advice;

/* A node of an explanation. The host derives the value of all, any and not itself and refuses another one; a leaf may
 * claim true or false only when at least one fact that it reads is known. A child has one parent. */
typedef struct caveat_node {
  uint32_t size;
  caveat_op op;
  caveat_tri value;
  uint32_t read_count;
  const caveat_fact_id* reads; /* leaf: the facts behind the finding, all declared by the check; at least one */
  const caveat_node_id* children;
  uint32_t child_count;
  uint32_t reserved;
  caveat_words words; /* what is found, for a person */
} caveat_node;

/* What a check came to for one row. Exactly one a check and row; a check that does not report has failed. */
typedef struct caveat_report {
  uint32_t size;
  uint32_t check;         /* index from 1 into the manifest's [check.…] tables, in the order of the file */
  caveat_tri value;       /* true: met; false: not met; unknown: undetermined */
  caveat_node_id root;    /* the explanation; its value must be `value` */
  caveat_words statement; /* nothing said: the manifest's `says` */
} caveat_report;

/* Where a plugin says it. A call that returns CAVEAT_REFUSED has made the plugin fail for that row, or for the batch
 * when the row does not exist: the host says why to the user. Poll `cancel` and the deadline in long work. */
typedef struct caveat_sink caveat_sink;
struct caveat_sink {
  uint32_t size;
  uint32_t reserved;
  void* host;                      /* the host's own; not for the plugin */
  const volatile uint32_t* cancel; /* not 0: return CAVEAT_CANCELLED soon; may be null */
  uint64_t deadline_ns;            /* CLOCK_MONOTONIC in nanoseconds by when to return; 0: none */
  /* [calling-thread, bound, call] advise() only */
  caveat_status (*advise)(const caveat_sink* sink, uint32_t row, const caveat_advice* advice);
  /* [calling-thread, bound, call] check() only: adds a node; 0 when it is refused */
  caveat_node_id (*node)(const caveat_sink* sink, uint32_t row, const caveat_node* node);
  /* [calling-thread, bound, call] check() only */
  caveat_status (*report)(const caveat_sink* sink, uint32_t row, const caveat_report* report);
  /* [calling-thread, bound, call] derive() only: `fact` is an index from 1 into the manifest's [derived.…] tables; a
   * value of another type, out of the declared range, or derived while nothing that it reads is known is refused. A row
   * for which nothing is said is unknown. */
  caveat_status (*derive)(const caveat_sink* sink, uint32_t row, uint32_t fact, const caveat_value* value);
  /* [calling-thread, bound, call] gives up on one row; `reason` is a text of the manifest, or 0. Free text is not taken
   * here, because it could carry a fact's value into a log. */
  caveat_status (*fail_profile)(const caveat_sink* sink, uint32_t row, caveat_text_id reason);
};

/* ---- Host and plugin ------------------------------------------------------------------------------------------ */

/* The host as a plugin sees it. Valid until unbind() returns. */
typedef struct caveat_host caveat_host;
struct caveat_host {
  uint32_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  caveat_str version; /* of the engine: for messages, not for decisions */
  /* [any-thread, declared, binding] an extension's table, or null when the host does not offer it. Ids look like
   * `caveat.<name>/1`; those of drafts like `caveat.<name>.draft/3`. */
  const void* (*get_extension)(const caveat_host* host, caveat_str id);
};

typedef struct caveat_instance caveat_instance; /* the plugin's own, one a bound pack */

/* A plugin. Constant and valid until the process ends. A null function is one that the plugin has no need of: bind and
 * unbind are always needed; advise by one that owns kinds, check by one with checks, derive by one that derives. */
typedef struct caveat_plugin caveat_plugin;
struct caveat_plugin {
  uint32_t size;
  uint32_t abi_major; /* CAVEAT_ABI_MAJOR */
  uint32_t abi_minor; /* CAVEAT_ABI_MINOR as compiled */
  uint32_t reserved;
  caveat_str manifest; /* the bytes of the section `.caveat.manifest` */
  /* [any-thread, declared, binding] makes an instance for the rules of one pack. On failure *instance stays null. */
  caveat_status (*bind)(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                        caveat_message* message);
  /* [any-thread, bound, call] ends an instance; no other call on it is running. */
  void (*unbind)(caveat_instance* instance);
  /* [any-thread, bound, call] turns the outcomes of its rules into advisories. */
  caveat_status (*advise)(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink);
  /* [any-thread, bound, call] carries out its checks and reports each for every row. */
  caveat_status (*check)(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink);
  /* [any-thread, bound, call] computes its derived facts; runs before the rules. */
  caveat_status (*derive)(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink);
  /* [any-thread, declared, process] an extension's table, or null when it is not offered. May itself be null. */
  const void* (*get_extension)(caveat_str id);
};

/* The exported function. Without side effects, callable any number of times and from any thread, always with the same
 * result for the same arguments; null when the plugin cannot work with a host of that version. A plugin compiled for
 * minor m works with every host of the same major: it asks the host only for what host_minor has. */
#define CAVEAT_PLUGIN_ENTRY "caveat_plugin_entry_v1"
CAVEAT_EXPORT const caveat_plugin* caveat_plugin_entry_v1(uint32_t host_major, uint32_t host_minor);
/* [any-thread, declared, process] */
typedef const caveat_plugin* (*caveat_plugin_entry_fn)(uint32_t host_major, uint32_t host_minor);

/* Where caveat_add_plugin() puts the manifest: for the struct's `manifest` member, with CAVEAT_MANIFEST_SIZE. */
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const char caveat_manifest_begin[];
#if defined(__GNUC__)
__attribute__((visibility("hidden")))
#endif
extern const char caveat_manifest_end[];
#define CAVEAT_MANIFEST_SIZE ((uint64_t)(caveat_manifest_end - caveat_manifest_begin))

#ifdef __cplusplus
}
#endif

/* ---- Layout: what both sides rely on -------------------------------------------------------------------------- */

#ifdef __cplusplus
#define CAVEAT_LAYOUT(condition) static_assert(condition, "the layout of the Caveat plugin ABI")
#else
#define CAVEAT_LAYOUT(condition) _Static_assert(condition, "the layout of the Caveat plugin ABI")
#endif

CAVEAT_LAYOUT(sizeof(void*) == 8 && sizeof(void (*)(void)) == 8);
CAVEAT_LAYOUT(sizeof(caveat_str) == 16 && offsetof(caveat_str, size) == 8);
CAVEAT_LAYOUT(sizeof(caveat_decimal) == 16 && offsetof(caveat_decimal, high) == 8);
CAVEAT_LAYOUT(sizeof(caveat_value) == 56 && offsetof(caveat_value, integer) == 8);
CAVEAT_LAYOUT(offsetof(caveat_value, decimal) == 16 && offsetof(caveat_value, set) == 32);
CAVEAT_LAYOUT(offsetof(caveat_value, string) == 40);
CAVEAT_LAYOUT(sizeof(caveat_words) == 24 && offsetof(caveat_words, own) == 8);
CAVEAT_LAYOUT(sizeof(caveat_fact) == 56 && offsetof(caveat_fact, type) == 16 && offsetof(caveat_fact, unit) == 24);
CAVEAT_LAYOUT(offsetof(caveat_fact, choices) == 40 && offsetof(caveat_fact, choice_stride) == 52);
CAVEAT_LAYOUT(sizeof(caveat_field) == 48 && offsetof(caveat_field, values) == 32);
CAVEAT_LAYOUT(sizeof(caveat_rule) == 48 && offsetof(caveat_rule, title) == 24 && offsetof(caveat_rule, fields) == 32);
CAVEAT_LAYOUT(sizeof(caveat_binding) == 104 && offsetof(caveat_binding, kinds) == 8);
CAVEAT_LAYOUT(sizeof(caveat_names) == 16 && offsetof(caveat_binding, texts) == 56);
CAVEAT_LAYOUT(offsetof(caveat_binding, rules) == 72 && offsetof(caveat_binding, facts) == 88);
CAVEAT_LAYOUT(sizeof(caveat_message) == 24 && offsetof(caveat_message, text) == 8);
CAVEAT_LAYOUT(sizeof(caveat_column) == 56 && offsetof(caveat_column, known) == 8);
CAVEAT_LAYOUT(offsetof(caveat_column, sets) == 48);
CAVEAT_LAYOUT(sizeof(caveat_outcome) == 24 && offsetof(caveat_outcome, failed) == 16);
CAVEAT_LAYOUT(sizeof(caveat_batch) == 64 && offsetof(caveat_batch, columns) == 16);
CAVEAT_LAYOUT(offsetof(caveat_batch, outcomes) == 32 && offsetof(caveat_batch, language) == 48);
CAVEAT_LAYOUT(sizeof(caveat_advice) == 80 && offsetof(caveat_advice, title) == 16);
CAVEAT_LAYOUT(offsetof(caveat_advice, statement) == 40 && offsetof(caveat_advice, details) == 64);
CAVEAT_LAYOUT(sizeof(caveat_node) == 64 && offsetof(caveat_node, reads) == 16 && offsetof(caveat_node, words) == 40);
CAVEAT_LAYOUT(sizeof(caveat_report) == 40 && offsetof(caveat_report, statement) == 16);
CAVEAT_LAYOUT(sizeof(caveat_sink) == 72 && offsetof(caveat_sink, cancel) == 16 && offsetof(caveat_sink, advise) == 32);
CAVEAT_LAYOUT(offsetof(caveat_sink, derive) == 56 && offsetof(caveat_sink, fail_profile) == 64);
CAVEAT_LAYOUT(sizeof(caveat_host) == 40 && offsetof(caveat_host, version) == 16);
CAVEAT_LAYOUT(sizeof(caveat_plugin) == 80 && offsetof(caveat_plugin, manifest) == 16);
CAVEAT_LAYOUT(offsetof(caveat_plugin, bind) == 32 && offsetof(caveat_plugin, get_extension) == 72);

#endif /* CAVEAT_PLUGIN_H */
