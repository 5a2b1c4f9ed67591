// A plugin that attacks whoever runs it. What it does is said by the field `behaviour` of its first rule, `WHERE:WHAT`:
// WHERE is advise, check, derive, bind or unbind; advise-when-met attacks in batches alone in which the first rule is
// met. With attacks_when_loaded.c it attacks when it is loaded. Nothing that it tries can do harm where it succeeds.
#include <caveat/plugin.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <pthread.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

// ---- What it does

int overflow_stack(int depth);
int (*volatile deeper)(int) = &overflow_stack;  // volatile: the compiler is not to see that this never ends

int overflow_stack(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return deeper(depth + 1) + frame[0];
}

void allocate_without_end() {
  for (;;) {
    auto* block = new char[1 << 20];
    std::memset(block, 1, 1 << 20);
    asm volatile("" : : "r"(block) : "memory");
  }
}

void* idle(void*) { return nullptr; }

/// Where the worker keeps its reply: found through the sink's own pointer, which is the worker's, not the plugin's.
std::byte* reply_records(const caveat_sink* sink) {
  void* writer = *static_cast<void**>(sink->host);
  return *static_cast<std::byte**>(writer);
}

template <class T>
void put(std::byte*& at, T value) {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}

constexpr std::size_t kReplyHeader = 560;

/// An answer to the request under way, as the worker would have written it, but for the size of what is said.
void forge(const caveat_sink* sink, std::uint64_t body_bytes) {
  constexpr std::size_t kAnswer = 8, kBodyBytes = 32, kCancelInRequest = 12;
  constexpr std::uint32_t kDone[] = {1, CAVEAT_OK};
  std::byte* header = reply_records(sink) - kReplyHeader;
  const auto* sequence = reinterpret_cast<const std::byte*>(const_cast<const std::uint32_t*>(sink->cancel));
  std::memcpy(header, sequence - kCancelInRequest, sizeof(std::uint64_t));
  std::memcpy(header + kAnswer, kDone, sizeof kDone);
  std::memcpy(header + kBodyBytes, &body_bytes, sizeof body_bytes);
}

/// To all descriptors that may be eventfds.
void signal_all(std::uint64_t count) {
  for (int fd = 4; fd < 16; ++fd) static_cast<void>(!write(fd, &count, sizeof count));
}

/// One advisory whose title is said to be longer than all memory.
std::uint64_t false_advisory(std::byte* at) {
  const std::byte* begin = at;
  for (const std::uint32_t each : {1u, 0u, 1u, 1u, 0u, 0u})
    put(at, each);  // advise, row, there, rule, subject, severity
  put(at, std::uint32_t{0});
  put(at, std::uint32_t{1});  // the text is there whole
  put(at, std::uint64_t{1} << 60);
  return static_cast<std::uint64_t>(at - begin);
}

void attack_protocol(std::string_view what, const caveat_sink* sink) {
  std::byte* records = reply_records(sink);
  const bool full = what == "fill-events";  // a well-formed answer, and then neither side can signal any more
  // The reply's header lies before its records, and its first member is the sequence.
  if (what == "false-header") std::memset(records - kReplyHeader, 0xff, kReplyHeader);
  if (what == "false-sequence") std::memset(records - kReplyHeader, 0x01, kReplyHeader);
  if (what == "false-size") forge(sink, std::uint64_t{1} << 60);
  if (what == "false-counts") forge(sink, false_advisory(records));
  if (what == "false-end") forge(sink, false_advisory(records) - 6);
  if (full) forge(sink, 0);
  signal_all(full ? ~std::uint64_t{1} : 1);
  raise(SIGSTOP);
}

