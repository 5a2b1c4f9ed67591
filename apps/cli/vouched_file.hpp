// A plugin's file or a pack's folder, as something that can be signed, verified and pinned.
#pragma once

#include "arguments.hpp"

#include "trust/trust.hpp"

namespace caveat::cli {

struct VouchedFile {
  Artifact kind = Artifact::kPlugin;
  std::filesystem::path path;
  std::string message;  ///< what a signature is over: the library's bytes, the pack's listing
  std::string id, version;

  [[nodiscard]] Identity identity() const;
  [[nodiscard]] std::filesystem::path signature_file() const { return signature_path(kind, path); }
  /// "plugin org.example.doses 1.2.0".
  [[nodiscard]] std::string title() const;
};

/// Reads what the command's word names: a folder is a pack. Its manifest or header is checked; its code does not run.
Result<VouchedFile> read_vouched_file(const Arguments& arguments);

Result<Standing> judge(const Trust& trust, const VouchedFile& file);

}  // namespace caveat::cli
