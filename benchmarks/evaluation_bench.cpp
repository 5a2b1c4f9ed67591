// One profile in process, its renderings, and loading the pack; beside each, the peer that tells what the machine
// gives.
#include <caveat/caveat.hpp>

#include "base/text_file.hpp"
#include "evaluation/evaluation_data.hpp"
#include "wording/guard.hpp"

#include <benchmark/benchmark.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>

namespace {

namespace fs = std::filesystem;

const fs::path kSource(CAVEAT_SOURCE_DIR);
const fs::path kRules = kSource / "rules";

caveat::EngineOptions options() {
  caveat::EngineOptions out;
  out.rules = kRules;
  out.plugins = fs::path(CAVEAT_BINARY_DIR) / "lib/caveat/plugins";
  return out;
}

template <class T>
T must(caveat::Result<T> result) {
  if (result) return std::move(*result);
  for (const caveat::Diagnostic& diagnostic : result.error().diagnostics) std::cerr << to_string(diagnostic) << '\n';
  std::exit(1);
}

const caveat::Engine& engine() {
  static const caveat::Engine loaded = must(caveat::Engine::load(options()));
  return loaded;
}

const std::string& profile_text() {
  static const std::string text =
      must(caveat::read_text(kSource / "examples/profiles/first-visit.toml", {}, caveat::ErrorKind::kInput));
  return text;
}

const caveat::Profile& profile() {
  static const caveat::Profile read = must(caveat::Profile::from_toml(profile_text(), engine().vocabulary()));
  return read;
}

caveat::EvaluateOptions at() { return {.at = {"2026-11-22T10:00:00Z"}, .pack = "", .language = "en"}; }

// Limit: 10 µs with every explanation.
void evaluate_profile(benchmark::State& state) {
  const caveat::EvaluateOptions options = at();
  for (auto _ : state) benchmark::DoNotOptimize(engine().evaluate(profile(), options));
}
BENCHMARK(evaluate_profile)->Unit(benchmark::kMicrosecond);

// Limit: 12 µs more.
void render_json(benchmark::State& state) {
  const caveat::Evaluation evaluation = engine().evaluate(profile(), at());
  for (auto _ : state) benchmark::DoNotOptimize(evaluation.to_json());
}
BENCHMARK(render_json)->Unit(benchmark::kMicrosecond);

void read_profile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(caveat::Profile::from_toml(profile_text(), engine().vocabulary()));
}
BENCHMARK(read_profile)->Unit(benchmark::kMicrosecond);

// The peer of reading a profile.
void bare_toml_parse_of_the_profile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(toml::parse(std::string_view(profile_text())));
}
BENCHMARK(bare_toml_parse_of_the_profile)->Unit(benchmark::kMicrosecond);

// Limit: 5 ms for the pack: lexicons, manifests, plugins and rules together.
void load_engine(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(must(caveat::Engine::load(options())));
}
BENCHMARK(load_engine)->Unit(benchmark::kMillisecond);

void load_lexicons(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(must(caveat::Guard::load(kRules / "wording")));
}
BENCHMARK(load_lexicons)->Unit(benchmark::kMillisecond);

// The peer of both: every TOML file that they read, through the parser alone.
void bare_toml_parse_of_all_files(benchmark::State& state) {
  for (auto _ : state) {
    for (const char* folder : {"wording", "microneedling"}) {
      for (const auto& entry : fs::directory_iterator(kRules / folder)) {
        if (entry.path().extension() == ".toml") benchmark::DoNotOptimize(toml::parse_file(entry.path().string()));
      }
    }
  }
}
BENCHMARK(bare_toml_parse_of_all_files)->Unit(benchmark::kMillisecond);

}  // namespace
