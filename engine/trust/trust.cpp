#include "trust/trust.hpp"

#include "base/digest.hpp"
#include "base/quote.hpp"
#include "trust/builtin.hpp"

namespace caveat {

std::string_view to_string(Placement placement) {
  return placement == Placement::kInProcess ? "in process" : "isolated";
}

Result<Trust> Trust::load(const TrustOptions& options) { return Trust(options); }

Result<Standing> Trust::plugin(const std::filesystem::path& path, std::string_view bytes, std::string_view id,
                               std::string_view /*version*/, std::uint32_t /*abi*/) const {
  Standing standing;
  standing.digest = sha256(bytes);
  if (is_builtin(standing.digest)) {
    standing.placement = Placement::kInProcess;
    standing.reason = "builtin";
  } else if (!options_.allow_unsigned) {
    return fail(ErrorKind::kLoad,
                {DiagnosticLevel::kError, "not-signed", Place{path.string(), 0, 0},
                 "the plugin " + in_backticks(id) + " is not signed, and what is not signed is not allowed here",
                 "allow it with `allow_unsigned`, or take it out of the folder of plugins"});
  }
  return standing;
}

}  // namespace caveat
