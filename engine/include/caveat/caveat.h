/* Caveat for C, and for every language that can call C. docs/formats/c-api.md has the same as prose.
 *
 *     caveat_options* options = NULL;
 *     caveat_engine* engine = NULL;
 *     caveat_evaluation* evaluation = NULL;
 *     const caveat_request request = {sizeof request, "2026-11-22T10:00:00Z", NULL, NULL};
 *
 *     caveat_options_new(&options);
 *     caveat_options_set(options, "rules", "rules", NULL);
 *     caveat_options_set(options, "plugins", "plugins", NULL);
 *     if (caveat_engine_load(options, NULL, &engine) != CAVEAT_OK) ...
 *     if (caveat_engine_evaluate(engine, text, strlen(text), NULL, &request, NULL, &evaluation) != CAVEAT_OK) ...
 *
 * The rules of this header:
 *
 *  - Handles are opaque. What a function gives out through `caveat_…** out` belongs to the caller, who ends it with
 *    the function named for it; NULL may be ended too, and is nothing. On failure *out is NULL, unless it is said
 *    otherwise.
 *  - Any thread may call any function at any time, also several with one handle; ending a handle is the exception:
 *    nobody may use it then or later. Handles share no state, so two engines do not know of each other, and there is
 *    no hidden clock: the time of an evaluation is an argument. Two things are the process's: libraries of plugins
 *    stay loaded, and warnings for the operator go to standard error, one line each, without any fact's value.
 *  - `const` handles are not changed by the call. An engine, a profile and an evaluation hold all that they need:
 *    each may be ended before the others.
 *  - Texts are UTF-8. A `const char*` argument ends with NUL; one that comes with a size need not. A caveat_text is
 *    borrowed from the handle that it was asked of, is valid as long as that, and does not end with NUL.
 *  - No exception crosses this boundary. A failed allocation is CAVEAT_OUT_OF_MEMORY, and leaves
 *    everything as it was.
 *  - Zero means "none" in every number that tells something, so that memory that somebody forgot to fill never reads
 *    as a finding: 0 is no disposition and no status of a rule.
 *  - A struct that begins with `size` holds its own sizeof as its writer knew it: members are added at the end, and
 *    those that a caller does not know of count as zero.
 */
#ifndef CAVEAT_H
#define CAVEAT_H

#include <stddef.h>
#include <stdint.h>

#define CAVEAT_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a call came to ------------------------------------------------------------------------------------ */

typedef uint32_t caveat_status;
#define CAVEAT_OK 0u
#define CAVEAT_FAILED 1u    /* a defect in Caveat, a full disk, or an exhausted machine */
#define CAVEAT_EXCEPTION 2u /* an exception was caught at the boundary: a defect in Caveat, or in a reporter */
#define CAVEAT_OUT_OF_MEMORY 3u
#define CAVEAT_BAD_INPUT 16u  /* the caller's input is wrong: profile, option, time, pack, language */
#define CAVEAT_NOT_LOADED 17u /* rules or plugins could not be loaded */
#define CAVEAT_MISUSE 18u     /* an argument that must be there is NULL, or a struct's size is none */

/* `ok`, `bad-input`, …; `unknown` for a number that is none of the above. Never NULL; lives as long as the process. */
CAVEAT_API const char* caveat_status_name(caveat_status status);

/* The library's version: `0.1.0`. */
CAVEAT_API const char* caveat_version(void);

typedef struct caveat_text {
  const char* data; /* never NULL; not terminated */
  size_t size;      /* in bytes */
} caveat_text;

/* ---- Why: what was wrong, told while the call lasts --------------------------------------------------------- */

#define CAVEAT_LEVEL_ERROR 1u
#define CAVEAT_LEVEL_WARNING 2u
#define CAVEAT_LEVEL_NOTE 3u

/* One finding. Everything in it is borrowed for the call of the reporter. */
typedef struct caveat_diagnostic {
  size_t size;
  uint32_t level;
  uint32_t line;       /* from 1; 0: no place */
  uint32_t column;     /* from 1, in characters */
  caveat_text code;    /* stable: `unknown-fact` */
  caveat_text file;    /* as the caller named it; may be empty */
  caveat_text message; /* lower case; may quote what the caller gave */
  caveat_text help;    /* what to do; may be empty */
} caveat_diagnostic;

/* Who is told. A call that fails reports everything that was wrong, not only the first; warnings are reported by
 * calls that succeed too. `report` is called on the calling thread, before the call returns; it must not end a handle
 * that the call uses. Where a reporter is taken, NULL means that nobody wants to know. */
typedef struct caveat_reporter {
  void (*report)(void* context, const caveat_diagnostic* diagnostic);
  void* context; /* handed to `report` as it is */
} caveat_reporter;

