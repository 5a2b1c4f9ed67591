/* A plugin in plain C. CAVEAT_TEST_… says why a host has to refuse it; without one it is right, and says nothing. */
#include <caveat/plugin.h>

static caveat_status bind(const caveat_host* host, const caveat_binding* binding, caveat_instance** instance,
                          caveat_message* message) {
  (void)host;
  (void)message;
  *instance = (caveat_instance*)(uintptr_t)binding;
  return CAVEAT_OK;
}

static void unbind(caveat_instance* instance) { (void)instance; }

static caveat_status advise(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const caveat_binding* binding = (const caveat_binding*)instance;
  for (uint32_t rule = 0; rule < binding->rule_count; ++rule) {
    for (uint32_t row = 0; row < batch->rows; ++row) {
      const caveat_outcome* outcome = &batch->outcomes[rule];
      caveat_advice advice = {0};
      if (outcome->not_met[row / 64] >> (row % 64) & 1) continue;
      advice.size = (uint32_t)sizeof advice;
      advice.rule = rule + 1;
      sink->advise(sink, row, &advice);
    }
  }
  return CAVEAT_OK;
}

static const char kOther[] = "[plugin]\nid = \"org.example.other\"\n";

const caveat_plugin* caveat_plugin_entry_v1(uint32_t host_major, uint32_t host_minor) {
  static caveat_plugin plugin;
  (void)host_minor;
  (void)kOther;
#ifdef CAVEAT_TEST_WRONG_MAJOR
  if (host_major != CAVEAT_ABI_MAJOR + 1) return NULL;
#else
  if (host_major != CAVEAT_ABI_MAJOR) return NULL;
#endif
  plugin.size = (uint32_t)sizeof plugin;
  plugin.abi_major = CAVEAT_ABI_MAJOR;
  plugin.abi_minor = CAVEAT_ABI_MINOR;
  plugin.manifest.data = caveat_manifest_begin;
  plugin.manifest.size = CAVEAT_MANIFEST_SIZE;
  plugin.bind = bind;
  plugin.unbind = unbind;
  plugin.advise = advise;
#ifdef CAVEAT_TEST_OTHER_MAJOR_IN_TABLE
  plugin.abi_major = CAVEAT_ABI_MAJOR + 1;
#endif
#ifdef CAVEAT_TEST_OTHER_MANIFEST
  plugin.manifest.data = kOther;
  plugin.manifest.size = sizeof kOther - 1;
#endif
#ifdef CAVEAT_TEST_MISSING_FUNCTION
  plugin.advise = NULL;
#endif
#ifdef CAVEAT_TEST_SHORT_TABLE
  plugin.size = (uint32_t)offsetof(caveat_plugin, advise);
#endif
  return &plugin;
}