void attack(std::string_view what, const caveat_sink* sink) {
  const char* const file = "/tmp/caveat-attack-left-this";
  if (what == "segv") *static_cast<volatile int*>(nullptr) = 1;
  if (what == "abort") std::abort();
  if (what == "exit") _exit(0);
  if (what == "exit-in-order") std::exit(0);
  if (what == "throw") throw std::runtime_error("the value was 42");
  if (what == "stack-overflow") overflow_stack(0);
  if (what == "endless-loop") {
    for (volatile bool always = true; always;) {}
  }
  if (what == "sleep") {
    const timespec long_time{3600, 0};
    nanosleep(&long_time, nullptr);
  }
  if (what == "stop") raise(SIGSTOP);
  if (what == "allocate") allocate_without_end();
  if (what == "fork") {
    for (int i = 0; i < 4; ++i) {
      if (fork() == 0) _exit(0);
    }
  }
  if (what == "raw-fork") {
    if (syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr) == 0) _exit(0);
  }
  if (what == "thread") {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, &idle, nullptr) == 0) pthread_join(thread, nullptr);
  }
  if (what == "read-file") close(open("/etc/hostname", O_RDONLY));
  if (what == "write-file") close(open(file, O_CREAT | O_WRONLY, 0600));
  if (what == "make-folder") mkdir(file, 0700);
  if (what == "stat-file") {
    struct stat about{};
    stat("/etc/hostname", &about);
  }
  if (what == "library") close(open("/proc/self/exe", O_RDONLY));
  if (what == "socket") close(socket(AF_INET, SOCK_STREAM, 0));
  if (what == "unix-socket") close(socket(AF_UNIX, SOCK_STREAM, 0));
  if (what == "exec") execl("/bin/true", "true", static_cast<char*>(nullptr));
  if (what == "spawn") {
    pid_t pid = 0;
    char name[] = "true";
    char* arguments[] = {name, nullptr};
    posix_spawn(&pid, "/bin/true", nullptr, nullptr, arguments, nullptr);
  }
  if (what == "writable-code")
    mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (what == "later-code") {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
  }
  if (what == "signal-host") kill(getppid(), SIGUSR1);
  if (what == "signal-all") kill(-1, SIGUSR1);
  if (what == "signal-group") kill(0, SIGUSR1);
  if (what == "trace-host") ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr);
  if (what == "read-host") {
    char byte = 0;
    const iovec here{&byte, 1}, there{&byte, 1};
    syscall(SYS_process_vm_readv, getppid(), &here, 1, &there, 1, 0);
  }
  if (what == "resize") {
    for (int fd = 0; fd < 16; ++fd) static_cast<void>(!ftruncate(fd, 0));
  }
  if (what == "raise-limits") {
    const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &all);
  }
  if (what == "own-trap") {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGSYS, &ignore, nullptr);
  }
  // The kernel looks at half of such an argument.
  constexpr long kHighBit = 1L << 32;
  if (what == "own-trap-by-high-bits") syscall(SYS_rt_sigaction, kHighBit | SIGSYS, nullptr, nullptr, 8);
  if (what == "close-lifeline") close(3);
  if (what == "close-lifeline-by-high-bits") syscall(SYS_close, kHighBit | 3);
  if (what == "copy-descriptor") close(dup(4));
  if (what == "keyring") syscall(SYS_add_key, "user", "x", "y", 1, -1);
  if (what == "io-uring") syscall(SYS_io_uring_setup, 1, nullptr);
  if (what == "namespace") unshare(0x10000000);
  if (sink == nullptr) return;
  if (what == "garbage") {
    std::byte* records = reply_records(sink);
    for (int i = 0; i < 4096; ++i) records[i] = std::byte(i * 37 + 11);
  }
  if (what.substr(0, 6) == "false-" || what == "fill-events") attack_protocol(what, sink);
  if (what == "write-request") {
    auto* cancel = const_cast<std::uint32_t*>(sink->cancel);
    *cancel = 1;
  }
}

// ---- Where it does it

struct Instance {
  const caveat_binding* binding;
  std::string where, what;
};

Instance& of(caveat_instance* instance) { return *reinterpret_cast<Instance*>(instance); }

void attack_in(const char* where, const Instance& self, const caveat_sink* sink) {
  if (self.where == where) attack(self.what, sink);
}

bool bit(const std::uint64_t* plane, std::uint32_t row) { return (plane[row / 64] >> (row % 64) & 1) != 0; }

