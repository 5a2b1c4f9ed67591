// One verdict over one plugin or pack. Internal to trust.
#pragma once

#include "base/diagnostics.hpp"
#include "trust/trust.hpp"

namespace caveat {

class Verdict {
 public:
  /// `message` is what a signature of it is over; `path` is its file or folder.
  Verdict(const Trust& trust, const Identity& identity, const std::filesystem::path& path, std::string_view message);

  /// Everything that forbids loading it, or who vouches for it.
  Result<Origin> origin();
  /// Whether it may run inside the process; after origin(). Adds to the reason.
  Placement place(Origin& origin) const;

 private:
  void refuse_denied();
  void check_pin();
  void check_signature();
  void check_key(const FileSignature& signature);
  void check_signed(const FileSignature& signature, const Trust::Signer& signer);
  void refuse_unsigned();
  [[nodiscard]] std::string reason() const;
  void refuse(std::string_view code, std::string message, std::string help);

  const Trust& trust_;
  const Identity& identity_;
  std::filesystem::path path_, signature_file_;
  std::string_view message_;
  std::string what_;         ///< "the plugin `org.example.doses` 1.0.0"
  std::string signing_key_;  ///< that the signature names, trusted or not
  std::string signature_state_ = "not signed";
  Origin origin_;
  Diagnostics diagnostics_;
};

}  // namespace caveat
