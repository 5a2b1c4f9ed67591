// Runs this very command again, as a process that may crash, hang or end as it likes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace caveat::cli {

/// The descriptor on which the process reports to the one that started it.
inline constexpr int kReportDescriptor = 3;

struct Spawned {
  bool started = false;
  bool timed_out = false;  ///< then it was killed, with its whole group
  int status = 0;          ///< as waitpid() gives it
  std::string report;      ///< what it wrote to the descriptor, at most a megabyte
  std::string output;      ///< the beginning of what it printed to either output
};

/// `arguments` without the program's name. Standard input is empty.
Spawned spawn_self(const std::vector<std::string>& arguments, std::chrono::milliseconds time_limit);

}  // namespace caveat::cli
