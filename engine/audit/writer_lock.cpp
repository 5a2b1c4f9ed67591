#include "audit/writer_lock.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace caveat {

namespace {

constexpr std::uint32_t kStepMs = 20;

Failure refuse(const char* code, const std::filesystem::path& file, std::string message, std::string help) {
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError, code, {file.string()}, std::move(message), std::move(help)});
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& log, std::uint32_t wait_ms) {
  const std::filesystem::path file = log.string() + ".lock";
  Descriptor opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!opened.is_open()) {
    return refuse("audit-unavailable", file, std::string("the audit log cannot be locked: ") + std::strerror(errno),
                  "check the path, and who may use it");
  }
  for (std::uint32_t waited_ms = 0;; waited_ms += kStepMs) {
    if (::flock(opened.get(), LOCK_EX | LOCK_NB) == 0) return WriterLock(std::move(opened));
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return refuse("audit-unavailable", file, std::string("the audit log cannot be locked: ") + std::strerror(errno),
                    "the file system must support locks");
    }
    if (waited_ms >= wait_ms) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(kStepMs));
  }
  return refuse("audit-locked", log, "another program records into this audit log",
                "give each program a log of its own, or wait until the other ends");
}

}  // namespace caveat
