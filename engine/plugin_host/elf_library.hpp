// An ELF shared library as bytes, read without loading it. The file is hostile until proven otherwise: every offset and
// count is checked against the bytes before it is used. Internal to plugin_host.
#pragma once

#include <elf.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

class ElfLibrary {
 public:
  /// `bytes` outlive it. What is wrong with them as a shared library of this machine is problem().
  explicit ElfLibrary(std::string_view bytes);

  /// Empty: it is one, as far as its headers say.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// All sections of that name, in the order of the file.
  [[nodiscard]] std::vector<const Elf64_Shdr*> sections(std::string_view name) const;
  /// Nothing when the bytes do not reach that far.
  [[nodiscard]] std::optional<std::string_view> content(const Elf64_Shdr& section) const;

  /// Names of the shared objects that it needs, as far as they can be read.
  [[nodiscard]] std::vector<std::string> needed() const;

 private:
  template <class T>
  [[nodiscard]] std::vector<T> array(std::uint64_t offset, std::uint64_t count) const;
  [[nodiscard]] std::optional<std::string_view> part(std::uint64_t offset, std::uint64_t size) const;
  [[nodiscard]] std::string text(std::uint64_t offset) const;
  [[nodiscard]] std::uint64_t file_offset(std::uint64_t address) const;
  std::string read_header();

  std::string_view bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
  std::vector<Elf64_Phdr> segments_;
  std::string problem_;
};

}  // namespace caveat
