// Finds the section `.caveat.manifest` in an ELF file without loading it. The file is hostile until proven otherwise:
// every offset and count is checked against the file's size before it is used, and nothing is read that is not needed.
#include "plugin_host/manifest.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <optional>

namespace caveat {

namespace {

constexpr std::string_view kSectionName = ".caveat.manifest";
constexpr std::uint64_t kManifestBytesMax = std::uint64_t{1} << 20;
constexpr std::uint64_t kSectionsMax = 4096;

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t kMachine = EM_RISCV;
#else
#error "say which ELF machine this is"
#endif

class ElfReader {
 public:
  explicit ElfReader(const std::filesystem::path& path) : path_(path) {}

  Result<std::string> manifest() {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error)) return refuse("no-such-file", "no such file");
    size_ = std::filesystem::file_size(path_, error);
    in_.open(path_, std::ios::binary);
    if (error || !in_) return refuse("unreadable", "the file cannot be read");
    if (auto problem = read_header()) return refuse("not-a-plugin", *problem, kHelp);
    return find_section();
  }

 private:
  static constexpr std::string_view kHelp = "a plugin is an ELF shared library made by caveat_add_plugin()";

  Failure refuse(std::string code, std::string message, std::string_view help = {}) const {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError, std::move(code), Place{path_.string(), 0, 0},
                                   std::move(message), std::string(help)});
  }

  /// Fills `out` from `offset`; false when the file does not reach that far.
  bool read(std::uint64_t offset, void* out, std::uint64_t bytes) {
    if (offset > size_ || bytes > size_ - offset) return false;
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(static_cast<char*>(out), static_cast<std::streamsize>(bytes));
    return in_.good() && static_cast<std::uint64_t>(in_.gcount()) == bytes;
  }

  /// What is wrong, or nothing.
  std::optional<std::string> read_header() {
    if (!read(0, &header_, sizeof header_)) return "not an ELF shared library";
    if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) return "not an ELF shared library";
    if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB) {
      return "a library of another architecture";
    }
    if (header_.e_machine != kMachine) return "a library of another architecture";
    if (header_.e_type != ET_DYN) return "an ELF file, but not a shared library";
    if (header_.e_shoff == 0 || header_.e_shnum == 0) return "a shared library without section headers";
    if (header_.e_shentsize != sizeof(Elf64_Shdr) || header_.e_shnum > kSectionsMax) return "a damaged shared library";
    sections_.resize(header_.e_shnum);
    const std::uint64_t bytes = std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr);
    if (!read(header_.e_shoff, sections_.data(), bytes)) return "a truncated shared library";
    if (header_.e_shstrndx >= sections_.size()) return "a damaged shared library";
    return std::nullopt;
  }

  bool is_manifest(const Elf64_Shdr& section) {
    const Elf64_Shdr& names = sections_[header_.e_shstrndx];
    constexpr std::uint64_t kBytes = kSectionName.size() + 1;
    if (names.sh_type != SHT_STRTAB || section.sh_name > names.sh_size || names.sh_size - section.sh_name < kBytes) {
      return false;
    }
    std::array<char, kBytes> name{};
    // The sum cannot wrap: read() refuses an offset beyond the file, and sh_name has 32 bits.
    if (names.sh_offset > size_ || !read(names.sh_offset + section.sh_name, name.data(), kBytes)) return false;
    return std::string_view(name.data(), kBytes) == std::string_view(kSectionName.data(), kSectionName.size() + 1);
  }

  Result<std::string> find_section() {
    const Elf64_Shdr* found = nullptr;
    for (const Elf64_Shdr& section : sections_) {
      if (!is_manifest(section)) continue;
      if (found != nullptr) return refuse("not-a-plugin", "a shared library with two Caveat manifests", kHelp);
      found = &section;
    }
    if (found == nullptr) return refuse("not-a-plugin", "a shared library without a Caveat manifest", kHelp);
    return read_section(*found);
  }

  Result<std::string> read_section(const Elf64_Shdr& section) {
    const std::uint64_t forbidden = SHF_WRITE | SHF_EXECINSTR | SHF_COMPRESSED;
    if (section.sh_type != SHT_PROGBITS || (section.sh_flags & SHF_ALLOC) == 0 || (section.sh_flags & forbidden) != 0) {
      return refuse("not-a-plugin", "its Caveat manifest is not read-only data", kHelp);
    }
    if (section.sh_size == 0) return refuse("not-a-plugin", "its Caveat manifest is empty", kHelp);
    if (section.sh_size > kManifestBytesMax) return refuse("too-large", "its Caveat manifest is larger than 1 MiB");
    std::string bytes(section.sh_size, '\0');
    if (!read(section.sh_offset, bytes.data(), bytes.size()))
      return refuse("not-a-plugin", "a truncated shared library", kHelp);
    return bytes;
  }

  std::filesystem::path path_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
};

}  // namespace

Result<std::string> extract_manifest(const std::filesystem::path& library) { return ElfReader(library).manifest(); }

}  // namespace caveat
