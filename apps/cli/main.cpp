// The `caveat` command. Here are its borders: descriptors, signals, and the exceptions that nothing else caught.
#include "arguments.hpp"
#include "console.hpp"
#include "surroundings.hpp"

#include "base/log.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <new>
#include <unistd.h>

namespace caveat::cli {

namespace {

// A descriptor that the caller closed would be given to the first file that is opened, and results would land in it.
// The stand-in for standard output can only be read, so that writing to it is the error that it should be.
void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int opened = ::open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR);
    if (opened >= 0 && opened != descriptor) ::close(opened);
  }
}

Result<void> choose_log_level(const Arguments& arguments) {
  const char* environment = std::getenv("CAVEAT_LOG");
  const bool by_option = !arguments.log_level.empty();
  const std::string name = by_option ? arguments.log_level : environment == nullptr ? "" : environment;
  if (name.empty()) return {};
  const auto level = parse_log_level(name);
  if (!level) {
    return Failure(usage_error(std::string(by_option ? "--log-level" : "CAVEAT_LOG") + " is `" + name + "`",
                               "one of trace, debug, info, warn, error, off"));
  }
  set_log_level(*level);
  return {};
}

int show_parsed(const Parsed& parsed, Console& console) {
  console.out(parsed.out);
  if (!parsed.problem.empty()) return console.report(usage_error(parsed.problem, parsed.help));
  return parsed.exit_code;
}

int run(int argc, const char* const* argv, Console& console) {
  Parsed parsed = parse_arguments(argc, argv);
  if (parsed.finished) return show_parsed(parsed, console);
  if (const auto chosen = choose_log_level(parsed.arguments); !chosen) return console.report(chosen.error());
  auto configuration = read_configured(parsed.arguments);
  if (!configuration) return console.report(configuration.error());
  parsed.arguments.configuration = std::move(*configuration);
  return parsed.arguments.run(parsed.arguments, console);
}

int run_guarded(int argc, const char* const* argv) {
  Console console;
  try {
    const int code = run(argc, argv, console);
    return console.flush() ? code : kInternal;
  } catch (const std::bad_alloc&) {
    console.err_line("error: out of memory [internal]");
  } catch (const std::exception& exception) {
    console.err_line(std::string("error: an internal failure: ") + exception.what() + " [internal]");
  } catch (...) {
    console.err_line("error: an internal failure [internal]");
  }
  return kInternal;
}

}  // namespace

}  // namespace caveat::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow further is an error to report, not an end
  caveat::cli::occupy_standard_descriptors();
  return caveat::cli::run_guarded(argc, argv);
}
