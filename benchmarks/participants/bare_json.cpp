// Usage: bench_bare_json FILE
// Participant: the bare pass over NDJSON, the limit of everything that reads a cohort. In memory, one thread: simdjson
// on demand, every key unescaped, every value read with its type. What was read goes into a sum that is printed, so
// that nothing can be left out.
#include "participants/participant.hpp"

#include <simdjson.h>

#include <iostream>
#include <string>
#include <string_view>

namespace caveat::bench {

namespace {

namespace ondemand = simdjson::ondemand;

std::uint64_t read_number(ondemand::number number) {
  switch (number.get_number_type()) {
    case ondemand::number_type::signed_integer: return static_cast<std::uint64_t>(number.get_int64());
    case ondemand::number_type::unsigned_integer: return number.get_uint64();
    case ondemand::number_type::floating_point_number: break;
  }
  return static_cast<std::uint64_t>(number.get_double());
}

std::uint64_t read_value(ondemand::value value);

std::uint64_t read_object(ondemand::object object) {
  std::uint64_t sum = 0;
  for (auto field : object) {
    const std::string_view key = field.unescaped_key();
    sum += key.size() + read_value(field.value());
  }
  return sum;
}

std::uint64_t read_array(ondemand::array array) {
  std::uint64_t sum = 0;
  for (auto element : array) sum += read_value(element.value());
  return sum;
}

std::uint64_t read_value(ondemand::value value) {
  switch (value.type()) {
    case ondemand::json_type::object: return read_object(value.get_object());
    case ondemand::json_type::array: return read_array(value.get_array());
    case ondemand::json_type::string: return value.get_string().value().size();
    case ondemand::json_type::number: return read_number(value.get_number());
    case ondemand::json_type::boolean: return value.get_bool() ? 1 : 2;
    case ondemand::json_type::null: break;
  }
  return 3;
}

int run(const std::string& file) {
  const simdjson::padded_string text = simdjson::padded_string::load(file);
  ondemand::parser parser;
  return serve([&] {
    std::uint64_t profiles = 0, sum = 0;
    ondemand::document_stream lines = parser.iterate_many(text, std::size_t{1} << 20);
    for (auto line : lines) {
      sum += read_object(line.get_object());
      ++profiles;
    }
    return Found{.profiles = profiles, .note = std::to_string(sum)};
  });
}

}  // namespace

}  // namespace caveat::bench

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: bench_bare_json FILE\n";
    return 2;
  }
  return caveat::bench::guarded("bench_bare_json", [&] { return caveat::bench::run(words[1]); });
}
