#include "check/elf_file.hpp"

#include "plugin_abi/protocol.hpp"
#include "plugin_host/elf_library.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace caveat::cli {

namespace {

bool is_exported(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  const bool visible = visibility == STV_DEFAULT || visibility == STV_PROTECTED;
  return symbol.st_shndx != SHN_UNDEF && visible && binding != STB_LOCAL;
}

/// The only section of that name.
std::optional<std::string_view> section(const ElfLibrary& library, std::string_view name) {
  const auto found = library.sections(name);
  return found.size() == 1 ? library.content(*found.front()) : std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> exported_symbols(std::string_view bytes) {
  const ElfLibrary library(bytes);
  if (!library.problem().empty()) return std::nullopt;
  const auto symbols = section(library, ".dynsym"), names = section(library, ".dynstr");
  if (!symbols || !names) return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t at = 0; symbols->size() - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
    Elf64_Sym symbol{};
    std::memcpy(&symbol, symbols->data() + at, sizeof symbol);
    if (!is_exported(symbol)) continue;
    const std::size_t end = names->find('\0', symbol.st_name);
    if (end == std::string_view::npos) return std::nullopt;
    out.emplace_back(names->substr(symbol.st_name, end - symbol.st_name));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> unusual_needs(std::string_view bytes) {
  std::vector<std::string> out = ElfLibrary(bytes).needed();
  const auto usual = [](const std::string& name) {
    return std::find(std::begin(wire::kRuntimeLibraries), std::end(wire::kRuntimeLibraries), name) !=
           std::end(wire::kRuntimeLibraries);
  };
  out.erase(std::remove_if(out.begin(), out.end(), usual), out.end());
  return out;
}

}  // namespace caveat::cli
