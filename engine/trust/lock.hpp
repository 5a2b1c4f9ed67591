// The lock file, `caveat.lock`: what a site has looked at and pinned. docs/formats/trust.md, "The lock file".
#pragma once

#include "base/version.hpp"
#include "trust/identity.hpp"

#include <caveat/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// One plugin or pack: these bytes, and no version below this one.
struct Pin {
  Artifact kind = Artifact::kPlugin;
  std::string id;
  Version lowest{};
  std::string digest;  ///< `sha256:…`
  Place place{};       ///< in the lock file
};

class Lock {
 public:
  /// All mistakes at once, kLoad. A file that is not there is one.
  static Result<Lock> read(const std::filesystem::path& file);

  [[nodiscard]] const Pin* find(Artifact kind, std::string_view id) const;
  /// Adds a pin, or puts it in the place of the one of the same kind and id.
  void pin(Pin pin);
  /// The whole file: the same pins give the same bytes, a line a fact, so that a review reads the change.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Pin> pins_;  ///< plugins, then packs; by id
};

}  // namespace caveat
