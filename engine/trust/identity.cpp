#include "trust/identity.hpp"

namespace caveat {

std::string_view to_string(Artifact kind) { return kind == Artifact::kPlugin ? "plugin" : "pack"; }

std::string claim(const Identity& identity) {
  const std::string kind(to_string(identity.kind));
  const std::string interface = identity.kind == Artifact::kPlugin ? "abi" : "language";
  return "caveat " + kind + " id=" + std::string(identity.id) + " version=" + std::string(identity.version) + ' ' +
         interface + '=' + std::to_string(identity.interface_version);
}

std::filesystem::path signature_path(Artifact kind, const std::filesystem::path& path) {
  if (kind == Artifact::kPack) return path / "pack.minisig";
  return path.string() + ".minisig";
}

}  // namespace caveat