caveat_status bind(const caveat_host*, const caveat_binding* binding, caveat_instance** instance,
                   caveat_message* message) {
  auto self = std::make_unique<Instance>();
  self->binding = binding;
  if (binding->rule_count > 0 && binding->rules[0].fields[0].count > 0) {
    const caveat_str text = binding->rules[0].fields[0].values[0].string;
    const std::string behaviour(text.data, text.size);
    self->where = behaviour.substr(0, behaviour.find(':'));
    self->what = behaviour.substr(behaviour.find(':') + 1);
  }
  // Takes the rules until a moment, of CLOCK_MONOTONIC in seconds; loses its process meanwhile.
  constexpr std::string_view kRefuses = "refuse-after-";
  if (self->what.compare(0, kRefuses.size(), kRefuses) == 0) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec >= std::atol(self->what.c_str() + kRefuses.size())) {
      constexpr std::string_view kWords = "this is safe and lasts for ever";
      message->length = kWords.size();
      std::memcpy(message->text, kWords.data(), kWords.size());
      return CAVEAT_FAILED;
    }
    self->where = "advise";
    self->what = "abort";
  }
  attack_in("bind", *self, nullptr);
  *instance = reinterpret_cast<caveat_instance*>(self.release());
  return CAVEAT_OK;
}

void unbind(caveat_instance* instance) {
  attack_in("unbind", of(instance), nullptr);
  delete &of(instance);
}

caveat_status advise(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const Instance& self = of(instance);
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    if (bit(batch->outcomes[0].met, row)) attack_in("advise-when-met", self, sink);
    for (std::uint32_t i = 0; i < self.binding->rule_count; ++i) {
      if (bit(batch->outcomes[i].not_met, row)) continue;
      caveat_advice advice{};
      advice.size = sizeof advice;
      advice.rule = i + 1;
      sink->advise(sink, row, &advice);
    }
  }
  attack_in("advise", self, sink);
  return CAVEAT_OK;
}

caveat_status check(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  const caveat_fact_id pregnant = 1;
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    caveat_node leaf{};
    leaf.size = sizeof leaf;
    leaf.op = CAVEAT_OP_LEAF;
    if (bit(batch->columns[0].known, row)) leaf.value = bit(batch->columns[0].truth, row) ? CAVEAT_TRUE : CAVEAT_FALSE;
    leaf.reads = &pregnant;
    leaf.read_count = 1;
    leaf.words.handle = 1;
    caveat_report report{};
    report.size = sizeof report;
    report.check = 1;
    report.value = leaf.value;
    report.root = sink->node(sink, row, &leaf);
    sink->report(sink, row, &report);
  }
  attack_in("check", of(instance), sink);
  return CAVEAT_OK;
}

caveat_status derive(caveat_instance* instance, const caveat_batch* batch, const caveat_sink* sink) {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    if (!bit(batch->columns[0].known, row)) continue;
    caveat_value value{};
    value.type = CAVEAT_TYPE_INTEGER;
    value.integer = bit(batch->columns[0].truth, row) ? 1 : 0;
    sink->derive(sink, row, 1, &value);
  }
  attack_in("derive", of(instance), sink);
  return CAVEAT_OK;
}

caveat_plugin make_table() {
  caveat_plugin plugin{};
  plugin.size = sizeof plugin;
  plugin.abi_major = CAVEAT_ABI_MAJOR;
  plugin.abi_minor = CAVEAT_ABI_MINOR;
  plugin.manifest = {caveat_manifest_begin, CAVEAT_MANIFEST_SIZE};
  plugin.bind = &bind;
  plugin.unbind = &unbind;
  plugin.advise = &advise;
  plugin.check = &check;
  plugin.derive = &derive;
  return plugin;
}

}  // namespace

/// For a constructor: attacks_when_loaded.c.
extern "C" void caveat_test_attack(const char* what) { attack(what, nullptr); }

const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t, std::uint32_t) {
  static const caveat_plugin plugin = make_table();
  return &plugin;
}
