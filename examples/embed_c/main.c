/* Caveat inside a C program, on one page: load once, evaluate, record, show what was found and why.
 *
 *   embed_c RULES PLUGINS PROFILE TIME [AUDIT]
 */
#include <caveat/caveat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Told everything that was wrong, each with its place: show all of it, not only the first. */
static void report(void* context, const caveat_diagnostic* diagnostic) {
  (void)context;
  fprintf(stderr, "%.*s:%u: %.*s\n", (int)diagnostic->file.size, diagnostic->file.data, diagnostic->line,
          (int)diagnostic->message.size, diagnostic->message.data);
}

static const caveat_reporter reporter = {report, NULL};

static char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* text = NULL;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
    const long end = ftell(file);
    rewind(file);
    text = end < 0 ? NULL : malloc((size_t)end + 1);
    *size = text == NULL ? 0 : fread(text, 1, (size_t)end, file);
  }
  if (file != NULL) fclose(file);
  return text;
}

/* A disposition is not a verdict: none of them says "approved". What is unknown stays unknown. */
static void show(const caveat_evaluation* evaluation) {
  static const char* const dispositions[] = {"", "refer", "incomplete", "insufficient-information",
                                             "no-contraindication-found"};
  const caveat_text summary = caveat_evaluation_summary(evaluation);
  const caveat_text deferral = caveat_evaluation_deferral(evaluation);
  printf("disposition: %s\ncomplete: %s\n%.*s\n\n", dispositions[caveat_evaluation_disposition(evaluation)],
         caveat_evaluation_complete(evaluation) ? "yes" : "no", (int)summary.size, summary.data);
  for (size_t i = 0; i < caveat_evaluation_advisory_count(evaluation); ++i) {
    caveat_advisory advisory = {sizeof advisory, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
    if (caveat_evaluation_advisory(evaluation, i, &advisory) != CAVEAT_OK) continue;
    printf("[%.*s] %.*s (%.*s)\n  %.*s\n", (int)advisory.severity.size, advisory.severity.data, (int)advisory.id.size,
           advisory.id.data, (int)advisory.status.size, advisory.status.data, (int)advisory.title.size,
           advisory.title.data);
  }
  printf("\n%.*s\n", (int)deferral.size, deferral.data);
}

static int failed(const char* what, caveat_status status) {
  fprintf(stderr, "%s: %s\n", what, caveat_status_name(status));
  return 1;
}

int main(int argc, char** argv) {
  caveat_options* options = NULL;
  caveat_engine* engine = NULL;
  caveat_evaluation* evaluation = NULL;
  caveat_audit* audit = NULL;
  caveat_request request = {sizeof request, NULL, NULL, NULL};
  caveat_reading reading = {sizeof reading, NULL, 0, 0, 0, 0, NULL};
  caveat_status status;
  char* text = NULL;
  size_t size = 0;
  int code = 0;

  if (argc < 5) {
    fprintf(stderr, "usage: embed_c RULES PLUGINS PROFILE TIME [AUDIT]\n");
    return 2;
  }
  reading.file = argv[3];
  request.at = argv[4]; /* the time is an input, so that the same evaluation can be repeated later, to the byte */

  /* All or nothing: an engine with half of its rules would be silent about the other half. Share it between threads. */
  status = caveat_options_new(&options);
  if (status == CAVEAT_OK) status = caveat_options_set(options, "rules", argv[1], &reporter);
  if (status == CAVEAT_OK) status = caveat_options_set(options, "plugins", argv[2], &reporter);
  if (status == CAVEAT_OK) status = caveat_engine_load(options, &reporter, &engine);
  if (status != CAVEAT_OK) code = failed("loading", status);

  if (code == 0 && argc > 5) {
    status = caveat_options_set(options, "audit.file", argv[5], &reporter);
    if (status == CAVEAT_OK) status = caveat_audit_open(options, &reporter, &audit);
    if (status != CAVEAT_OK) code = failed("opening the audit log", status);
  }
  if (code == 0) {
    text = read_file(argv[3], &size);
    status = text == NULL ? CAVEAT_BAD_INPUT
                          : caveat_engine_evaluate(engine, text, size, &reading, &request, &reporter, &evaluation);
    if (status != CAVEAT_OK) code = failed("evaluating", status);
  }
  /* What could not be recorded is not shown. */
  if (code == 0 && audit != NULL) {
    status = caveat_audit_record(audit, evaluation, &reporter, NULL);
    if (status != CAVEAT_OK) code = failed("recording", status);
  }
  if (code == 0) show(evaluation); /* or caveat_evaluation_render(): the whole, with every reason */

  free(text);
  caveat_evaluation_free(evaluation);
  caveat_audit_close(audit);
  caveat_engine_free(engine);
  caveat_options_free(options);
  return code;
}
