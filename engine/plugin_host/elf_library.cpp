#include "plugin_host/elf_library.hpp"

#include <algorithm>
#include <cstring>

namespace caveat {

namespace {

constexpr std::uint64_t kSectionsMax = 4096;
constexpr std::uint64_t kDynamicMax = 4096;
constexpr std::size_t kNeededMax = 64;
constexpr std::size_t kNameMax = 255;

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t kMachine = EM_RISCV;
#else
#error "say which ELF machine this is"
#endif

}  // namespace

ElfLibrary::ElfLibrary(std::string_view bytes) : bytes_(bytes), problem_(read_header()) {}

std::optional<std::string_view> ElfLibrary::part(std::uint64_t offset, std::uint64_t size) const {
  if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
  return bytes_.substr(offset, size);
}

/// Empty when the bytes do not reach that far.
template <class T>
std::vector<T> ElfLibrary::array(std::uint64_t offset, std::uint64_t count) const {
  if (count > bytes_.size() / sizeof(T)) return {};
  const auto bytes = part(offset, count * sizeof(T));
  if (!bytes) return {};
  std::vector<T> out(count);
  if (count > 0) std::memcpy(out.data(), bytes->data(), bytes->size());
  return out;
}

std::string ElfLibrary::read_header() {
  if (bytes_.size() < sizeof header_) return "not an ELF shared library";
  std::memcpy(&header_, bytes_.data(), sizeof header_);
  if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) return "not an ELF shared library";
  if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB) {
    return "a library of another architecture";
  }
  if (header_.e_machine != kMachine) return "a library of another architecture";
  if (header_.e_type != ET_DYN) return "an ELF file, but not a shared library";
  if (header_.e_shoff == 0 || header_.e_shnum == 0) return "a shared library without section headers";
  if (header_.e_shentsize != sizeof(Elf64_Shdr) || header_.e_shnum > kSectionsMax) return "a damaged shared library";
  sections_ = array<Elf64_Shdr>(header_.e_shoff, header_.e_shnum);
  if (sections_.empty()) return "a truncated shared library";
  if (header_.e_shstrndx >= sections_.size()) return "a damaged shared library";
  if (header_.e_phentsize == sizeof(Elf64_Phdr)) segments_ = array<Elf64_Phdr>(header_.e_phoff, header_.e_phnum);
  return {};
}

std::vector<const Elf64_Shdr*> ElfLibrary::sections(std::string_view name) const {
  std::vector<const Elf64_Shdr*> out;
  const Elf64_Shdr& names = sections_[header_.e_shstrndx];
  if (names.sh_type != SHT_STRTAB) return out;
  const std::string wanted = std::string(name) + '\0';
  for (const Elf64_Shdr& section : sections_) {
    if (section.sh_name > names.sh_size || names.sh_size - section.sh_name < wanted.size()) continue;
    // The sum cannot wrap: an offset beyond the bytes is refused first, and sh_name has 32 bits.
    if (names.sh_offset > bytes_.size()) continue;
    if (part(names.sh_offset + section.sh_name, wanted.size()) == wanted) out.push_back(&section);
  }
  return out;
}

std::optional<std::string_view> ElfLibrary::content(const Elf64_Shdr& section) const {
  return part(section.sh_offset, section.sh_size);
}

std::uint64_t ElfLibrary::file_offset(std::uint64_t address) const {
  for (const Elf64_Phdr& segment : segments_) {
    const bool holds =
        segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz;
    if (holds) return segment.p_offset + (address - segment.p_vaddr);
  }
  return bytes_.size();
}

std::string ElfLibrary::text(std::uint64_t offset) const {
  if (offset >= bytes_.size()) return {};
  const std::string_view from = bytes_.substr(offset, kNameMax + 1);
  const std::size_t end = from.find('\0');
  return end == std::string_view::npos ? std::string() : std::string(from.substr(0, end));
}

std::vector<std::string> ElfLibrary::needed() const {
  std::vector<std::string> out;
  const auto segment = std::find_if(segments_.begin(), segments_.end(),
                                    [](const Elf64_Phdr& each) { return each.p_type == PT_DYNAMIC; });
  if (segment == segments_.end()) return out;
  const auto count = std::min<std::uint64_t>(segment->p_filesz / sizeof(Elf64_Dyn), kDynamicMax);
  const auto entries = array<Elf64_Dyn>(segment->p_offset, count);
  std::uint64_t names = bytes_.size();
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_STRTAB) names = file_offset(entry.d_un.d_ptr);
  }
  // Bounds for a file that was made to be large when it is read. What is cut off is not there for the worker to find.
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag != DT_NEEDED || entry.d_un.d_val > bytes_.size() || out.size() == kNeededMax) continue;
    if (std::string name = text(names + entry.d_un.d_val); !name.empty()) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace caveat
