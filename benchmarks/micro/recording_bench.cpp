// What it costs to record an answer before it leaves. The limit is the same answer unrecorded. With one answer under
// way each waits for a disk of its own; with many, they share one.
#include "participants/engine_access.hpp"
#include "participants/participant.hpp"

#include <caveat/audit.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <latch>
#include <optional>
#include <stdexcept>
#include <string>

namespace caveat::bench {

namespace {

namespace fs = std::filesystem;

const Engine& engine() {
  static const Engine loaded = load_engine(CAVEAT_SOURCE_DIR "/rules/microneedling");
  return loaded;
}

const Profile& profile() {
  static const Profile read = must(
      Profile::from_text(whole_file(CAVEAT_SOURCE_DIR "/examples/profiles/first-visit.toml"), engine().vocabulary()));
  return read;
}

/// A log in a folder of its own, gone at the end.
class TemporaryLog {
 public:
  TemporaryLog() : folder_((fs::temp_directory_path() / "caveat-bench-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    AuditOptions options;
    options.file = fs::path(folder_) / "audit.db";
    log_.emplace(must(AuditLog::open(options)));
  }
  TemporaryLog(const TemporaryLog&) = delete;
  TemporaryLog& operator=(const TemporaryLog&) = delete;
  ~TemporaryLog() {
    log_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] const AuditLog& log() const { return *log_; }

 private:
  std::string folder_;
  std::optional<AuditLog> log_;
};

void answer_unrecorded(benchmark::State& state) {
  const EvaluateOptions options = at_the_usual_time();
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i)
      benchmark::DoNotOptimize(engine().evaluate(profile(), options).to_json());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(answer_unrecorded)->Arg(1)->Arg(256)->UseRealTime();

void answer_recorded(benchmark::State& state) {
  const EvaluateOptions options = at_the_usual_time();
  const TemporaryLog recording;
  for (auto _ : state) {
    std::latch durable(state.range(0));
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      recording.log().record(engine().evaluate(profile(), options), [&](Result<AuditReceipt> receipt) {
        if (!receipt) std::abort();
        benchmark::DoNotOptimize(receipt->result);
        durable.count_down();
      });
    }
    durable.wait();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(answer_recorded)->Arg(1)->Arg(256)->UseRealTime();

}  // namespace

}  // namespace caveat::bench
