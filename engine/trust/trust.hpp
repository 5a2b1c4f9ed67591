// Trust: whether a plugin or a rule pack may be loaded, and where a plugin's code may run. docs/formats/trust.md.
//
// A verdict is over bytes in memory, and whoever asks for it loads those very bytes: between check and use there is no
// file that somebody could exchange.
//
// INVARIANT: what was changed never loads, whatever else is allowed: a signature that does not verify, another digest
// than the pinned one, a version below the pinned lowest, and what is denied are errors.
#pragma once

#include "base/diagnostics.hpp"
#include "trust/lock.hpp"
#include "trust/minisign.hpp"

#include <caveat/options.hpp>

#include <vector>

namespace caveat {

/// Who vouches for bytes that may be loaded.
struct Origin {
  bool builtin = false;  ///< part of Caveat, byte for byte
  bool pinned = false;   ///< in the lock file, with this digest
  std::string signer;    ///< whose trusted key signed it for its id; empty: nobody's
  std::string digest;    ///< of a plugin's file, or of a pack; `sha256:…`
  std::string reason;    ///< for people: `builtin`, `not signed`, `signed by Example Ltd (…), pinned`
};

enum class Placement : std::uint8_t { kInProcess, kIsolated };

std::string_view to_string(Placement placement);  ///< `in process`, `isolated`

/// A plugin that may be loaded, and where its code runs; `reason` says why there.
struct Standing : Origin {
  Placement placement = Placement::kIsolated;
};

/// Reports what is wrong with keys and denials, each at its place. Reads no file.
void check_trust(const TrustOptions& options, Diagnostics& diagnostics);

/// Immutable; every function may be called from any thread.
class Trust {
 public:
  /// Reads the lock file and checks the options: all mistakes at once, kLoad.
  static Result<Trust> load(const TrustOptions& options);

  /// The verdict over `bytes`, the whole library that calls itself `id` at `version`, for major version `abi` of the
  /// plugin ABI. `path` stands in messages, and its signature lies beside it. An error (kLoad) when it must not be
  /// loaded at all: it says what is wrong, what was expected, and what to do.
  [[nodiscard]] Result<Standing> plugin(const std::filesystem::path& path, std::string_view bytes, std::string_view id,
                                        std::string_view version, std::uint32_t abi) const;
  /// The same for a rule pack in `folder`, over its listing (base/source_file.hpp).
  [[nodiscard]] Result<Origin> pack(const std::filesystem::path& folder, std::string_view listing, std::string_view id,
                                    std::string_view version) const;

  [[nodiscard]] const Lock& lock() const { return lock_; }

 private:
  friend class Verdict;
  struct Signer {
    PublicKey key;
    TrustedKey options;
  };
  explicit Trust(TrustOptions options) : options_(std::move(options)) {}
  TrustOptions options_;
  std::vector<Signer> signers_;
  Lock lock_;
};

}  // namespace caveat
