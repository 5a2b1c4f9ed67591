#include "base/private_file.hpp"

#include "base/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace caveat {

namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

Failure refuse(const char* code, const std::filesystem::path& file, std::string message, std::string help = {}) {
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError, code, {file.string()}, std::move(message), std::move(help)});
}

Failure cannot(const char* what, const std::filesystem::path& file, int error) {
  return refuse("unwritable", file, std::string("cannot be ") + what + ": " + std::strerror(error));
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool sync_folder_of(const std::filesystem::path& file) {
  const std::filesystem::path parent = file.parent_path();
  const Descriptor folder(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.is_open() && ::fsync(folder.get()) == 0;
}

}  // namespace

Result<void> make_private_file(const std::filesystem::path& file, std::string_view bytes) {
  const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (!made.is_open()) return cannot("made", file, errno);
  if (write_all(made.get(), bytes) && ::fsync(made.get()) == 0 && sync_folder_of(file)) return {};
  const int error = errno;
  ::unlink(file.c_str());
  return cannot("written", file, error);
}

Result<void> replace_private_file(const std::filesystem::path& file, std::string_view bytes) {
  const std::string fresh = file.string() + ".new";
  const Descriptor made(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
  if (!made.is_open()) return cannot("made", fresh, errno);
  if (write_all(made.get(), bytes) && std::rename(fresh.c_str(), file.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(fresh.c_str());
  return cannot("written", file, error);
}

Result<std::string> read_private_file(const std::filesystem::path& file) {
  constexpr std::size_t kBytesMax = 64 * 1024;
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) {
    const int error = errno;
    return refuse(error == ENOENT ? "no-such-file" : "unreadable", file,
                  std::string("cannot be read: ") + std::strerror(error));
  }
  struct stat about{};
  if (::fstat(opened.get(), &about) != 0) return refuse("unreadable", file, std::strerror(errno));
  if (!S_ISREG(about.st_mode)) return refuse("unreadable", file, "is not a file");
  if ((about.st_mode & kOthers) != 0) {
    return refuse("exposed", file, "can be used by others than its owner", "make it private: chmod 600");
  }
  std::string bytes(kBytesMax + 1, '\0');
  const ssize_t got = ::read(opened.get(), bytes.data(), bytes.size());
  if (got < 0) return refuse("unreadable", file, std::strerror(errno));
  if (static_cast<std::size_t>(got) > kBytesMax) return refuse("too-large", file, "holds more than 64 KiB");
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

}  // namespace caveat
