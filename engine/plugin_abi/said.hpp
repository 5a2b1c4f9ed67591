// What a plugin said to a sink, as bytes: recorded where the plugin runs, replayed into the host's sink, which judges
// it as if the plugin had spoken there. Nothing is judged while recording; only what the host would refuse for its size
// alone is not copied.
#pragma once

#include "plugin_abi/bytes.hpp"

#include <caveat/plugin.h>
#include <vector>

namespace caveat::wire {

/// A sink that records. Room runs out without harm: see overflow().
class Recorder {
 public:
  /// `cancel` and `deadline_ns` are what the plugin polls.
  Recorder(Writer& out, std::uint32_t rows, const volatile std::uint32_t* cancel, std::uint64_t deadline_ns);
  [[nodiscard]] const caveat_sink& sink() const { return sink_; }
  [[nodiscard]] bool overflow() const { return overflow_; }

  Recorder(const Recorder&) = delete;  // the sink points to it
  Recorder& operator=(const Recorder&) = delete;

 private:
  struct Calls;
  /// Writes one record, or nothing of it when it does not fit.
  template <class Body>
  caveat_status record(std::uint32_t kind, std::uint32_t row, Body body);

  Writer& out_;
  std::vector<std::uint32_t> nodes_;  ///< by row: how many there are
  bool overflow_ = false;
  caveat_sink sink_{};
};

/// Says again to `sink` what was recorded. False when the bytes are no record: the rest is then not said.
bool replay(Reader& in, const caveat_sink& sink);

}  // namespace caveat::wire