/* ---- Options: by name, so that this header need not know each ----------------------------------------------- */

typedef struct caveat_options caveat_options;

CAVEAT_API caveat_status caveat_options_new(caveat_options** out);
CAVEAT_API void caveat_options_free(caveat_options* options);

/* Sets one option; a list grows by one value with each call. CAVEAT_BAD_INPUT when there is no such option, or its
 * value is none; the options are then as before. Names, with the default of each:
 *     rules                  folder of packs; a list; empty
 *     plugins                folder of plugins; a list; empty
 *     wording                the guard's folder of lexicons; `wording` in the first folder of rules
 *     retired                `true`: load retired packs too; `false`
 *     trust.allow_unsigned   `false`: load nothing that nobody vouches for; `true`
 *     isolation.worker       the program that isolated plugins run in; `caveat/caveat-plugin-worker` beside the library
 *     isolation.deadline_ms  how long a plugin may take for an evaluation; 1000
 *     isolation.memory_mib   address space of an isolated plugin; 512
 *     isolation.cpu_s        processor time of an isolated plugin's process; 60
 *     isolation.quarantine_ms, isolation.quarantine_max_ms
 *                            how long a plugin that keeps losing its process is left alone; 1000, 300000
 *     isolation.warm_spare   `false`: keep no process at hand; `true`
 *     audit.file             the audit log; needed by caveat_audit_open() alone
 *     audit.key              its key; the log's name and `.key`
 *     audit.anchor           its anchor; the log's name and `.anchor`
 *     audit.keep_profiles    `true`: keep profiles, sealed; `false`
 *     audit.profiles_key     the key of sealed profiles; the log's name and `.profiles-key`
 *     audit.lock_wait_ms     how long to wait for another program that records into the log; 5000
 */
CAVEAT_API caveat_status caveat_options_set(caveat_options* options, const char* name, const char* value,
                                            const caveat_reporter* reporter);

/* Takes what a site's configuration file says (docs/formats/configuration.md) in the place of every option that is not
 * the audit log's: packs, plugins, whose signatures count, what is pinned and denied, isolation, rules that are
 * switched off. What is set afterwards goes on top, and lists grow. Its `[limits]` are the caller's to give, as a
 * caveat_reading. On failure (CAVEAT_BAD_INPUT, with every mistake reported) the options are as before. */
CAVEAT_API caveat_status caveat_options_read(caveat_options* options, const char* file,
                                             const caveat_reporter* reporter);

/* A rule (`pack/rule`) that the site does not want to hear, why, who answers for it, and since when (ISO 8601). Loading
 * fails without any of these. Every evaluation lists it; without a rule that bars, none is complete. */
CAVEAT_API caveat_status caveat_options_disable(caveat_options* options, const char* rule, const char* reason,
                                                const char* person, const char* date, const caveat_reporter* reporter);

/* ---- Engine: packs and plugins, loaded and checked ---------------------------------------------------------- */

typedef struct caveat_engine caveat_engine;

/* All or nothing. Warnings of loading are reported. */
CAVEAT_API caveat_status caveat_engine_load(const caveat_options* options, const caveat_reporter* reporter,
                                            caveat_engine** out);

/* Loads anew and then, at once for all threads, uses what was loaded. Whatever is going on ends with what it began
 * with, and so does every profile that was read before. On failure the engine stays as it was. */
CAVEAT_API caveat_status caveat_engine_reload(caveat_engine* engine, const caveat_options* options,
                                              const caveat_reporter* reporter);

/* The ids of the packs that can be evaluated, as a list in JSON: `["microneedling"]`. The caller ends it with
 * caveat_string_free(). */
CAVEAT_API caveat_status caveat_engine_packs(const caveat_engine* engine, char** out, size_t* size);

/* What to ask a FHIR server for, so that a pack's facts can be read, as a list in JSON:
 * `[{"resource":"Condition","query":"Condition?patient=1&code=…","serves":["fact"]}]`. `patient` stands where the
 * patient's id belongs: an id, or a token. Empty for a pack that is not loaded. Give each answer to
 * caveat_profile_read_record() with its query. */
CAVEAT_API caveat_status caveat_engine_record_queries(const caveat_engine* engine, const char* pack,
                                                      const char* patient, char** out, size_t* size);

CAVEAT_API void caveat_engine_free(caveat_engine* engine);

/* ---- Profile: what is known of one patient ------------------------------------------------------------------ */

typedef struct caveat_profile caveat_profile;

