// What code that is loaded can do to the process that loads it, and must not: looked at before and after.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <sys/resource.h>

namespace caveat::cli {

class ProcessState {
 public:
  /// Looks now, and from now on keeps what is written to both outputs.
  ProcessState();
  ProcessState(const ProcessState&) = delete;
  ProcessState& operator=(const ProcessState&) = delete;
  ~ProcessState();

  /// What has changed, for after "loading it": `prints "hello"`. Empty when nothing has.
  [[nodiscard]] std::string difference_to_now() const;

 private:
  struct Look {
    std::set<std::string> descriptors, threads, environment;
    std::string folder, locale;
    std::array<void*, NSIG> handlers{};
    unsigned mask = 0;
    unsigned rounding = 0;
  };
  static Look look();
  [[nodiscard]] std::string output() const;

  int captured_ = -1;
  std::array<int, 2> outputs_{-1, -1};
  Look before_;
};

/// The processor's time, in the process's own code and in the kernel.
std::chrono::microseconds processor_time(const rusage& used);

}  // namespace caveat::cli
