// The reader of `.caveat.manifest` against files that were made to mislead it. No byte of a library is executed here.
#include "plugin_host/manifest.hpp"

#include "support/catch.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <random>
#include <unistd.h>

namespace caveat {

namespace {

namespace fs = std::filesystem;

/// A shared library by hand: a header, the manifest, the names of sections, three section headers.
struct Library {
  std::string manifest = "[plugin]\nid = \"org.example.hand\"\n";
  std::string names = std::string("\0.caveat.manifest\0.shstrtab\0", 28);
  Elf64_Ehdr header{};
  std::vector<Elf64_Shdr> sections = std::vector<Elf64_Shdr>(3);

  Library() {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_DYN;
#if defined(__x86_64__)
    header.e_machine = EM_X86_64;
#elif defined(__aarch64__)
    header.e_machine = EM_AARCH64;
#else
    header.e_machine = EM_RISCV;
#endif
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = 3;
    header.e_shstrndx = 2;
    sections[1].sh_name = 1;
    sections[1].sh_type = SHT_PROGBITS;
    sections[1].sh_flags = SHF_ALLOC;
    sections[1].sh_offset = sizeof header;
    sections[1].sh_size = manifest.size();
    sections[2].sh_name = 18;
    sections[2].sh_type = SHT_STRTAB;
    sections[2].sh_offset = sizeof header + manifest.size();
    sections[2].sh_size = names.size();
    header.e_shoff = sizeof header + manifest.size() + names.size();
  }

  [[nodiscard]] std::string bytes() const {
    std::string out(reinterpret_cast<const char*>(&header), sizeof header);
    out += manifest + names;
    out.append(reinterpret_cast<const char*>(sections.data()), sections.size() * sizeof(Elf64_Shdr));
    return out;
  }
};

Result<std::string> extract(std::string_view bytes) {
  const fs::path path = fs::temp_directory_path() / ("caveat-section-test-" + std::to_string(::getpid()) + ".so");
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  auto result = extract_manifest(path);
  fs::remove(path);
  return result;
}

std::string refusal(const Library& library) {
  const auto result = extract(library.bytes());
  if (result) return "";
  CHECK(result.error().kind == ErrorKind::kLoad);
  return result.error().diagnostics.front().message;
}

}  // namespace

TEST_CASE("plugin_host.section: a library made by hand is read") {
  const Library library;
  const auto result = extract(library.bytes());
  REQUIRE(result.has_value());
  CHECK(*result == library.manifest);
}

TEST_CASE("plugin_host.section: every truncation is refused") {
  const std::string whole = Library().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK_FALSE(extract(whole.substr(0, size)).has_value());
  }
}

TEST_CASE("plugin_host.section: what is not such a library is named for what it is") {
  Library other;
  other.header.e_machine = EM_386;
  CHECK(refusal(other) == "a library of another architecture");
  other = Library();
  other.header.e_ident[EI_CLASS] = ELFCLASS32;
  CHECK(refusal(other) == "a library of another architecture");
  other = Library();
  other.header.e_type = ET_REL;
  CHECK(refusal(other) == "an ELF file, but not a shared library");
  other = Library();
  other.header.e_ident[0] = 'M';
  CHECK(refusal(other) == "not an ELF shared library");
  other = Library();
  other.names[1] = 'x';
  CHECK(refusal(other) == "a shared library without a Caveat manifest");
  CHECK(extract_manifest("/nowhere/at-all.so").error().diagnostics.front().message == "no such file");
}

TEST_CASE("plugin_host.section: offsets and counts that lie are refused") {
  const std::uint64_t huge[] = {~std::uint64_t{0}, ~std::uint64_t{0} - 8, std::uint64_t{1} << 63, 100'000};
  for (const std::uint64_t lie : huge) {
    INFO(lie);
    Library library;
    library.header.e_shoff = lie;
    CHECK_FALSE(refusal(library).empty());
    library = Library();
    library.sections[1].sh_offset = lie;
    CHECK_FALSE(refusal(library).empty());
    library = Library();
    library.sections[1].sh_size = lie;
    CHECK_FALSE(refusal(library).empty());
    library = Library();
    library.sections[2].sh_offset = lie;
    CHECK_FALSE(refusal(library).empty());
  }
  Library library;
  library.sections[1].sh_name = 0xffffffff;
  CHECK_FALSE(refusal(library).empty());
  library = Library();
  library.header.e_shstrndx = 77;
  CHECK_FALSE(refusal(library).empty());
  library = Library();
  library.header.e_shnum = 0xffff;
  CHECK_FALSE(refusal(library).empty());
  library = Library();
  library.header.e_shentsize = 1;
  CHECK_FALSE(refusal(library).empty());
}

TEST_CASE("plugin_host.section: a section that is not read-only data, or empty, or there twice, is refused") {
  Library library;
  library.sections[1].sh_flags = SHF_ALLOC | SHF_WRITE;
  CHECK(refusal(library) == "its Caveat manifest is not read-only data");
  library.sections[1].sh_flags = 0;
  CHECK(refusal(library) == "its Caveat manifest is not read-only data");
  library.sections[1].sh_flags = SHF_ALLOC;
  library.sections[1].sh_type = SHT_NOBITS;
  CHECK(refusal(library) == "its Caveat manifest is not read-only data");
  library = Library();
  library.sections[1].sh_size = 0;
  CHECK(refusal(library) == "its Caveat manifest is empty");
  library = Library();
  library.sections[0] = library.sections[1];
  CHECK(refusal(library) == "a shared library with two Caveat manifests");
}

TEST_CASE("plugin_host.section: no flipped byte makes the reader read outside the file") {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  const std::string whole = Library().bytes();
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto result = extract(bytes);
    if (result) CHECK(result->size() <= bytes.size());
  }
}

}  // namespace caveat
