// A batch of profiles, as bytes.
#pragma once

#include "plugin_abi/bytes.hpp"

#include <caveat/plugin.h>
#include <vector>

namespace caveat::wire {

void write_batch(Writer& out, const caveat_batch& batch);

/// A batch that points into the bytes it is made from: planes and values are not copied.
class BatchImage {
 public:
  explicit BatchImage(Reader& in);
  [[nodiscard]] const caveat_batch& raw() const { return raw_; }

  BatchImage(const BatchImage&) = delete;
  BatchImage& operator=(const BatchImage&) = delete;

 private:
  caveat_batch raw_{};
  std::vector<caveat_column> columns_;
  std::vector<caveat_outcome> outcomes_;
};

}  // namespace caveat::wire
