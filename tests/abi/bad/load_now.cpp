// Calls what nothing defines; built without -z defs.
#include "good.hpp"

extern "C" int caveat_bad_missing();

class Bad : public Good {
 public:
  explicit Bad(const sdk::Binding& binding) : Good(binding) { caveat_bad_missing(); }
};

CAVEAT_PLUGIN(Bad)
