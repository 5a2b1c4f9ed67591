// Usage: bench_workload FOLDER RULES PROFILES [SEED]
// Writes the common workload: FOLDER/pack (a Caveat pack), FOLDER/workload.json (the same rules for the reference and
// the peers) and FOLDER/cohort.ndjson. With 18 rules, they are the workload's own; with any other number, seeded ones.
#include "workload/workload.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace caveat::bench {

namespace {

namespace fs = std::filesystem;

std::ofstream open(const fs::path& path) {
  std::ofstream out(path, std::ios::binary);
  out.exceptions(std::ios::failbit | std::ios::badbit);
  return out;
}

void write_workload(const fs::path& folder, std::size_t rules_wanted, std::size_t profiles, std::uint64_t seed) {
  const std::vector<Rule> rules = rules_wanted == 18 ? common_rules() : seeded_rules(rules_wanted, seed);
  fs::create_directories(folder / "pack");
  for (const PackFile& file : pack_files(rules)) open(folder / "pack" / file.name) << file.text;
  open(folder / "workload.json") << neutral_json(rules);
  std::ofstream out = open(folder / "cohort.ndjson");
  Cohort cohort(seed);
  for (std::size_t i = 0; i < profiles; ++i) out << line_of(i + 1, cohort.next());
}

}  // namespace

}  // namespace caveat::bench

int main(int count, char** words) {
  if (count < 4 || count > 5) {
    std::cerr << "usage: bench_workload FOLDER RULES PROFILES [SEED]\n";
    return 2;
  }
  const auto number = [&](int index) { return std::strtoull(words[index], nullptr, 10); };
  try {
    caveat::bench::write_workload(words[1], number(2), number(3), count == 5 ? number(4) : 1);
  } catch (const std::exception& error) {
    std::cerr << "bench_workload: " << error.what() << '\n';
    return 1;
  }
}