/* How a profile is read. Zeros and NULL: the defaults. */
typedef struct caveat_reading {
  size_t size;
  const char* file;    /* what the text is called when something is wrong with it; `profile` */
  uint32_t lenient;    /* not 0: facts that nothing declares are warned of and left out, instead of refused; 0 */
  uint64_t bytes_max;  /* the largest text, in bytes; 16 MiB */
  uint64_t depth_max;  /* the deepest nesting; 32 */
  uint64_t facts_max;  /* the most facts and answers; 10,000 */
  const char* patient; /* FHIR: the id of the patient; NULL: the only one that the record speaks of */
} caveat_reading;

/* Reads a profile, TOML or JSON (docs/formats/profile.md), or a FHIR R4 record (docs/formats/fhir.md), told apart by
 * content. It keeps what the engine had loaded: evaluating it later uses that, even when the engine was loaded anew.
 * `reading` may be NULL. */
CAVEAT_API caveat_status caveat_profile_read(const caveat_engine* engine, const char* text, size_t size,
                                             const caveat_reading* reading, const caveat_reporter* reporter,
                                             caveat_profile** out);

/* A part of a health record, as it was got. */
typedef struct caveat_source {
  size_t size;
  const char* name;  /* what it is called when something is wrong with it; NULL: `record` */
  const char* text;  /* FHIR R4 as JSON; NULL: nothing was asked or given. `null` in it: there is no such data */
  size_t text_size;  /* in bytes */
  const char* query; /* the search that it answers; NULL: not known, or all of the record */
} caveat_source;

/* Reads a FHIR R4 record from several sources, such as the answers to several searches. Absence is unknown. */
CAVEAT_API caveat_status caveat_profile_read_record(const caveat_engine* engine, const caveat_source* const* sources,
                                                    size_t count, const caveat_reading* reading,
                                                    const caveat_reporter* reporter, caveat_profile** out);

CAVEAT_API caveat_text caveat_profile_id(const caveat_profile* profile);     /* empty when it has none, or for NULL */
CAVEAT_API caveat_text caveat_profile_digest(const caveat_profile* profile); /* `sha256:…` */
CAVEAT_API void caveat_profile_free(caveat_profile* profile);

/* ---- Evaluation --------------------------------------------------------------------------------------------- */

typedef struct caveat_evaluation caveat_evaluation;

typedef struct caveat_request {
  size_t size;
  const char* at;       /* the time of the evaluation, RFC 3339 with an offset; needed */
  const char* pack;     /* the subject pack's id; NULL: the engine's only one */
  const char* language; /* ISO 639-1 code of the texts; NULL: `en` */
} caveat_request;

/* Evaluates a profile with what its engine had loaded when it was read. When the inputs cannot be evaluated (no such
 * pack, an answer dated after the evaluation), this is CAVEAT_BAD_INPUT and *out is all the same an evaluation: one
 * that is incomplete, and from which nothing may be concluded. */
CAVEAT_API caveat_status caveat_profile_evaluate(const caveat_profile* profile, const caveat_request* request,
                                                 const caveat_reporter* reporter, caveat_evaluation** out);

/* caveat_profile_read() and caveat_profile_evaluate() in one, with one and the same state of the engine. A profile
 * that cannot be read gives no evaluation: then *out is NULL. */
CAVEAT_API caveat_status caveat_engine_evaluate(const caveat_engine* engine, const char* text, size_t size,
                                                const caveat_reading* reading, const caveat_request* request,
                                                const caveat_reporter* reporter, caveat_evaluation** out);

#define CAVEAT_DISPOSITION_NONE 0u /* of NULL */
#define CAVEAT_DISPOSITION_REFER 1u
#define CAVEAT_DISPOSITION_INCOMPLETE 2u
#define CAVEAT_DISPOSITION_INSUFFICIENT_INFORMATION 3u
#define CAVEAT_DISPOSITION_NO_CONTRAINDICATION_FOUND 4u /* among what was checked; others decide suitability */

CAVEAT_API uint32_t caveat_evaluation_disposition(const caveat_evaluation* evaluation);
/* 1: every check was carried out; 0: not, or NULL. */
CAVEAT_API uint32_t caveat_evaluation_complete(const caveat_evaluation* evaluation);
CAVEAT_API caveat_text caveat_evaluation_pack(const caveat_evaluation* evaluation);
CAVEAT_API caveat_text caveat_evaluation_summary(const caveat_evaluation* evaluation);
CAVEAT_API caveat_text caveat_evaluation_deferral(const caveat_evaluation* evaluation); /* who decides */

/* One advisory. */
typedef struct caveat_advisory {
  size_t size;
  caveat_text id;       /* `pack/rule` */
  caveat_text kind;     /* `contraindication`, … */
  caveat_text role;     /* `bars`, `suggests`, `informs` */
  caveat_text status;   /* `met`, `undetermined`, `failed` */
  caveat_text severity; /* `critical`, `warning`, `info` */
  caveat_text title;
  caveat_text statement;
} caveat_advisory;

