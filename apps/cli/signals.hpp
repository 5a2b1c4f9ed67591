// Signals as events: what the system asks of a service while it runs.
#pragma once

#include <array>

namespace caveat::cli {

/// While one exists, SIGTERM, SIGINT and SIGHUP are told by next() instead of ending the program. One at a time.
class Signals {
 public:
  Signals();  ///< throws std::system_error when the system gives no pipe
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();  ///< from now on they end the program again

  /// Waits for the next one; its number.
  int next();

 private:
  std::array<int, 2> pipe_{-1, -1};
};

}  // namespace caveat::cli
