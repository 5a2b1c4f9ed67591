#include "plugin_host/library_image.hpp"

#include "plugin_host/sealed_memory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

struct LibraryImage::Memory {
  Descriptor fd;
  void* at = nullptr;
  std::size_t size = 0;

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    if (at != nullptr) munmap(at, size);
  }
};

namespace {

constexpr std::size_t kLibraryBytesMax = std::size_t{256} << 20;

Failure refuse(const fs::path& path, std::string code, std::string message) {
  return fail(ErrorKind::kLoad,
              {DiagnosticLevel::kError, std::move(code), Place{path.string(), 0, 0}, std::move(message), {}});
}

std::string system_message() { return std::generic_category().message(errno); }

/// Copies the whole file; false when it cannot be read.
bool copy(int from, int to, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t copied = sendfile(to, from, nullptr, size - done);
    if (copied < 0 && errno == EINTR) continue;
    if (copied <= 0) return false;
    done += static_cast<std::size_t>(copied);
  }
  return true;
}

}  // namespace

Result<LibraryImage> LibraryImage::read(const fs::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe would wait for a writer
  struct stat about{};
  // A folder can be opened too; a pipe would never end.
  if (!file.is_open() || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    std::error_code ignored;
    const bool there = fs::is_regular_file(path, ignored);
    return there ? refuse(path, "unreadable", "the file cannot be read") : refuse(path, "no-such-file", "no such file");
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > kLibraryBytesMax) return refuse(path, "too-large", "larger than a plugin may be (256 MiB)");
  auto memory = std::make_shared<Memory>();
  memory->fd = sealable_memory("caveat-" + path.stem().string(), true);
  memory->size = size;
  if (!memory->fd.is_open()) return refuse(path, "unreadable", "no memory for its bytes: " + system_message());
  if (!copy(file.get(), memory->fd.get(), size)) return refuse(path, "unreadable", "the file cannot be read");
  if (fcntl(memory->fd.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return refuse(path, "unreadable", "its bytes cannot be sealed: " + system_message());
  }
  if (size > 0) {
    void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, memory->fd.get(), 0);
    if (at == MAP_FAILED) return refuse(path, "unreadable", "no memory for its bytes: " + system_message());
    memory->at = at;
  }
  return LibraryImage(path, std::move(memory));
}

std::string_view LibraryImage::bytes() const {
  return memory_->at == nullptr ? std::string_view() : std::string_view(static_cast<char*>(memory_->at), memory_->size);
}

int LibraryImage::fd() const { return memory_->fd.get(); }

}  // namespace caveat
