#include "written_file.hpp"

#include "base/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace caveat::cli {

namespace {

constexpr mode_t kForAll = 0644;

Failure refuse(const std::filesystem::path& path, int error) {
  const bool disk = error == ENOSPC || error == EDQUOT || error == EIO;
  return fail(disk ? ErrorKind::kInternal : ErrorKind::kInput,
              {DiagnosticLevel::kError,
               "unwritable",
               {path.string()},
               "cannot be written: " + std::generic_category().message(error),
               {}});
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(file, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::fsync(file) == 0;
}

}  // namespace

Result<void> write_new(const std::filesystem::path& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kForAll));
  if (!file.is_open()) return refuse(path, errno);
  if (write_all(file.get(), text)) return {};
  const int error = errno;
  ::unlink(path.c_str());
  return refuse(path, error);
}

Result<void> replace_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path next = path.string() + ".new";
  ::unlink(next.c_str());  // left behind by a command that was ended
  if (auto written = write_new(next, text); !written) return written;
  if (::rename(next.c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(next.c_str());
  return refuse(path, error);
}

}  // namespace caveat::cli
