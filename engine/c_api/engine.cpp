// Engines: loading, loading anew, and what was loaded.
#include "c_api/handles.hpp"

#include "base/json_writer.hpp"

using caveat::c_api::give_string;
using caveat::c_api::guarded;
using caveat::c_api::tell;

namespace {

void write_list(caveat::JsonWriter& json, const std::vector<std::string>& words) {
  json.begin_array();
  for (const std::string& word : words) json.value(std::string_view(word));
  json.end_array();
}

}  // namespace

caveat_status caveat_engine_load(const caveat_options* options, const caveat_reporter* reporter, caveat_engine** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    auto engine = caveat::Engine::load(options->engine);
    if (!engine) return tell(reporter, engine.error());
    tell(reporter, engine->diagnostics());
    *out = new caveat_engine(*std::move(engine));
    return CAVEAT_OK;
  });
}

caveat_status caveat_engine_reload(caveat_engine* engine, const caveat_options* options,
                                   const caveat_reporter* reporter) {
  if (engine == nullptr || options == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    auto loaded = caveat::Engine::load(options->engine);
    if (!loaded) return tell(reporter, loaded.error());
    tell(reporter, loaded->diagnostics());
    engine->handle.replace(*std::move(loaded));
    return CAVEAT_OK;
  });
}

caveat_status caveat_engine_packs(const caveat_engine* engine, char** out, size_t* size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr) return CAVEAT_MISUSE;
  return guarded([&] {
    std::string text;
    caveat::JsonWriter json(text);
    write_list(json, engine->handle.get().packs());
    return give_string(text, out, size);
  });
}

caveat_status caveat_engine_record_queries(const caveat_engine* engine, const char* pack, const char* patient,
                                           char** out, size_t* size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  if (engine == nullptr || pack == nullptr || patient == nullptr) return CAVEAT_MISUSE;
  return guarded([&] {
    std::string text;
    caveat::JsonWriter json(text);
    json.begin_array();
    for (const caveat::RecordQuery& query : engine->handle.get().record_queries(pack, patient)) {
      json.begin_object();
      json.member("resource", std::string_view(query.resource));
      json.member("query", std::string_view(query.query));
      json.key("serves");
      write_list(json, query.serves);
      json.end_object();
    }
    json.end_array();
    return give_string(text, out, size);
  });
}

void caveat_engine_free(caveat_engine* engine) { delete engine; }
