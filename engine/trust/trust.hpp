// Trust: whether a plugin's bytes may be loaded, and where their code may run. docs/formats/trust.md.
//
// A verdict is over bytes in memory, and whoever asks for it loads those very bytes: between check and use there is no
// file that somebody could exchange.
#pragma once

#include <caveat/options.hpp>
#include <caveat/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace caveat {

enum class Placement : std::uint8_t { kInProcess, kIsolated };

std::string_view to_string(Placement placement);  ///< `in process`, `isolated`

/// A plugin that may be loaded: where its code runs, and why there. Isolated unless something says otherwise.
struct Standing {
  Placement placement = Placement::kIsolated;
  std::string reason = "not signed";  ///< for people: `builtin`, `not signed`
  std::string digest;                 ///< of its bytes, `sha256:…`
};

/// Immutable; every function may be called from any thread.
class Trust {
 public:
  static Result<Trust> load(const TrustOptions& options);

  /// The verdict over `bytes`, the whole library that calls itself `id` at `version`, for major version `abi` of the
  /// plugin ABI. `path` stands in messages. An error (kLoad) when it must not be loaded at all; its message says what
  /// is wrong, what was expected, and what to do.
  [[nodiscard]] Result<Standing> plugin(const std::filesystem::path& path, std::string_view bytes, std::string_view id,
                                        std::string_view version, std::uint32_t abi) const;

 private:
  explicit Trust(TrustOptions options) : options_(std::move(options)) {}
  TrustOptions options_;
};

}  // namespace caveat
