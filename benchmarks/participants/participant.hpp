// A participant is a process that can repeat one measured piece of work. It gets everything ready, prints a line, and
// then, for each line that it reads, does the work once and prints what it took and what it found, as one JSON object:
// benchmarks/run asks participants in turns, so that all are measured under the same conditions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace caveat::bench {

/// What a repetition found. Participants that evaluate rules count each rule's profiles; others leave the counts empty.
struct Found {
  std::uint64_t profiles = 0;
  std::vector<std::uint64_t> met{};
  std::vector<std::uint64_t> undetermined{};
  std::string note{};  ///< shown beside the figure
};

/// Serves until its input ends. The result is main()'s.
int serve(const std::function<Found()>& work);

/// Calls `prepare_and_serve` and turns an exception into a message and 1.
int guarded(const char* program, const std::function<int()>& prepare_and_serve);

/// The first `count` lines of a file, each without its newline.
std::vector<std::string> first_lines(const std::string& path, std::size_t count);
std::string whole_file(const std::string& path);

}  // namespace caveat::bench
