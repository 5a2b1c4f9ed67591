#include "trust/minisign_lines.hpp"

#include <cstdlib>
#include <sodium.h>

namespace caveat {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the terminating zero
  return out;
}

std::optional<std::string> from_base64(std::string_view text, std::size_t size) {
  std::string out(size, '\0');
  std::size_t got = 0;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                                       text.size(), nullptr, &got, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (failed != 0 || got != size) return std::nullopt;
  return out;
}

void start_sodium() {
  // Only a machine without randomness makes it fail, and nothing that is signed on it could be believed.
  if (sodium_init() < 0) std::abort();
}

}  // namespace caveat
