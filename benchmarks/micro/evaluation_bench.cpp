// Parts of one evaluation and of loading, for whoever works on one of them. The figures that are promised come from
// benchmarks/run, which measures against limits and peers.
#include "participants/engine_access.hpp"
#include "participants/participant.hpp"

#include "evaluation/evaluation_data.hpp"
#include "wording/guard.hpp"

#include <benchmark/benchmark.h>
#include <toml++/toml.h>

#include <filesystem>

namespace caveat::bench {

namespace {

const std::string kRules = CAVEAT_SOURCE_DIR "/rules";
const std::string kPack = kRules + "/microneedling";

const Engine& engine() {
  static const Engine loaded = load_engine(kPack);
  return loaded;
}

const std::string& profile_text() {
  static const std::string text = whole_file(CAVEAT_SOURCE_DIR "/examples/profiles/first-visit.toml");
  return text;
}

const Profile& profile() {
  static const Profile read = must(Profile::from_toml(profile_text(), engine().vocabulary()));
  return read;
}

void evaluate_profile(benchmark::State& state) {
  const EvaluateOptions options = at_the_usual_time();
  for (auto _ : state) benchmark::DoNotOptimize(engine().evaluate(profile(), options));
}
BENCHMARK(evaluate_profile)->Unit(benchmark::kMicrosecond);

void render_json(benchmark::State& state) {
  const Evaluation evaluation = engine().evaluate(profile(), at_the_usual_time());
  for (auto _ : state) benchmark::DoNotOptimize(evaluation.to_json());
}
BENCHMARK(render_json)->Unit(benchmark::kMicrosecond);

void read_profile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Profile::from_toml(profile_text(), engine().vocabulary()));
}
BENCHMARK(read_profile)->Unit(benchmark::kMicrosecond);

// The peer of reading a profile.
void bare_toml_parse_of_the_profile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(toml::parse(std::string_view(profile_text())));
}
BENCHMARK(bare_toml_parse_of_the_profile)->Unit(benchmark::kMicrosecond);

void load(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(load_engine(kPack));
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

void load_lexicons(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(must(Guard::load(kRules + "/wording")));
}
BENCHMARK(load_lexicons)->Unit(benchmark::kMillisecond);

// The peer of both: every TOML file that they read, through the parser alone.
void bare_toml_parse_of_all_files(benchmark::State& state) {
  for (auto _ : state) {
    for (const char* folder : {"/wording", "/microneedling"}) {
      for (const auto& entry : std::filesystem::directory_iterator(kRules + folder)) {
        if (entry.path().extension() == ".toml") benchmark::DoNotOptimize(toml::parse_file(entry.path().string()));
      }
    }
  }
}
BENCHMARK(bare_toml_parse_of_all_files)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace caveat::bench
