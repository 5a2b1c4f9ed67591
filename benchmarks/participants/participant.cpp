#include "participants/participant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace caveat::bench {

namespace {

double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::ifstream open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return in;
}

}  // namespace

int serve(const std::function<Found()>& work) {
  using Clock = std::chrono::steady_clock;
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const double processor = processor_seconds();
    const Clock::time_point begin = Clock::now();
    const Found found = work();
    const double wall = std::chrono::duration<double>(Clock::now() - begin).count();
    std::cout << fmt::format(R"({{"seconds":{:.9f},"processor_seconds":{:.9f},"profiles":{},"note":"{}",)", wall,
                             processor_seconds() - processor, found.profiles, found.note)
              << fmt::format(R"("met":[{}],"undetermined":[{}]}})", fmt::join(found.met, ","),
                             fmt::join(found.undetermined, ","))
              << std::endl;
  }
  return 0;
}

int guarded(const char* program, const std::function<int()>& prepare_and_serve) {
  try {
    return prepare_and_serve();
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << '\n';
    return 1;
  }
}

std::vector<std::string> first_lines(const std::string& path, std::size_t count) {
  std::ifstream in = open(path);
  std::vector<std::string> lines;
  for (std::string line; lines.size() < count && std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string whole_file(const std::string& path) {
  std::ifstream in = open(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace caveat::bench
