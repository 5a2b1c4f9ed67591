// The engine as the benchmarks load it: a pack of their own or a shipped one, the standard plugins, the shipped
// lexicons.
#pragma once

#include <caveat/caveat.hpp>

#include <stdexcept>
#include <string>

namespace caveat::bench {

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::string all;
  for (const Diagnostic& diagnostic : result.error().diagnostics) all += to_string(diagnostic) + '\n';
  throw std::runtime_error(all);
}

EngineOptions engine_options(const std::string& pack_folder);
inline Engine load_engine(const std::string& pack_folder) { return must(Engine::load(engine_options(pack_folder))); }

/// A time of evaluation at which the shipped examples are fresh.
inline EvaluateOptions at_the_usual_time() { return {.at = {"2026-11-22T10:00:00Z"}, .pack = "", .language = "en"}; }

}  // namespace caveat::bench