CAVEAT_API size_t caveat_evaluation_advisory_count(const caveat_evaluation* evaluation);
/* The advisory at `index`, in the order in which they are to be read. `out->size` is the caller's sizeof; no more is
 * written. CAVEAT_MISUSE beyond the last. */
CAVEAT_API caveat_status caveat_evaluation_advisory(const caveat_evaluation* evaluation, size_t index,
                                                    caveat_advisory* out);

/* One rule's outcome, whether it speaks or not. */
typedef struct caveat_rule_outcome {
  size_t size;
  caveat_text rule; /* `pack/rule` */
  caveat_text kind;
  caveat_text status; /* `met`, `not-met`, `undetermined`, `failed` */
} caveat_rule_outcome;

CAVEAT_API size_t caveat_evaluation_outcome_count(const caveat_evaluation* evaluation);
CAVEAT_API caveat_status caveat_evaluation_outcome(const caveat_evaluation* evaluation, size_t index,
                                                   caveat_rule_outcome* out);

#define CAVEAT_FORMAT_JSON 1u /* caveat.evaluation/1, one line: the same bytes for the same inputs */
#define CAVEAT_FORMAT_JSON_INDENTED 2u
#define CAVEAT_FORMAT_TEXT 3u /* 80 columns, without colour */
#define CAVEAT_FORMAT_MARKDOWN 4u
#define CAVEAT_FORMAT_HTML 5u
#define CAVEAT_FORMAT_FHIR 6u /* a GuidanceResponse, as JSON */

#define CAVEAT_EXPLAIN_FULL 0u /* every reason: for professionals */
#define CAVEAT_EXPLAIN_BRIEF 1u
#define CAVEAT_EXPLAIN_NONE 2u

/* The evaluation as a text that ends with NUL; `size` (may be NULL) gets its length without that. The caller ends it
 * with caveat_string_free(). */
CAVEAT_API caveat_status caveat_evaluation_render(const caveat_evaluation* evaluation, uint32_t format,
                                                  uint32_t explain, char** out, size_t* size);

CAVEAT_API void caveat_evaluation_free(caveat_evaluation* evaluation);

CAVEAT_API void caveat_string_free(char* text);

/* The machine's clock in UTC, as a time of evaluation: 20 characters and NUL. CAVEAT_MISUSE when `size` is below 21. */
CAVEAT_API caveat_status caveat_now(char* out, size_t size);

/* ---- Audit: the record of what was evaluated (docs/formats/audit.md) ---------------------------------------- */

typedef struct caveat_audit caveat_audit;

/* Opens the log that `audit.file` names for recording; made where there is none. One program records at a time. */
CAVEAT_API caveat_status caveat_audit_open(const caveat_options* options, const caveat_reporter* reporter,
                                           caveat_audit** out);

/* Returns when the record is on the disk; its number in *sequence (may be NULL). When it fails, the evaluation must
 * not be shown. */
CAVEAT_API caveat_status caveat_audit_record(const caveat_audit* audit, const caveat_evaluation* evaluation,
                                             const caveat_reporter* reporter, uint64_t* sequence);

#define CAVEAT_FEEDBACK_ACCEPTED 1u
#define CAVEAT_FEEDBACK_OVERRIDDEN 2u

/* Records what somebody did with an advisory: the evaluation's `id`, the advisory's id, and a code why (NULL: none).
 * Never what they wrote. */
CAVEAT_API caveat_status caveat_audit_feedback(const caveat_audit* audit, const char* evaluation, const char* rule,
                                               uint32_t outcome, const char* reason, const caveat_reporter* reporter,
                                               uint64_t* sequence);

CAVEAT_API void caveat_audit_close(caveat_audit* audit);

typedef struct caveat_verification {
  size_t size;
  uint64_t records, evaluations, feedback;
  uint64_t clock_steps_back; /* noted in the records; no fault of the log */
  uint32_t holds;            /* 1: nothing was changed, removed, added, reordered or cut off */
  uint32_t keyed;            /* 1: each record's seal was checked too */
  uint32_t anchored;         /* 1: compared with an anchor */
  uint32_t findings;         /* how many were reported; at most a hundred are */
  char head[72];             /* the last record's hash, `sha256:…`, and NUL */
} caveat_verification;

/* Reads the whole log that `audit.file` names; may run beside a program that records. What does not hold is reported,
 * and is no failure of the call: see `holds`. `out->size` is the caller's sizeof. */
CAVEAT_API caveat_status caveat_audit_verify(const caveat_options* options, const caveat_reporter* reporter,
                                             caveat_verification* out);

#ifdef __cplusplus
}
#endif

#endif
