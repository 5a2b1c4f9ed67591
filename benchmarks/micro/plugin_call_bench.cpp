// What it costs to call a plugin, in the host's process and in one of its own. A profile's share of a batch.
#include "participants/engine_access.hpp"
#include "participants/participant.hpp"

#include "evaluation/snapshot.hpp"

#include <benchmark/benchmark.h>

namespace caveat::bench {

namespace {

const std::string kPack = CAVEAT_SOURCE_DIR "/rules/microneedling";
constexpr std::string_view kPlugin = "caveat.contraindications";

const Engine& engine() {
  static const Engine loaded = load_engine(kPack);
  return loaded;
}

/// The contraindications plugin, bound to the flagship pack's rules at a place of our choosing.
class Bound {
 public:
  explicit Bound(Placement placement)
      : host_(must(PluginHost::load({CAVEAT_BINARY_DIR "/lib/caveat/plugins"}, engine().snapshot().guard,
                                    [placement](const auto&, auto, const auto&) {
                                      Standing standing;
                                      standing.placement = placement;
                                      return Result<Standing>(standing);
                                    }))),
        binding_(bind()) {}

  const Binding& binding() const { return binding_; }

 private:
  Binding bind() const {
    const Snapshot& snapshot = engine().snapshot();
    std::vector<const Rule*> rules;
    for (const Rule& rule : snapshot.packs.front()->pack.rules) {
      if (rule.kind->plugin == kPlugin) rules.push_back(&rule);
    }
    return must(host_.bind(*host_.find(kPlugin), rules, snapshot.vocabulary, &snapshot.guard));
  }

  PluginHost host_;
  Binding binding_;
};

/// A batch in which one profile in eight has a contraindication.
void call(benchmark::State& state, Placement placement) {
  const Bound bound(placement);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const std::size_t rules = bound.binding().rules().size();
  const std::vector<Facts> facts(rows, Facts(engine().vocabulary().size()));
  std::vector<const Facts*> profiles;
  for (const Facts& each : facts) profiles.push_back(&each);
  std::vector<RuleStatus> statuses(rules * rows, RuleStatus::kNotMet);
  for (std::size_t row = 0; row < rows; row += 8) statuses[row % rules * rows + row] = RuleStatus::kMet;
  for (auto _ : state) benchmark::DoNotOptimize(bound.binding().advise(profiles, {rows, statuses}, "en"));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void call_in_process(benchmark::State& state) { call(state, Placement::kInProcess); }
BENCHMARK(call_in_process)->Arg(1)->Arg(64)->Arg(256)->UseRealTime();

void call_isolated(benchmark::State& state) { call(state, Placement::kIsolated); }
BENCHMARK(call_isolated)->Arg(1)->Arg(64)->Arg(256)->UseRealTime();

/// A process started, locked in, the library loaded and bound; and its end.
void worker_start_to_end(benchmark::State& state) {
  for (auto _ : state) const Bound bound(Placement::kIsolated);
}
BENCHMARK(worker_start_to_end)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

}  // namespace caveat::bench
