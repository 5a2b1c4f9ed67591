#include <caveat/plugin.hpp>

namespace {
struct Nothing {
  explicit Nothing(const caveat::sdk::Binding&) {}
  void advise(const caveat::sdk::Batch&, const caveat::sdk::Sink&) const {}
};
}  // namespace

CAVEAT_PLUGIN(Nothing)
