#include "check/allocations.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <new>
#include <span>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace caveat::cli {

namespace {

thread_local bool t_in_plugin = false;
thread_local std::uint64_t t_failing = 0;
thread_local std::uint64_t t_count = 0;

bool fails() { return t_in_plugin && ++t_count == t_failing; }

void* taken_malloc(std::size_t size) { return fails() ? (errno = ENOMEM, nullptr) : std::malloc(size); }
void* taken_calloc(std::size_t count, std::size_t size) {
  return fails() ? (errno = ENOMEM, nullptr) : std::calloc(count, size);
}
void* taken_realloc(void* old, std::size_t size) {
  return fails() ? (errno = ENOMEM, nullptr) : std::realloc(old, size);
}
void* taken_aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? (errno = ENOMEM, nullptr) : ::aligned_alloc(alignment, size);
}
int taken_posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  return fails() ? ENOMEM : ::posix_memalign(out, alignment, size);
}
void* taken_new(std::size_t size) {
  if (fails()) throw std::bad_alloc();
  return ::operator new(size);
}
void* taken_new_nothrow(std::size_t size, const std::nothrow_t& tag) {
  return fails() ? nullptr : ::operator new(size, tag);
}

struct Replacement {
  std::string_view symbol;
  void* function;
};

template <class Function>
void* address(Function* function) {
  return reinterpret_cast<void*>(function);
}

std::span<const Replacement> replacements() {
  static const std::array all = {
      Replacement{"malloc", address(&taken_malloc)},
      Replacement{"calloc", address(&taken_calloc)},
      Replacement{"realloc", address(&taken_realloc)},
      Replacement{"aligned_alloc", address(&taken_aligned_alloc)},
      Replacement{"posix_memalign", address(&taken_posix_memalign)},
      Replacement{"_Znwm", address(&taken_new)},
      Replacement{"_Znam", address(&taken_new)},
      Replacement{"_ZnwmRKSt9nothrow_t", address(&taken_new_nothrow)},
      Replacement{"_ZnamRKSt9nothrow_t", address(&taken_new_nothrow)},
  };
  return all;
}

/// A loaded library's dynamic section. The loader has relocated its pointers.
class Relocations {
 public:
  explicit Relocations(const link_map& library) : base_(library.l_addr) {
    for (const ElfW(Dyn)* entry = library.l_ld; entry->d_tag != DT_NULL; ++entry) {
      const ElfW(Addr) value = entry->d_un.d_ptr;
      switch (entry->d_tag) {
        case DT_SYMTAB: symbols_ = reinterpret_cast<const ElfW(Sym)*>(value); break;
        case DT_STRTAB: names_ = reinterpret_cast<const char*>(value); break;
        case DT_JMPREL: calls_ = reinterpret_cast<const ElfW(Rela)*>(value); break;
        case DT_PLTRELSZ: call_bytes_ = value; break;
        case DT_RELA: others_ = reinterpret_cast<const ElfW(Rela)*>(value); break;
        case DT_RELASZ: other_bytes_ = value; break;
        default: break;
      }
    }
  }

  [[nodiscard]] bool replace() const { return replace(calls_, call_bytes_) && replace(others_, other_bytes_); }

 private:
  bool replace(const ElfW(Rela) * first, std::size_t bytes) const {
    if (first == nullptr || symbols_ == nullptr || names_ == nullptr) return true;
    for (const ElfW(Rela) & one : std::span(first, bytes / sizeof(ElfW(Rela)))) {
      const auto symbol = ELF64_R_SYM(one.r_info);
      if (symbol == 0 || one.r_addend != 0) continue;
      const std::string_view name = names_ + symbols_[symbol].st_name;
      for (const Replacement& replacement : replacements()) {
        if (replacement.symbol == name && symbols_[symbol].st_shndx == SHN_UNDEF && !write(one, replacement))
          return false;
      }
    }
    return true;
  }

  /// The slot may lie in pages that the loader has made read-only.
  bool write(const ElfW(Rela) & slot, const Replacement& replacement) const {
    const std::uintptr_t at = base_ + slot.r_offset;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    void* const start = reinterpret_cast<void*>(at / page * page);
    if (::mprotect(start, page, PROT_READ | PROT_WRITE) != 0) return false;
    std::memcpy(reinterpret_cast<void*>(at), &replacement.function, sizeof replacement.function);
    return true;
  }

  ElfW(Addr) base_;
  const ElfW(Sym) * symbols_ = nullptr;
  const char* names_ = nullptr;
  const ElfW(Rela) * calls_ = nullptr;
  const ElfW(Rela) * others_ = nullptr;
  std::size_t call_bytes_ = 0, other_bytes_ = 0;
};

bool replace_in(void* library) {
  link_map* map = nullptr;
  return library != nullptr && ::dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 && Relocations(*map).replace();
}

}  // namespace

bool Allocations::take_over(void* library) {
  void* const standard_library = ::dlopen("libstdc++.so.6", RTLD_NOW | RTLD_NOLOAD);
  if (standard_library != nullptr && !replace_in(standard_library)) return false;
  return replace_in(library);
}

void Allocations::fail_at(std::uint64_t failing) {
  t_failing = failing;
  t_count = 0;
}

std::uint64_t Allocations::count() { return t_count; }
void Allocations::enter_plugin() { t_in_plugin = true; }
void Allocations::leave_plugin() { t_in_plugin = false; }

}  // namespace caveat::cli
