// Usage: bench_engine MODE PACK COHORT PROFILES
// Participant: the engine in memory, one thread, on the first PROFILES profiles of COHORT: an NDJSON file, or any other
// profile, which is then taken PROFILES times.
//
//   evaluate   evaluates each profile, with all its advisories and explanations
//   render     writes each evaluation as JSON; evaluating is not measured
//   load       loads the pack, and lets go of it; COHORT is not looked at. The note is the bytes that the engine held
#include "participants/engine_access.hpp"
#include "participants/participant.hpp"

#include "evaluation/evaluation_data.hpp"

#include <malloc.h>

#include <cstdlib>
#include <iostream>

namespace caveat::bench {

namespace {

std::vector<Profile> read_profiles(const Engine& engine, const std::string& cohort, std::size_t count) {
  if (!cohort.ends_with(".ndjson")) return {count, must(Profile::from_text(whole_file(cohort), engine.vocabulary()))};
  std::vector<Profile> profiles;
  for (const std::string& line : first_lines(cohort, count)) {
    profiles.push_back(must(Profile::from_json(line, engine.vocabulary())));
  }
  return profiles;
}

void count(const Evaluation& evaluation, Found& found) {
  const auto& outcomes = evaluation.data().outcomes;
  found.met.resize(outcomes.size());
  found.undetermined.resize(outcomes.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    found.met[i] += outcomes[i].status == RuleStatus::kMet ? 1U : 0U;
    found.undetermined[i] += outcomes[i].status == RuleStatus::kUndetermined ? 1U : 0U;
  }
}

int serve_evaluate(const Engine& engine, const std::vector<Profile>& profiles) {
  const EvaluateOptions options = at_the_usual_time();
  return serve([&] {
    Found found{profiles.size()};
    for (const Profile& profile : profiles) count(engine.evaluate(profile, options), found);
    return found;
  });
}

int serve_render(const Engine& engine, const std::vector<Profile>& profiles) {
  std::vector<Evaluation> evaluations;
  for (const Profile& profile : profiles) evaluations.push_back(engine.evaluate(profile, at_the_usual_time()));
  return serve([&] {
    std::size_t bytes = 0;
    for (const Evaluation& evaluation : evaluations) bytes += evaluation.to_json().size();
    return Found{.profiles = evaluations.size(), .note = std::to_string(bytes)};
  });
}

int serve_load(const std::string& pack) {
  load_engine(pack);  // plugins stay mapped: the first time is another thing
  return serve([&] {
    const std::size_t before = mallinfo2().uordblks;
    const Engine engine = load_engine(pack);
    return Found{.profiles = 1, .note = std::to_string(mallinfo2().uordblks - before)};
  });
}

int run(const std::string& mode, const std::string& pack, const std::string& cohort, std::size_t profiles_wanted) {
  if (mode == "load") return serve_load(pack);
  const Engine engine = load_engine(pack);
  const std::vector<Profile> profiles = read_profiles(engine, cohort, profiles_wanted);
  if (mode == "evaluate") return serve_evaluate(engine, profiles);
  if (mode == "render") return serve_render(engine, profiles);
  throw std::runtime_error("no mode `" + mode + "`");
}

}  // namespace

}  // namespace caveat::bench

int main(int count, char** words) {
  if (count != 5) {
    std::cerr << "usage: bench_engine MODE PACK COHORT PROFILES\n";
    return 2;
  }
  return caveat::bench::guarded("bench_engine", [&] {
    return caveat::bench::run(words[1], words[2], words[3], std::strtoull(words[4], nullptr, 10));
  });
}
