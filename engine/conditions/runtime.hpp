// One evaluation in progress: its inputs, the first error raised, and what helps to explain a null.
#pragma once

#include "conditions/program.hpp"

#include <string>
#include <vector>

namespace caveat {

class Runtime {
 public:
  Runtime(const EvaluationContext& inputs, const Vocabulary& declared) : context(inputs), vocabulary(declared) {}

  /// Records a run-time error and gives null; the first one counts. The message holds no fact's value.
  Value raise(std::string message) {
    if (!raised()) error_ = std::move(message);
    return Value();
  }
  [[nodiscard]] bool raised() const { return !error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }

  const EvaluationContext& context;
  const Vocabulary& vocabulary;
  bool trace = false;        ///< find out where a null came from
  std::string null_reason;   ///< with `trace`: where the first null came from
  std::size_t rows = 0;      ///< that queries have looked at
  std::vector<Value> slots;  ///< values of aliases

 private:
  std::string error_;
};

}  // namespace caveat
