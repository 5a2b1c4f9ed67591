#include "vouched_file.hpp"

#include "surroundings.hpp"

#include "plugin_host/manifest.hpp"
#include "rules/pack.hpp"

#include <caveat/plugin.h>

namespace caveat::cli {

namespace {

constexpr std::size_t kLibraryBytesMax = std::size_t{256} << 20U;

Result<VouchedFile> read_plugin(const std::filesystem::path& path, const Arguments& arguments) {
  const auto guard = load_guard(find_surroundings(arguments));
  if (!guard) return Failure(guard.error());
  TextLimits limits;
  limits.bytes_max = kLibraryBytesMax;
  auto bytes = read_text(path, limits, ErrorKind::kLoad);
  if (!bytes) return Failure(bytes.error());
  auto text = extract_manifest(*bytes, path);  // of the bytes that are signed, whatever the file is by now
  if (!text) return Failure(text.error());
  const auto manifest = read_manifest(std::move(*text), path.string() + "(plugin.toml)", *guard);
  if (!manifest) return Failure(manifest.error());
  return VouchedFile{Artifact::kPlugin, path, std::move(*bytes), manifest->id, manifest->version};
}

Result<VouchedFile> read_pack_folder(const std::filesystem::path& path) {
  Vocabulary vocabulary;
  Diagnostics diagnostics;
  const auto draft = read_pack(path, vocabulary, true, diagnostics);
  if (draft == nullptr || diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return VouchedFile{Artifact::kPack, path, listing(draft->pack.files), draft->pack.id, draft->pack.version};
}

}  // namespace

Identity VouchedFile::identity() const {
  return {kind, id, version, kind == Artifact::kPlugin ? std::uint32_t{CAVEAT_ABI_MAJOR} : kConditionLanguage};
}

std::string VouchedFile::title() const { return std::string(to_string(kind)) + ' ' + id + ' ' + version; }

Result<VouchedFile> read_vouched_file(const Arguments& arguments) {
  const std::filesystem::path path = arguments.words.front();
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? read_pack_folder(path) : read_plugin(path, arguments);
}

Result<Standing> judge(const Trust& trust, const VouchedFile& file) {
  if (file.kind == Artifact::kPlugin) {
    return trust.plugin(file.path, file.message, file.id, file.version, file.identity().interface_version);
  }
  auto origin = trust.pack(file.path, file.message, file.id, file.version);
  if (!origin) return Failure(origin.error());
  Standing standing;
  static_cast<Origin&>(standing) = std::move(*origin);
  return standing;
}

}  // namespace caveat::cli
