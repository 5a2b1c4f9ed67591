// Finds the section `.caveat.manifest` in a library without loading it.
#include "plugin_host/elf_library.hpp"
#include "plugin_host/library_image.hpp"
#include "plugin_host/manifest.hpp"

namespace caveat {

namespace {

constexpr std::uint64_t kManifestBytesMax = std::uint64_t{1} << 20;
constexpr std::string_view kHelp = "a plugin is an ELF shared library made by caveat_add_plugin()";

Failure refuse(const std::filesystem::path& path, std::string code, std::string message, std::string_view help = {}) {
  return fail(ErrorKind::kLoad, {DiagnosticLevel::kError, std::move(code), Place{path.string(), 0, 0},
                                 std::move(message), std::string(help)});
}

}  // namespace

Result<std::string> extract_manifest(std::string_view library, const std::filesystem::path& path) {
  const auto not_a_plugin = [&](std::string message) {
    return refuse(path, "not-a-plugin", std::move(message), kHelp);
  };
  const ElfLibrary elf(library);
  if (!elf.problem().empty()) return not_a_plugin(elf.problem());
  const auto found = elf.sections(".caveat.manifest");
  if (found.empty()) return not_a_plugin("a shared library without a Caveat manifest");
  if (found.size() > 1) return not_a_plugin("a shared library with two Caveat manifests");
  const Elf64_Shdr& section = *found.front();
  const std::uint64_t forbidden = SHF_WRITE | SHF_EXECINSTR | SHF_COMPRESSED;
  if (section.sh_type != SHT_PROGBITS || (section.sh_flags & SHF_ALLOC) == 0 || (section.sh_flags & forbidden) != 0) {
    return not_a_plugin("its Caveat manifest is not read-only data");
  }
  if (section.sh_size == 0) return not_a_plugin("its Caveat manifest is empty");
  if (section.sh_size > kManifestBytesMax) return refuse(path, "too-large", "its Caveat manifest is larger than 1 MiB");
  const auto bytes = elf.content(section);
  if (!bytes) return not_a_plugin("a truncated shared library");
  return std::string(*bytes);
}

Result<std::string> extract_manifest(const std::filesystem::path& path) {
  const auto image = LibraryImage::read(path);
  if (!image) return Failure(image.error());
  return extract_manifest(image->bytes(), path);
}

}  // namespace caveat
