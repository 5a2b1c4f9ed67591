// How the host and a plugin's worker process speak. Docs: docs/decisions/isolated-workers.md.
//
// The worker is started with one socket, on which the host sends an Assignment with five descriptors. From then on they
// share two regions of memory: requests, which the host alone can write, and replies, which the worker can write and
// the host only reads. An eventfd each way says that there is something new. One request is under way at a time.
//
// The host is honest and the worker is not: the worker believes a request, the host believes nothing in a reply before
// it has copied and checked it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace caveat::wire {

/// Changes with every change of this room: library and worker of different builds do not work together.
inline constexpr std::uint32_t kVersion = 2;

/// The descriptor that a worker is started with. It stays open: when the host's end closes, the worker is killed.
inline constexpr int kSocket = 3;

/// Descriptors of an Assignment, in this order.
inline constexpr std::size_t kLibraryFd = 0;     ///< sealed memory that holds the plugin's library
inline constexpr std::size_t kRequestFd = 1;     ///< memory, not writable by the worker
inline constexpr std::size_t kReplyFd = 2;       ///< memory
inline constexpr std::size_t kRequestEvent = 3;  ///< eventfd: a request is there
inline constexpr std::size_t kReplyEvent = 4;    ///< eventfd: a reply is there
inline constexpr std::size_t kFds = 5;

/// Shared objects of the C and C++ run time that a plugin may need. The worker loads them before it locks itself in,
/// because afterwards it opens no file.
inline constexpr const char* kRuntimeLibraries[] = {
    "libc.so.6",    "libm.so.6",  "libstdc++.so.6",  "libgcc_s.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
    "librt.so.1",   "libdl.so.2", "libpthread.so.0", "libasan.so.8",  "libubsan.so.1",
    "libtsan.so.2",  // of builds under sanitizers, where the worker is one itself
};

struct Assignment {
  std::uint32_t version = kVersion;
  std::uint32_t runtime_libraries = 0;  ///< bit i: the plugin needs kRuntimeLibraries[i]
  std::uint64_t request_bytes = 0;
  std::uint64_t reply_bytes = 0;
  std::uint64_t memory_bytes = 0;  ///< address space that it may have
  std::uint64_t cpu_s = 0;         ///< processor time that it may use before it is killed
};

enum class Request : std::uint32_t {
  kLoad = 1,  ///< locks itself in and loads the library; body: host's version, NeededCalls, manifest
  kBind,      ///< makes the instance; body: binding
  kDerive,    ///< body: batch
  kAdvise,    ///< body: batch
  kCheck,     ///< body: batch
  kUnbind,    ///< ends the instance and the process; no reply
  kProbe,     ///< locks itself in without a plugin, to see what this kernel can enforce
};

/// At the start of the request region; the body follows.
struct RequestHeader {
  std::uint64_t sequence = 0;
  Request request{};
  std::uint32_t cancel = 0;  ///< set by the host while the call runs
  std::uint64_t deadline_ns = 0;
  std::uint64_t body_bytes = 0;
};

/// What keeps the worker in, as far as this kernel can.
enum Enforced : std::uint32_t {
  kSeccomp = 1,      ///< only harmless system calls
  kLandlock = 2,     ///< no file can be opened, even if a system call got through
  kOtherUser = 4,    ///< it runs as a user who owns nothing
  kMemoryLimit = 8,  ///< its address space is limited
};

/// What came of a request.
enum class Answer : std::uint32_t {
  kNone = 0,
  kDone,      ///< the plugin's function returned; `status` is what it said
  kRefused,   ///< load and bind only: it is no plugin, or does not want; `message` says why
  kOverflow,  ///< the plugin said more than there is room for
};

inline constexpr std::size_t kMessageMax = 512;

/// At the start of the reply region; records of what the plugin said follow.
struct ReplyHeader {
  std::uint64_t sequence = 0;
  Answer answer{};
  std::uint32_t status = 0;        ///< caveat_status
  std::uint32_t enforced = 0;      ///< Enforced; known after the load
  std::uint32_t refused_call = 0;  ///< number + 1 of the system call for which the process was ended
  std::uint64_t cpu_ns = 0;        ///< processor time that the process has used
  std::uint64_t body_bytes = 0;
  std::uint32_t message_bytes = 0;
  char message[kMessageMax] = {};
};

/// How a worker ends itself.
inline constexpr int kExitOrderly = 0;
inline constexpr int kExitOtherVersion = 81;
inline constexpr int kExitCannotIsolate = 82;  ///< what has to keep it in cannot be set up
inline constexpr int kExitRefusedCall = 83;    ///< ReplyHeader::refused_call says which

}  // namespace caveat::wire
